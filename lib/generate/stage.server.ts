/** Where the stories are lived: the real engine and the real commands over a database of their own, with a clock of ours. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { v7 as uuidv7 } from 'uuid'
import type { Actor } from '@/lib/access/actor'
import { standingsWith } from '@/lib/deliveries/outbox.server'
import type { EngineContext } from '@/lib/engine/context'
import { reconcile } from '@/lib/engine/reconcile.server'
import type { Job } from '@/lib/generated/prisma/client'
import type { DeliveryState } from '@/lib/lifecycle/next-action'
import type { Command, Role } from '@/lib/lifecycle/table'
import { noteWork } from '@/lib/review/work.server'
import { giveCommand } from '@/lib/store/command.server'
import { createJob } from '@/lib/store/create.server'
import type { Db } from '@/lib/store/db.server'
import { lockFacts } from '@/lib/store/facts.server'
import { move, SYSTEM, transact } from '@/lib/store/move.server'
import { documentNames, inputs, titleOf, type WorkflowKey } from './material'
import { StoryProvider, type Turn } from './provider'

/** The people of the stories. Each becomes another person in each history. */
export const parts = ['requester', 'first', 'second', 'support', 'lead'] as const
export type Part = (typeof parts)[number]

const ROLES: Record<Part, Role[]> = {
  requester: ['requester'],
  first: ['reviewer'],
  second: ['reviewer'],
  support: ['support'],
  lead: ['lead'],
}

/** The ids that they have in the stories. */
export const partId = (part: Part) => `story-${part}-person`

/** When every story begins: late enough for there to be prices, the same for ever, so that histories come out the same. */
const BEGIN = Date.UTC(2026, 8, 7, 9)
const MINUTE = 60_000

export type DeliveryEnd = 'delivered' | 'failed' | 'unknown'

export type Stage = {
  readonly job: Job
  create(workflow: WorkflowKey): Promise<void>
  /** What becomes of the next calls. */
  turns(...turns: Turn[]): void
  pass(minutes: number): void
  /** Lets the engine look once. */
  step(): Promise<void>
  /** Lets the engine go on until the job waits for people, or is settled. */
  run(): Promise<void>
  give(part: Part, command: Command, more?: { note?: string; params?: Record<string, unknown> }): Promise<void>
  opened(part: Part): Promise<void>
  /** Sends what waits to be sent; `null`: it is still under way. */
  send(end: DeliveryEnd | null): Promise<void>
  /** Answers to the calls that wait. */
  answer(part: Part, allow: boolean): Promise<void>
  /** Revises a recommendation: the first option is chosen. */
  choose(part: Part): Promise<void>
  /** Revises a result: its first long text gets a word more. */
  revised(part: Part): Promise<void>
  now(): Date
  due(): Date
  tell(story: (stage: Stage) => Promise<void>): Promise<string>
}

