import { describe, expect, test } from 'vitest'
import type { Job } from '@/lib/generated/prisma/client'
import type { LookOutcome } from '@/lib/provider/types'
import { giveCommand } from '@/lib/store/command.server'
import { testDatabase } from '@/lib/testing/database'
import { completed, errorOf, REPORT, reportJob, ScriptedProvider, saw, seen, testEngine } from '@/lib/testing/engine'
import { person } from '@/lib/testing/people'
import { publishBuiltins } from '@/lib/workflows/store.server'
import { askAboutLetGo } from './let-go.server'

async function world() {
  const database = await testDatabase()
  const { db } = database
  await publishBuiltins(db)
  const owner = await person(db, ['owner'])
  const engine = await testEngine(db, new ScriptedProvider())
  return {
    db,
    owner,
    ...engine,
    give: (job: Job, command: string, params: Record<string, unknown> = {}) =>
      giveCommand(db, owner, job.id, { command, note: 'because', params }, 'api', engine.context.now()),
    attempts: (job: Job) => db.attempt.findMany({ where: { jobId: job.id }, orderBy: { number: 'asc' } }),
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  }
}
type World = Awaited<ReturnType<typeof world>>

const exchange = { httpStatus: null, requestId: null, milliseconds: 1 }
const lost = { ...exchange, kind: 'lost', error: errorOf({ code: 'ECONNRESET' }) } as const
const gone: LookOutcome = { ...exchange, kind: 'gone', error: errorOf({ httpStatus: 404 }) }

describe('a call that has no id yet, of a job that a person stopped,', () => {
  test('is asked for again only with the words that both may be paid', async () => {
    await using w = await world()
    const job = await reportJob(w.db, w.owner)
    w.provider.onCreate.push(async () => {
      await w.give(job, 'abandon')
      await expect(w.give(job, 'retry')).rejects.toThrow('paid twice')
      await expect(w.give(job, 'retry', { oldCall: 'cancel' })).rejects.toThrow('paid twice')
      return lost
    })
    expect(await w.step(job.id)).toMatchObject({ state: 'abandoned' })
    await expect(w.give(job, 'retry')).rejects.toThrow('paid twice')
    expect(w.provider.creates).toHaveLength(1)
  })

  test('is followed by another once its answer is lost, where somebody gave those words', async () => {
    await using w = await world()
    const job = await reportJob(w.db, w.owner)
    w.provider.onCreate.push(async () => {
      await w.give(job, 'abandon')
      await w.give(job, 'retry', { mayBePaidTwice: true })
      return lost
    })
    expect(await w.step(job.id)).toMatchObject({ state: 'queued' })
    expect(await w.step(job.id)).toMatchObject({ state: 'running', fence: 2 })
  })

  test('stays one that may be paid, where it was let go and its job stopped again', async () => {
    await using w = await world()
    const job = await reportJob(w.db, w.owner)
    w.provider.onCreate.push(async () => {
      await w.give(job, 'abandon')
      await w.give(job, 'retry', { oldCall: 'pay', mayBePaidTwice: true })
      await w.give(job, 'abandon')
      return lost
    })
    await w.step(job.id)
    await expect(w.give(job, 'retry')).rejects.toThrow('paid twice')
  })
})

describe('a call that is to be cancelled before the next is sent, and whose end nobody sees,', () => {
  /** Retried while its first call is under way, without a word of what may be paid. */
  async function retried(w: World, params: Record<string, unknown> = {}): Promise<Job> {
    const job = await reportJob(w.db, w.owner)
    await w.step(job.id)
    await w.give(job, 'abandon')
    return (await w.give(job, 'retry', params)).job
  }

  test.each(['gone', 'no_final_status', 'other_provider'])('holds its job for a person: %s', async (code) => {
    await using w = await world()
    const dueAt = new Date(w.context.now().getTime() + 90 * 86_400_000).toISOString()
    const job = await retried(w, { dueAt })
    w.provider.onCancel = code === 'gone' ? () => gone : (id) => seen(id, 'in_progress')
    if (code === 'no_final_status') w.pass(25 * 3_600_000)
    if (code === 'other_provider') Object.assign(w.provider, { name: 'another' })
    const held = await w.step(job.id)
    expect(held).toMatchObject({
      state: 'awaiting_review',
      nextKind: 'look_into_trouble',
      failureClass: 'unclassified',
      failureCode: code,
    })
    expect(await w.db.reviewRound.findFirstOrThrow()).toMatchObject({ kind: 'trouble', reason: code })
    expect(await w.attempts(job)).toMatchObject([{ endedAt: expect.any(Date), payloadSha256: null }])
    w.pass(60_000)
    await w.step(job.id)
    expect(w.provider.creates).toHaveLength(1)
    await expect(w.give(job, 'retry')).rejects.toThrow('paid twice')
    await w.give(job, 'retry', { mayBePaidTwice: true })
    expect(await w.step(job.id)).toMatchObject({ state: 'running', fence: 2 })
  })

  test('keeps the guidance of the attempt that was held, unless another is given', async () => {
    for (const [given, sent] of [
      [{}, 'Leave the pets out.'],
      [{ guidance: 'Leave all of it out.' }, 'Leave all of it out.'],
    ] as const) {
      await using w = await world()
      const job = await retried(w, { guidance: 'Leave the pets out.' })
      w.provider.onCancel = () => gone
      expect(await w.step(job.id)).toMatchObject({ nextKind: 'look_into_trouble' })
      await w.give(job, 'retry', { mayBePaidTwice: true, ...given })
      expect(await w.step(job.id)).toMatchObject({ state: 'running', fence: 2 })
      expect(JSON.stringify(w.provider.creates[1])).toContain(sent)
      // What was sent was heeded: the next one has guidance of its own, or none.
      await w.give(job, 'abandon')
      const { job: again } = await w.give(job, 'retry', { mayBePaidTwice: true })
      expect(again.guidanceSha256).toBeNull()
    }
  })

  test('is followed by the next, where a person had said that both may be paid', async () => {
    await using w = await world()
    const job = await retried(w, { mayBePaidTwice: true, oldCall: 'cancel' })
    w.provider.onCancel = () => gone
    expect(await w.step(job.id)).toMatchObject({ state: 'queued' })
    expect(await w.step(job.id)).toMatchObject({ state: 'running', fence: 2 })
  })

  test('asks for no such words any more once its end is seen after all', async () => {
    await using w = await world()
    const dueAt = new Date(w.context.now().getTime() + 90 * 86_400_000).toISOString()
    const job = await retried(w, { dueAt })
    w.provider.onCancel = (id) => seen(id, 'in_progress')
    w.pass(25 * 3_600_000)
    expect(await w.step(job.id)).toMatchObject({ failureCode: 'no_final_status' })
    w.provider.onCancel = (id) => saw(completed(id, REPORT))
    w.pass(60_000)
    expect(await askAboutLetGo(w.context)).toBe(1)
    expect((await w.give(job, 'retry')).job.state).toBe('queued')
  })
})
