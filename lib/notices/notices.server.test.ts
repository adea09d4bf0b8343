import { v7 as uuidv7 } from 'uuid'
import { expect, test, vi } from 'vitest'
import { currentTag, stopListening } from '@/lib/jobs/changes.server'
import { resumeQueue, stopQueue } from '@/lib/money/stops.server'
import { currentRules, publishRules } from '@/lib/rules/store.server'
import { testDatabase } from '@/lib/testing/database'
import { errorOf, reportJob, testEngine } from '@/lib/testing/engine'
import { person, serviceKey } from '@/lib/testing/people'
import { publishBuiltins } from '@/lib/workflows/store.server'
import { markRead, readNotices } from './list.server'
import { type Notifying, notify } from './notify.server'
import { noticeListSchema } from './view'

const at = (minutes: number) => new Date(Date.UTC(2026, 10, 24, 10, minutes))

async function world() {
  const database = await testDatabase()
  const { db } = database
  await publishBuiltins(db)
  const ada = await person(db, ['requester'], 'Ada')
  const lena = await person(db, ['lead'], 'Lena')
  const olga = await person(db, ['owner'], 'Olga')
  const job = await reportJob(db, ada, { title: 'The lease of Ada' })
  const tell = (minutes: number, over: Partial<Notifying> = {}) =>
    db.$transaction((tx) =>
      notify(tx, {
        to: 'requester',
        job,
        kind: 'job_stopped',
        detail: { code: 'refusal', class: 'policy' },
        now: at(minutes),
        ...over,
      }),
    )
  const tellOfStop = (minutes: number, code = 'insufficient_quota') =>
    tell(minutes, { to: 'leads', kind: 'queue_stopped', detail: { code } })
  const stop = (minutes: number, reason = 'insufficient_quota') =>
    stopQueue(db, { workflowKey: 'report', reason, message: null, jobId: job.id, attemptId: null, now: at(minutes) })
  return {
    ...database,
    ada,
    lena,
    olga,
    job,
    tell,
    tellOfStop,
    stop,
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  }
}

test('whoever asked for a job is told that it stopped, why, and where to look', async () => {
  await using w = await world()
  await w.tell(0)
  const list = noticeListSchema.parse(await readNotices(w.db, w.ada))
  expect(list.unread).toBe(1)
  expect(list.items).toMatchObject([
    {
      heading: `Job ${w.job.number} stopped`,
      sentence: 'The model refused to answer. Read its reason, change the input, then retry.',
      job: { number: w.job.number, title: 'The lease of Ada' },
      workflow: { key: 'report' },
      href: `/jobs/${w.job.number}`,
      at: at(0).toISOString(),
      readAt: null,
    },
  ])
  expect(await readNotices(w.db, w.lena), 'nobody else is told').toEqual({ unread: 0, items: [] })
})

test('leads and owners are told, except whoever was deactivated', async () => {
  await using w = await world()
  const gone = await person(w.db, ['lead'], 'Gone')
  const both = await person(w.db, ['lead', 'owner'], 'Both')
  await w.db.user.update({ where: { id: gone.userId }, data: { deactivatedAt: at(0) } })
  await w.tell(0, { to: 'leads' })
  const told = await w.db.notice.findMany({ select: { userId: true } })
  expect(told.map(({ userId }) => userId).sort()).toEqual([w.lena.userId, w.olga.userId, both.userId].sort())
})

test('leads are told of a flood once, until they have read of it; of another reason anew', async () => {
  await using w = await world()
  const flood = (minutes: number, code = 'moon_phase') =>
    w.tell(minutes, { to: 'leads', detail: { code, class: 'unclassified' } })
  for (const minutes of [0, 1, 2]) await flood(minutes)
  expect((await readNotices(w.db, w.lena)).unread).toBe(1)
  await flood(3, 'other_phase')
  expect((await readNotices(w.db, w.lena)).unread).toBe(2)
  await markRead(w.db, w.lena.userId, { all: true }, at(4))
  await flood(5)
  expect((await readNotices(w.db, w.lena)).unread).toBe(1)
})

