import { expect, test } from 'vitest'
import type { Actor } from '@/lib/access/actor'
import type { Role } from '@/lib/lifecycle/table'
import { giveCommand } from '@/lib/store/command.server'
import type { Params } from '@/lib/store/command-plans.server'
import { testDatabase } from '@/lib/testing/database'
import { completed, errorOf, REPORT, reportJob, saw, testEngine } from '@/lib/testing/engine'
import { currentHash } from '@/lib/testing/histories'
import { person } from '@/lib/testing/people'
import { answered, type Policy, publishUnder } from '@/lib/testing/policies'
import { publishBuiltins } from '@/lib/workflows/store.server'
import { tellDueSoon } from './due-soon.server'
import { markRead, readNotices } from './list.server'
import { tellEscalated, tellUndelivered } from './tell.server'

type Person = Actor & { userId: string }

type World = Awaited<ReturnType<typeof world>>

async function world() {
  const database = await testDatabase()
  const { db } = database
  await publishBuiltins(db)
  const people = {
    ada: await person(db, ['requester'], 'Ada'),
    rob: await person(db, ['reviewer'], 'Rob'),
    ria: await person(db, ['reviewer'], 'Ria'),
    sue: await person(db, ['support'], 'Sue'),
    lena: await person(db, ['lead'], 'Lena'),
  }
  const engine = await testEngine(db)
  engine.provider.onLook = (id) => saw(completed(id, REPORT))
  const now = () => engine.context.now()
  /** A job of Ada that waits for a decision. */
  const held = async () => {
    const { id } = await reportJob(db, people.ada, { title: 'The lease of Ada' })
    return engine.stepUntil(id, ({ state }) => state === 'awaiting_review')
  }
  const give = async (who: Person, jobId: string, command: string, params: Partial<Params> = {}, note = 'because') =>
    giveCommand(
      db,
      who,
      jobId,
      { command, note, params, resultHash: (await currentHash(db, jobId)) ?? undefined },
      'browser',
      now(),
    )
  /** What each was told, without what waits for review. */
  const told = async (who: Person) =>
    (await readNotices(db, who)).items
      .filter(({ kind }) => kind !== 'review_waits')
      .map(({ kind, heading, sentence }) => ({ kind, heading, sentence }))
  return {
    db,
    engine,
    ...people,
    now,
    held,
    give,
    told,
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  }
}

test('those who review hear that something waits, and nobody else; who asked hears that it was approved', async () => {
  await using w = await world()
  const { id, number } = await w.held()
  for (const who of [w.rob, w.ria]) {
    expect((await readNotices(w.db, who)).items).toMatchObject([
      { kind: 'review_waits', heading: 'Report: something waits for review', href: '/review', job: { number } },
    ])
  }
  for (const who of [w.ada, w.sue, w.lena]) expect((await readNotices(w.db, who)).items).toEqual([])
  await w.give(w.rob, id, 'approve')
  expect(await w.told(w.ada)).toEqual([
    { kind: 'job_done', heading: `Job ${number} is done`, sentence: 'Rob approved the result.' },
  ])
  expect(await w.told(w.rob)).toEqual([])
  expect(JSON.stringify(await w.db.notice.findMany({ select: { detail: true } }))).not.toContain('lease')
})

test('no letter says that a job is done before the approval can be taken back no more', async () => {
  await using w = await world()
  const { id } = await w.held()
  await w.give(w.rob, id, 'approve')
  const { at, emailAt } = await w.db.notice.findFirstOrThrow({ where: { kind: 'job_done' } })
  expect((emailAt?.getTime() ?? 0) - at.getTime()).toBeGreaterThanOrEqual(60_000)
})

test('nobody is told of what they did themself', async () => {
  await using w = await world()
  const both = await person(w.db, ['requester', 'reviewer'], 'Both')
  const { id } = await reportJob(w.db, both)
  await w.give(both, id, 'abandon')
  expect(await w.told(both)).toEqual([])
})

test('who asked hears that their job was abandoned by somebody, failed, or expired', async () => {
  await using w = await world()
  const abandoned = await w.held()
  await w.give(w.rob, abandoned.id, 'abandon')
  const expired = await reportJob(w.db, w.ada)
  w.engine.pass(400 * 86_400_000)
  await w.engine.stepUntil(expired.id, ({ state }) => state === 'expired')
  const refused = { kind: 'refused' as const, httpStatus: 400, requestId: 'req_test', milliseconds: 5 }
  w.engine.provider.onCreate = [
    () => ({ ...refused, error: errorOf({ httpStatus: 400, code: 'context_length_exceeded' }) }),
  ]
  const failed = await reportJob(w.db, w.ada, { dueAt: new Date(w.now().getTime() + 86_400_000).toISOString() })
  await w.engine.stepUntil(failed.id, ({ state }) => state === 'failed')
  const headings = (await w.told(w.ada)).map(({ heading }) => heading)
  expect(headings.sort()).toEqual(
    [`Job ${abandoned.number} was abandoned`, `Job ${expired.number} expired`, `Job ${failed.number} failed`].sort(),
  )
})

