/** Random walks of a job that delivers: whatever people and the engine do, in whatever order, what must hold holds. */
import fc from 'fast-check'
import { expect } from 'vitest'
import type { Actor } from '@/lib/access/actor'
import { allowedCommands, hasRole } from '@/lib/access/can'
import type { Job } from '@/lib/generated/prisma/client'
import { type DeliveryState, nextActionOf } from '@/lib/lifecycle/next-action'
import { type Command, isSettled, nextState, type RoundKind, type State } from '@/lib/lifecycle/table'
import { readBlob } from '@/lib/store/blobs.server'
import { Forbidden, InvalidInput, JobConflict, NotFound } from '@/lib/store/errors'
import { firstBrokenEvent, fold } from '@/lib/store/event-chain'
import { type Facts, factsForCan, loadFacts } from '@/lib/store/facts.server'
import { type DeliveryWorld, deliveryWorld } from './deliveries'
import { accepted, completed, REPORT } from './engine'
import { person, serviceKey } from './people'

const GIVEN = [
  'approve',
  'approve',
  'approve',
  'uphold',
  'undo',
  'retry',
  'abandon',
  'reopen',
  'reopen',
  'claim',
  'release',
  'assign',
  'snooze',
  'mark',
  'revise',
  'redeliver',
  'withdraw',
  'confirm',
  'comment',
] as const satisfies Command[]

type Step =
  | { do: 'give'; command: (typeof GIVEN)[number]; who: number; which: number }
  | { do: 'deliver'; status: number }
  | { do: 'engine' }
  | { do: 'pass'; seconds: number }

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 7,
    arbitrary: fc.record({
      do: fc.constant('give' as const),
      command: fc.constantFrom(...GIVEN),
      who: fc.nat(5),
      which: fc.nat(3),
    }),
  },
  {
    // Whoever may: else few walks would come to what leaves.
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('give' as const),
      command: fc.constantFrom('approve', 'approve', 'approve', 'reopen'),
      who: fc.constantFrom(1, 2, 4),
      which: fc.constant(0),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('deliver' as const), status: fc.constantFrom(200, 200, 400, 500) }),
  },
  { weight: 2, arbitrary: fc.constant({ do: 'engine' as const }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('pass' as const), seconds: fc.constantFrom(1, 11, 3_600, 90_000) }),
  },
)

const by = (who: number, command: (typeof GIVEN)[number]): Step => ({ do: 'give', command, who, which: 0 })
const pass = (seconds: number): Step => ({ do: 'pass', seconds })
const arrives: Step = { do: 'deliver', status: 200 }

/** Every run walks this way first: few others may let something leave, or nothing that corrects it. */
const SENT_AND_CORRECTED: Step[] = [
  ...[by(1, 'approve'), by(2, 'approve'), pass(11), arrives],
  ...[by(3, 'reopen'), by(1, 'revise'), by(2, 'approve'), by(4, 'approve'), pass(11), arrives],
]

/** What nobody may find in the history: it holds ids, hashes and codes. */
const CONTENT = 'never-in-the-history'
const PEOPLE_ASKED = 2

/** What should be so, worked out beside the store. */
type Model = {
  state: State
  /** Who has approved what the open round is about. */
  approvers: Set<string>
  /** The id of the message that may leave while the job is completed; null: none. */
  leaves: string | null
}

type Walk = { w: DeliveryWorld; people: Actor[]; jobId: string; model: Model }

export type WalkOptions = {
  walks: number
  longest: number
  /** Looks at the job after each step. */
  afterStep?: (walk: { w: DeliveryWorld; jobId: string }) => Promise<void>
  /** Looks back once the walk is over. */
  afterWalk?: (walk: { w: DeliveryWorld; jobId: string }) => Promise<void>
}

/** Walks `walks` jobs at random over one store and one the way on which something leaves, each up to `longest` steps. Throws a walk that breaks a rule. */
export async function walkJobs({ walks, longest, afterStep, afterWalk }: WalkOptions): Promise<void> {
  await using w = await deliveryWorld({ review: { approvals: PEOPLE_ASKED, requesterMayApprove: false } })
  const people = await Promise.all([
    person(w.db, ['reviewer'], 'First'),
    person(w.db, ['reviewer'], 'Second'),
    person(w.db, ['support'], 'Support'),
    person(w.db, ['owner'], 'Owner'),
    serviceKey(w.db, ['reviewer', 'support']),
  ])
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: longest / 2, maxLength: longest }), async (steps) => {
      // Jobs are made by the clock on the wall, to which each walk goes back.
      w.engine.pass(Date.now() - w.engine.context.now().getTime())
      const { id: jobId } = await w.ask()
      const model: Model = { state: 'awaiting_review', approvers: new Set(), leaves: null }
      const walk = { w, people: [w.reviewer, ...people], jobId, model }
      for (const one of steps) {
        await take(walk, one)
        await afterStep?.(walk)
      }
      await expectHistory(walk)
      await afterWalk?.(walk)
    }),
    { numRuns: walks + 1, examples: [[SENT_AND_CORRECTED]], endOnFailure: true },
  )
  // Walks that let nothing leave would show nothing.
  expect(w.server.received.length).toBeGreaterThanOrEqual(2)
}