test('nobody is told of a job that a service asked for, or somebody who is gone', async () => {
  await using w = await world()
  const service = await serviceKey(w.db, ['requester'])
  await w.tell(0, { job: await reportJob(w.db, service) })
  await w.db.user.update({ where: { id: w.ada.userId }, data: { deactivatedAt: at(0) } })
  await w.tell(1)
  expect(await w.db.notice.count()).toBe(0)
  expect(await readNotices(w.db, service)).toEqual({ unread: 0, items: [] })
})

test('of one stop there is one notice, also after it was read; the next stop is told anew', async () => {
  await using w = await world()
  const count = async () => (await readNotices(w.db, w.lena)).items.length
  await w.stop(0)
  await w.tellOfStop(0)
  await w.tellOfStop(1)
  expect(await count()).toBe(1)
  await markRead(w.db, w.lena.userId, { all: true }, at(2))
  await w.tellOfStop(3)
  expect(await count()).toBe(1)

  await resumeQueue(w.db, w.lena, 'report', null, at(4))
  await w.stop(5, 'http_401')
  await w.tellOfStop(5, 'http_401')
  const { items, unread } = await readNotices(w.db, w.lena)
  expect(unread).toBe(1)
  expect(items.map(({ heading, sentence }) => ({ heading, sentence }))).toEqual([
    {
      heading: 'Sending of Report stands still',
      sentence: expect.stringMatching(/^The provider refuses our key\. Give Holdpoint a key that works/),
    },
    {
      heading: 'Sending of Report stood still',
      sentence: 'The quota at the provider is used up. It goes on again.',
    },
  ])
})

test('where a stop is told of before it is written down, an unread notice is enough', async () => {
  await using w = await world()
  await w.tellOfStop(0)
  await w.tellOfStop(1)
  expect((await readNotices(w.db, w.lena)).items).toHaveLength(1)
})

test('a stopped queue leads a lead to where it is resumed, and whoever asked to their job', async () => {
  await using w = await world()
  await w.stop(0)
  await w.tellOfStop(0)
  await w.tell(0, { kind: 'queue_stopped', detail: { code: 'insufficient_quota' } })
  expect((await readNotices(w.db, w.lena)).items[0]?.href).toBe('/settings/money#stops')
  const [theirs] = (await readNotices(w.db, w.ada)).items
  expect(theirs?.href).toBe(`/jobs/${w.job.number}`)
  expect(theirs?.sentence).toContain('as soon as a lead resumes it')
})

test('of a job that somebody may no longer see, nothing is told', async () => {
  await using w = await world()
  await w.tell(0, { to: 'leads' })
  const { items } = await readNotices(w.db, { ...w.lena, roles: ['requester'] })
  expect(items).toMatchObject([{ heading: 'A job stopped', job: null, workflow: null, href: null }])
  expect(JSON.stringify(items)).not.toMatch(new RegExp(`The lease of Ada|refused|Job ${w.job.number}`))
})

test('only one’s own notices are marked as read: those named, or all until a moment', async () => {
  await using w = await world()
  for (const minutes of [0, 1, 2])
    await w.tell(minutes, { to: 'leads', detail: { code: `code_${minutes}`, class: 'policy' } })
  const unread = async (who: typeof w.lena) => (await readNotices(w.db, who)).unread
  const ids = (await readNotices(w.db, w.olga)).items.map(({ id }) => id)
  expect(await markRead(w.db, w.lena.userId, { ids }, at(3)), 'those of another').toBe(0)
  expect(await unread(w.olga)).toBe(3)

  const own = (await readNotices(w.db, w.lena)).items
  expect(await markRead(w.db, w.lena.userId, { ids: [own[0]?.id ?? ''] }, at(3))).toBe(1)
  expect(await markRead(w.db, w.lena.userId, { all: true, upTo: at(0).toISOString() }, at(4))).toBe(1)
  expect((await readNotices(w.db, w.lena)).items.map(({ readAt }) => readAt)).toEqual([
    at(3).toISOString(),
    null,
    at(4).toISOString(),
  ])
  expect(await markRead(w.db, w.lena.userId, { all: true }, at(5))).toBe(1)
  expect(await unread(w.lena)).toBe(0)
  expect(await unread(w.olga)).toBe(3)
})