test('whoever something is assigned to hears of it; whoever had it, that it was taken', async () => {
  await using w = await world()
  const { id, number } = await w.held()
  await w.give(w.lena, id, 'assign', { assignee: w.rob.userId })
  await w.give(w.lena, id, 'assign', { assignee: w.ria.userId })
  expect(await w.told(w.rob)).toEqual([
    {
      kind: 'changed_under_you',
      heading: `Lena took job ${number} from you`,
      sentence: 'It is not assigned to you any more.',
    },
    { kind: 'assigned', heading: `Job ${number} is assigned to you`, sentence: 'Lena wants you to decide on it.' },
  ])
  expect((await w.told(w.ria)).map(({ kind }) => kind)).toEqual(['assigned'])
  await w.give(w.lena, id, 'assign', { assignee: w.lena.userId })
  expect(await w.told(w.lena), 'by themself').toEqual([])
})

test('whoever held it hears that a lead ended that, and that another decided', async () => {
  await using w = await world()
  const { id, number } = await w.held()
  await w.give(w.rob, id, 'claim')
  await w.give(w.lena, id, 'release')
  await w.give(w.lena, id, 'assign', { assignee: w.ria.userId })
  await w.give(w.rob, id, 'approve')
  expect((await w.told(w.rob)).map(({ heading }) => heading)).toEqual([`Lena ended your claim on job ${number}`])
  expect((await w.told(w.ria)).map(({ heading }) => heading)).toEqual([
    `Rob decided on job ${number}`,
    `Job ${number} is assigned to you`,
  ])
})

/** A job of this requester that waits under a policy, and who hears that something waits once all have looked. */
async function waitingUnder(w: World, policy: Policy, requester: Person = w.ada) {
  const { db } = w
  const { id } = await answered({ db, engine: w.engine, requester }, await publishUnder(db, policy))
  const lookedAll = async () => {
    const users = await db.user.findMany({ select: { id: true } })
    for (const user of users) await markRead(db, user.id, { all: true }, w.now())
  }
  const hear = async () => {
    const unread = await db.notice.findMany({ where: { kind: 'review_waits', readAt: null } })
    const people = await db.user.findMany({ where: { id: { in: unread.map(({ userId }) => userId) } } })
    return people.map(({ name }) => name).sort()
  }
  return { id, lookedAll, hear }
}

test('an edit that ends approvals tells those who gave them, and whoever may give the first', async () => {
  await using w = await world()
  const { id, lookedAll, hear } = await waitingUnder(w, { approvals: 2, roles: ['reviewer', 'lead'] })
  await w.give(w.lena, id, 'assign', { assignee: w.rob.userId })
  await w.give(w.rob, id, 'approve')
  await lookedAll()
  w.engine.pass(1_000)
  await w.give(w.lena, id, 'revise', { text: REPORT.replace('"Rent"', '"Lease"') })
  expect(await hear()).toEqual(['Ria', 'Rob'])
  const { number } = await w.db.job.findUniqueOrThrow({ where: { id } })
  expect((await w.told(w.rob)).filter(({ kind }) => kind === 'changed_under_you')).toEqual([
    {
      kind: 'changed_under_you',
      heading: `Lena edited the result of job ${number}`,
      sentence: 'You had approved it. That does not count any more: it is decided anew, as it stands now.',
    },
  ])
  await lookedAll()
  w.engine.pass(1_000)
  await w.give(w.lena, id, 'revise', { text: REPORT.replace('"Rent"', '"Rents"') })
  expect(await hear(), 'where no approval ended').toEqual([])
})

test('an approval that is taken back tells whoever may give the first, but who took it back', async () => {
  await using w = await world()
  const { id, lookedAll, hear } = await waitingUnder(w, { undoSeconds: 60 })
  await w.give(w.rob, id, 'approve')
  await lookedAll()
  await w.give(w.rob, id, 'undo')
  expect(await hear()).toEqual(['Ria'])
})

test('reopening tells those whose approval comes first, and no requester who may not approve', async () => {
  await using w = await world()
  const both = await person(w.db, ['requester', 'reviewer', 'support'], 'Both')
  const sara = await person(w.db, ['support', 'reviewer'], 'Sara')
  const policy: Policy = { approvals: 2, roles: ['support', 'reviewer'], requesterMayApprove: false }
  const { id, lookedAll, hear } = await waitingUnder(w, policy, both)
  await w.give(sara, id, 'approve')
  await w.give(w.rob, id, 'approve')
  await lookedAll()
  await w.give(w.sue, id, 'reopen')
  expect(await hear()).toEqual(['Sara'])
})