/** @param db migrated, with the workflows, rules and prices in it; nothing else goes on there. */
export async function openStage(db: Db): Promise<Stage> {
  let now = BEGIN
  let current: Job | null = null
  const workerId = uuidv7()
  await db.$executeRaw`
    INSERT INTO worker (id, lock_ids, host, pid, version, started_at, beat_at)
    VALUES (${workerId}::uuid, '{}', 'stories', 1, 'stories', now(), now() + interval '1 day')`
  await db.user.createMany({
    data: parts.map((part) => ({
      id: partId(part),
      name: part,
      email: `${part}@generated.invalid`,
      roles: ROLES[part],
    })),
  })
  const provider = new StoryProvider(() => new Date(now))
  const context: EngineContext = {
    db,
    provider,
    workerId,
    now: () => new Date(now),
    random: () => 0.5,
    pollMs: 10_000,
    retryMs: 5_000,
    log: () => {},
  }
  const actorOf = (part: Part): Actor => ({
    kind: 'person',
    userId: partId(part),
    apiKeyId: null,
    name: part,
    email: null,
    roles: ROLES[part],
  })
  const documents = documentNames.map((name) => ({
    name,
    text: readFileSync(path.join(process.cwd(), 'public', 'samples', name), 'utf8'),
  }))
  const theJob = () => {
    if (current === null) throw new Error('no job was made yet')
    return current
  }
  const reread = async () => {
    current = await db.job.findUniqueOrThrow({ where: { id: theJob().id } })
  }
  const openRound = () => db.reviewRound.findFirst({ where: { jobId: theJob().id, closedAt: null } })

  const stage: Stage = {
    get job() {
      return theJob()
    },
    async create(workflow) {
      const ask = { workflow, title: titleOf(workflow, 0), reference: 'KC-0', input: inputs[workflow], documents }
      const at = new Date(now)
      const made = await createJob(db, actorOf('requester'), ask, { transport: 'api', idempotencyKey: null, now: at })
      current = made.job
    },
    turns: (...turns) => {
      provider.turns = turns
    },
    pass: (minutes) => {
      now += minutes * MINUTE
    },
    async step() {
      await reconcile(context, theJob().id)
      await reread()
    },
    async run() {
      for (let steps = 0; steps < 60; steps += 1) {
        now += 20_000
        await stage.step()
        if (theJob().state !== 'queued' && theJob().state !== 'running') return
      }
      throw new Error(`the story of ${theJob().workflowKey} does not come to an end: ${theJob().state}`)
    },
    async give(part, command, { note, params } = {}) {
      const round = await openRound()
      await giveCommand(
        db,
        actorOf(part),
        theJob().id,
        {
          command,
          ...(note === undefined ? {} : { note }),
          ...(params === undefined ? {} : { params: params as never }),
          ...(round?.resultHash == null ? {} : { resultHash: round.resultHash }),
          ...(round?.deliveryHash == null ? {} : { deliveryHash: round.deliveryHash }),
        },
        'browser',
        new Date(now),
      )
      await reread()
    },
    async opened(part) {
      const round = await openRound()
      if (round === null) throw new Error('nothing is open')
      const at = new Date(now)
      const common = { roundId: round.id, jobId: theJob().id, userId: partId(part), at }
      await db.$transaction(async (tx) => {
        await noteWork(tx, { ...common, step: 'offered' })
        await noteWork(tx, { ...common, step: 'opened' })
      })
      await db.reviewWork.updateMany({
        where: { roundId: round.id, userId: partId(part) },
        data: { handsOnMs: 95_000 },
      })
    },
    async send(end) {
      const tick = () => {
        now += 2_000
        return new Date(now)
      }
      await sendAway(db, theJob().id, end, tick)
      await reread()
    },
    async answer(part, allow) {
      const calls = await db.toolCall.findMany({ where: { jobId: theJob().id, state: 'waiting' } })
      const answers = calls.map(({ id, argumentsSha256 }) => ({
        callId: id,
        allow,
        argumentsHash: argumentsSha256,
        reason: 'Not in this case: the policy decides it already.',
      }))
      await stage.give(part, 'answer', { params: { answers } })
    },
    async choose(part) {
      const round = await openRound()
      const result = await db.result.findUniqueOrThrow({ where: { id: round?.resultId ?? '' } })
      const value = JSON.parse(result.text) as { options: { id: string }[]; choice: string | null }
      const text = JSON.stringify({ ...value, choice: value.options[0]?.id ?? null }, null, 2)
      await stage.give(part, 'revise', { params: { text } })
    },
    async revised(part) {
      const round = await openRound()
      const result = await db.result.findUniqueOrThrow({ where: { id: round?.resultId ?? '' } })
      const value = JSON.parse(result.text) as Record<string, unknown>
      const [name] = Object.entries(value).find(([, text]) => typeof text === 'string' && text.length > 20) ?? []
      const edited = name === undefined ? value : { ...value, [name]: `${value[name]} (Read and corrected.)` }
      await stage.give(part, 'revise', { params: { text: JSON.stringify(edited, null, 2) } })
    },
    now: () => new Date(now),
    due: () => theJob().dueAt ?? new Date(now),
    async tell(story) {
      now = BEGIN
      current = null
      provider.turns = []
      await story(stage)
      return theJob().id
    },
  }
  return stage
}

/**
 * What the engine writes down around a try, without the try: nothing leaves while stories are told. Each step is an event
 * of its own, as there.
 */
async function sendAway(db: Db, jobId: string, end: DeliveryEnd | null, tick: () => Date): Promise<void> {
  const statusOf = (kind: string) => (kind !== 'http' ? null : end === 'delivered' ? 200 : 422)
  const tell = (command: Command, state: DeliveryState, code: string | null, columns: Record<string, unknown>) =>
    transact(db, async (tx) => {
      const { job, round, deliveries } = await lockFacts(tx, jobId)
      const now = tick()
      const delivery = deliveries.findLast((one) => ['pending', 'sending'].includes(one.state))
      if (delivery === undefined) throw new Error('there is nothing to send')
      const { version } = await move(tx, job, {
        command,
        actor: SYSTEM,
        transport: 'timer',
        now,
        round,
        wakeAt: null,
        detail: {
          delivery: { id: delivery.id, hash: delivery.deliveryHash, state, ...(code === null ? {} : { code }) },
        },
        deliveries: standingsWith(deliveries, { ids: [delivery.id], state }),
      })
      if (end !== null && command !== 'dispatch') {
        await tx.deliveryTry.create({
          data: {
            deliveryId: delivery.id,
            number: delivery.tries,
            at: delivery.triedAt ?? now,
            milliseconds: 310,
            end: end === 'failed' ? 'refused' : end,
            httpStatus: statusOf(delivery.kind),
            code,
          },
        })
      }
      await tx.delivery.update({
        where: { id: delivery.id },
        data: {
          ...columns,
          ...(command === 'dispatch' ? {} : { httpStatus: statusOf(delivery.kind) }),
          state,
          changedSeq: version,
          changedAt: now,
        },
      })
    })
  const at = tick()
  const next = new Date(at.getTime() + 2 * MINUTE)
  await tell('dispatch', 'sending', null, { tries: { increment: 1 }, triedAt: at, begunAt: at, nextTryAt: next })
  if (end === null) return
  const code = end === 'delivered' ? null : end === 'failed' ? 'http_422' : 'no_answer'
  const columns = { workerId: null, nextTryAt: null, code }
  await tell(end === 'delivered' ? 'delivered' : 'undelivered', end, code, columns)
}