test('the newest are listed first, and unread ones are counted up to a hundred', async () => {
  await using w = await world()
  await w.db.notice.createMany({
    data: Array.from({ length: 130 }, (_, index) => ({
      id: uuidv7(),
      userId: w.ada.userId,
      jobId: w.job.id,
      kind: index === 129 ? 'from_a_newer_version' : 'job_stopped',
      detail: { code: 'refusal', workflow: 'report' },
      at: new Date(at(0).getTime() + index * 1_000),
    })),
  })
  const { unread, items } = await readNotices(w.db, w.ada)
  expect(unread).toBe(100)
  expect(items).toHaveLength(50)
  expect(items[0]?.at).toBe(new Date(at(0).getTime() + 128_000).toISOString())
})

test('a call that is refused because of the key tells the leads once, with the job that met it', async () => {
  await using w = await world()
  const engine = await testEngine(w.db)
  const refused = { kind: 'refused' as const, httpStatus: 401, requestId: 'req_test', milliseconds: 5 }
  engine.provider.onCreate = [() => ({ ...refused, error: errorOf({ httpStatus: 401, code: 'invalid_api_key' }) })]
  await engine.step(w.job.id)
  const { items } = await readNotices(w.db, w.lena)
  expect(items).toMatchObject([
    { kind: 'queue_stopped', heading: 'Sending of Report stands still', job: { number: w.job.number } },
  ])
})

test('what is tried again by itself is not told; that it was given up is, in the words of the rule', async () => {
  await using w = await world()
  const { version, rules } = await currentRules(w.db)
  const told = { tell: 'requester' as const, sentence: 'Ask Olga, she knows this one.' }
  await publishRules(w.db, w.lena, {
    rules: rules.map((rule) => (rule.signal.value === '5xx' ? { ...rule, ...told } : rule)),
    note: 'Tell whoever asked.',
    basedOn: version,
  })
  const engine = await testEngine(w.db)
  const failing = { kind: 'refused' as const, httpStatus: 503, requestId: 'req_test', milliseconds: 5 }
  engine.provider.onCreate = Array.from({ length: 10 }, () => () => ({
    ...failing,
    error: errorOf({ httpStatus: 503, code: 'odd' }),
  }))
  const job = await engine.stepUntil(w.job.id, ({ tries, state }) => tries === 1 && state === 'queued')
  expect(await readNotices(w.db, w.ada)).toEqual({ unread: 0, items: [] })
  await engine.stepUntil(job.id, ({ state }) => state === 'failed', 60_000)
  const { items } = await readNotices(w.db, w.ada)
  expect(items.map(({ sentence }) => sentence)).toEqual(['Ask Olga, she knows this one.'])
})

test('pages hear of a notice and of one that was read, in every process', async () => {
  await using w = await world()
  vi.stubEnv('DATABASE_URL', w.url)
  try {
    await vi.waitFor(() => expect(currentTag('notices')).not.toBeNull(), 120_000)
    const changed = async (work: () => Promise<unknown>) => {
      const before = currentTag('notices')
      await work()
      await vi.waitFor(() => expect(currentTag('notices')).not.toBe(before), 120_000)
    }
    await changed(() => w.tellOfStop(0))
    await changed(() => markRead(w.db, w.lena.userId, { all: true }, at(1)))
  } finally {
    await stopListening()
  }
})