async function take(walk: Walk, one: Step): Promise<void> {
  const { w, jobId, model } = walk
  switch (one.do) {
    case 'give':
      await give(walk, one)
      break
    case 'pass':
      w.engine.pass(one.seconds * 1_000)
      break
    case 'deliver':
      await deliver(walk, one.status)
      break
    case 'engine': {
      // What is accepted is sent by the step above, at its own receiver.
      if (model.state === 'completed') break
      w.engine.provider.onCreate = [
        (request) => {
          const seen = completed(`resp_${request.metadata.attempt_id}`, REPORT)
          return { ...accepted(seen.responseId), kind: 'accepted', seen }
        },
      ]
      const job = await w.engine.step(jobId)
      if (job.state === 'awaiting_review' && model.state !== 'awaiting_review') model.approvers.clear()
      if (job.state !== model.state) expect(['awaiting_review', 'expired']).toContain(job.state)
      model.state = job.state as State
    }
  }
  await expectStanding(walk)
}

async function give({ w, people, jobId, model }: Walk, one: Extract<Step, { do: 'give' }>): Promise<void> {
  const actor = people[one.who] as Actor
  const now = w.engine.context.now()
  const before = await loadFacts(w.db, jobId)
  const may = allowedCommands(actor, factsForCan(before, now)).includes(one.command)
  if (one.command === 'approve') expect(may).toBe(mayApprove(actor, before, model))
  const given = await w.give(actor, jobId, askOf(before, one, now)).then(
    (done) => done,
    (thrown: unknown) => thrown as Error,
  )
  if (given instanceof Error) {
    const isExpected = [Forbidden, InvalidInput, JobConflict, NotFound].some((kind) => given instanceof kind)
    if (!isExpected) throw given
    if (may) expect(given instanceof InvalidInput || given instanceof JobConflict).toBe(true)
    expect((await loadFacts(w.db, jobId)).job.version).toBe(before.job.version)
    return
  }
  expect(may, `${one.command} was given though it was not offered`).toBe(true)
  expect(given.job).toMatchObject({
    version: before.job.version + 1,
    state: nextState(given.command, model.state),
    lastCommand: given.command,
  })
  model.state = given.job.state as State
  await follow({ w, jobId, model }, actor, given.command)
}

function mayApprove(actor: Actor, { job, round }: Facts, { state, approvers }: Model): boolean {
  return (
    state === 'awaiting_review' &&
    round?.kind === 'result' &&
    hasRole(actor, 'reviewer') &&
    actor.userId !== null &&
    actor.userId !== job.requesterId &&
    !approvers.has(actor.userId)
  )
}

async function follow(
  { w, jobId, model }: Pick<Walk, 'w' | 'jobId' | 'model'>,
  { userId }: Actor,
  command: Command,
): Promise<void> {
  const newest = await w.db.delivery.findFirst({ where: { jobId }, orderBy: { number: 'desc' } })
  switch (command) {
    case 'endorse':
    case 'approve':
      model.approvers.add(userId ?? '')
      expect(command).toBe(model.approvers.size >= PEOPLE_ASKED ? 'approve' : 'endorse')
      if (command === 'approve') {
        model.leaves = newest?.messageId ?? null
        await expectCorrection(w, jobId)
      }
      break
    case 'revise':
    case 'reopen':
      model.approvers.clear()
      break
    case 'undo':
      model.approvers.clear()
      model.leaves = null
      break
    case 'abandon':
    case 'retry':
      model.leaves = null
      break
    case 'withdraw':
      if (newest?.state === 'withdrawn') model.leaves = null
  }
}

/** What leaves after something has arrived corrects that, or what may have arrived since. */
async function expectCorrection({ db }: DeliveryWorld, jobId: string): Promise<void> {
  const [newest, ...before] = await db.delivery.findMany({ where: { jobId }, orderBy: { number: 'desc' } })
  const arrived = before.find(({ state }) => state === 'delivered')
  const corrected = before.find(({ id }) => id === newest?.correctsId)
  if (arrived !== undefined) expect(corrected?.number).toBeGreaterThanOrEqual(arrived.number)
  if (before.length === 0) expect(newest?.correctsId).toBeNull()
}