test('a comment tells those whom it mentions, and is refused where one of them may not see the job', async () => {
  await using w = await world()
  const { id, number } = await w.held()
  const other = await person(w.db, ['requester'], 'Otto')
  const mention = (...people: Person[]) =>
    w.give(w.rob, id, 'comment', { mentions: people.map(({ userId }) => userId) }, 'Look at this, @Sue')
  await expect(mention(w.sue, other)).rejects.toThrow('Otto may not see this job')
  await w.db.user.update({ where: { id: w.ria.userId }, data: { deactivatedAt: new Date() } })
  await expect(mention(w.ria)).rejects.toThrow('Ria is not active here any more')
  await expect(w.give(w.rob, id, 'comment', { mentions: ['nobody'] })).rejects.toThrow('not active here any more')
  expect(await w.db.notice.count({ where: { kind: 'mentioned' } })).toBe(0)
  await mention(w.sue, w.ada, w.rob)
  for (const who of [w.sue, w.ada]) {
    expect((await w.told(who))[0]).toMatchObject({ kind: 'mentioned', heading: `Rob mentioned you at job ${number}` })
  }
  expect(await w.told(w.rob)).toEqual([])
})

test('what somebody holds and is due within the hour is told once for each deadline', async () => {
  await using w = await world()
  const { id, number } = await w.held()
  await w.give(w.lena, id, 'assign', { assignee: w.rob.userId })
  const round = await w.db.reviewRound.findFirstOrThrow({ where: { jobId: id } })
  const due = round.dueAt?.getTime() ?? 0
  const at = (minutes: number) => new Date(due - minutes * 60_000)
  expect(await tellDueSoon(w.db, at(61))).toBe(0)
  const counts = await Promise.all([tellDueSoon(w.db, at(30)), tellDueSoon(w.db, at(30))])
  expect(counts.reduce((sum, count) => sum + count)).toBe(1)
  expect(await tellDueSoon(w.db, at(20))).toBe(0)
  expect((await w.told(w.rob))[0]).toMatchObject({ kind: 'due_soon', heading: `Job ${number} is due soon` })
})

/** Two rounds that are due soon: the first somebody's of whom nothing comes, the second Ria's. */
async function dueTwice(w: World, first: Person) {
  for (const who of [first, w.ria]) {
    const { id } = await w.held()
    await w.give(w.lena, id, 'assign', { assignee: who.userId })
    w.engine.pass(1_000)
  }
  const { dueAt } = await w.db.reviewRound.findFirstOrThrow({ orderBy: { dueAt: 'asc' } })
  return new Date((dueAt?.getTime() ?? 0) - 30 * 60_000)
}

const chose = (w: World, who: Person, due_soon: { app: boolean; email?: boolean }) =>
  w.db.userPreference.create({ data: { userId: who.userId, key: 'notices', value: { due_soon } } })

test.each<[string, (w: World) => Promise<unknown>]>([
  ['switched it off', (w) => chose(w, w.rob, { app: false, email: false })],
  ['was deactivated', (w) => w.db.user.update({ where: { id: w.rob.userId }, data: { deactivatedAt: new Date() } })],
  ['lost the role', (w) => w.db.user.update({ where: { id: w.rob.userId }, data: { roles: ['requester'] } })],
])('what is due soon of somebody who %s keeps no other from hearing', async (_what, happen) => {
  await using w = await world()
  const at = await dueTwice(w, w.rob)
  await happen(w)
  expect(await tellDueSoon(w.db, at, { rounds: 1, pages: 1 })).toBe(1)
  expect((await w.told(w.ria))[0]).toMatchObject({ kind: 'due_soon' })
})

test('what is due soon is gone through page by page where a page tells nobody', async () => {
  await using w = await world()
  const at = await dueTwice(w, w.lena)
  // Without letters, as is usual for leads: the database alone does not know that.
  await chose(w, w.lena, { app: false })
  expect(await tellDueSoon(w.db, at, { rounds: 1, pages: 1 })).toBe(0)
  expect(await tellDueSoon(w.db, at, { rounds: 1, pages: 2 })).toBe(1)
  expect((await w.told(w.ria))[0]).toMatchObject({ kind: 'due_soon' })
})

test('leads hear of an overdue review; support and leads of a delivery that failed, of many the first', async () => {
  await using w = await world()
  const job = await w.held()
  const now = w.now()
  await tellEscalated(w.db, job, { round: 1, due: now, now })
  await tellUndelivered(w.db, job, { state: 'failed', now })
  await tellUndelivered(w.db, job, { state: 'failed', now })
  await tellUndelivered(w.db, job, { state: 'unknown', now })
  const kinds = async (who: Person) => (await w.told(who)).map(({ kind }) => kind).sort()
  expect(await kinds(w.lena)).toEqual(['delivery_failed', 'delivery_failed', 'escalated'])
  expect(await kinds(w.sue)).toEqual(['delivery_failed', 'delivery_failed'])
  expect(await kinds(w.rob)).toEqual([])
})

test.each<[Role[], number]>([
  [['owner'], 1],
  [['support'], 0],
])('of an overdue review people with roles %j hear %i times', async (roles, times) => {
  await using w = await world()
  const who = await person(w.db, roles)
  await tellEscalated(w.db, await w.held(), { round: 1, due: w.now(), now: w.now() })
  expect((await w.told(who)).length).toBe(times)
})