function askOf({ round, deliveries }: Facts, { command, which }: Extract<Step, { do: 'give' }>, now: Date) {
  const later = (hours: number) => new Date(now.getTime() + hours * 3_600_000).toISOString()
  const about = deliveries[which]
  const delivery = about === undefined ? {} : { delivery: about.id }
  const params: Partial<Record<Command, Record<string, unknown>>> = {
    retry: { dueAt: later(20), mayBePaidTwice: true },
    reopen: { dueAt: later(20) },
    assign: { assignee: null },
    snooze: { until: which === 0 ? null : later(0.1) },
    mark: { marks: [{ claim: 0, verdict: 'supported' }] },
    revise: { text: REPORT.replace('Rent', `${CONTENT} ${now.getTime()} ${which}`) },
    redeliver: delivery,
    withdraw: delivery,
    confirm: { ...delivery, reference: CONTENT },
  }
  return {
    command,
    note: CONTENT,
    params: params[command] ?? {},
    resultHash: round?.resultHash ?? undefined,
    deliveryHash: round?.deliveryHash ?? undefined,
  }
}

/** Only what stands accepted leaves, under its own id, as the bytes that were approved. */
async function deliver({ w, jobId, model }: Walk, status: number): Promise<void> {
  const from = w.server.received.length
  w.server.answers.push((response) => response.writeHead(status).end())
  await w.deliver(jobId)
  w.server.answers.length = 0
  for (const { id, body } of w.server.received.slice(from)) {
    expect({ state: model.state, id }).toEqual({ state: 'completed', id: model.leaves })
    const { bytesSha256 } = await w.db.delivery.findUniqueOrThrow({ where: { messageId: id } })
    expect(body).toBe(Buffer.from((await readBlob(w.db, bytesSha256)) ?? []).toString())
  }
}

async function expectStanding({ w, jobId, model }: Walk): Promise<void> {
  const facts = await loadFacts(w.db, jobId)
  const { job, round, deliveries } = facts
  expect(job.state).toBe(model.state)
  expect(round !== null).toBe(job.state === 'awaiting_review')
  expect(job.settledAt !== null).toBe(isSettled(model.state))
  expectNextAction(job, facts)
  const waiting = deliveries.filter(({ state }) => state === 'pending')
  expect(waiting.map(({ messageId }) => messageId)).toEqual(waiting.length === 0 ? [] : [model.leaves])
  if (['abandoned', 'queued', 'running'].includes(job.state)) expect(waiting).toEqual([])
}

/** As it was worked out with the last move; time alone changes only whether a backoff is over. */
function expectNextAction(job: Job, { round, deliveries }: Facts): void {
  const next = nextActionOf(
    {
      state: job.state as State,
      round: round === null ? null : { kind: round.kind as RoundKind, dueAt: round.dueAt },
      dueAt: job.dueAt,
      notBefore: job.notBefore,
      deliveries: deliveries.map(({ state, kind }) => ({ state: state as DeliveryState, kind })),
    },
    job.changedAt,
  )
  expect({ kind: job.nextKind, dueAt: job.nextDueAt, rank: job.nextRank }).toEqual(next)
}

/** The history holds, folds to the row, counts its version, and says nothing of what people wrote. */
async function expectHistory({ w, jobId }: Walk): Promise<void> {
  const [job, events] = await Promise.all([
    w.db.job.findUniqueOrThrow({ where: { id: jobId } }),
    w.db.event.findMany({ where: { jobId }, orderBy: { seq: 'asc' } }),
  ])
  expect(firstBrokenEvent(jobId, events)).toBeNull()
  expect(job.version).toBe(events.length)
  const { changedAt, settledAt, dueAt, ...folded } = fold(events) ?? {}
  expect(job).toMatchObject(folded)
  const times = [job.changedAt, job.settledAt, job.dueAt].map((time) => time?.toISOString() ?? null)
  expect([changedAt, settledAt, dueAt]).toEqual(times)
  expect(events.map(({ body }) => body).join()).not.toContain(CONTENT)
  const [{ url }] = await w.db.$queryRaw<[{ url: string }]>`
    SELECT coalesce(min(destination), 'nowhere') AS url FROM delivery WHERE job_id = ${jobId}::uuid`
  expect(events.map(({ body }) => body).join()).not.toContain(url)
}
