import { describe, expect, test } from 'vitest'
import { testDatabase } from '@/lib/testing/database'
import { completed, REPORT, reportJob, saw, seen, testEngine } from '@/lib/testing/engine'
import { person } from '@/lib/testing/people'
import { deliver } from '@/lib/testing/webhooks'
import { publishBuiltins } from '@/lib/workflows/store.server'

async function world() {
  const database = await testDatabase()
  const { db } = database
  await publishBuiltins(db)
  const owner = await person(db, ['owner'])
  const engine = await testEngine(db)
  const tell = (about: string) => deliver(db, { about, at: engine.context.now() })
  /** A job that runs, and what it waits for. */
  const start = async () => {
    const { id } = await reportJob(db, owner)
    await engine.step(id)
    const { responseId } = await db.attempt.findFirstOrThrow({ where: { jobId: id, endedAt: null } })
    return { id, responseId: responseId ?? '' }
  }
  /** Runs one job to its end, which its webhook tells of unless it is lost. */
  const finish = async ({ isTold }: { isTold: boolean }) => {
    engine.provider.onLook = (id) => seen(id, 'in_progress')
    const { id, responseId } = await start()
    const finishedAt = Math.floor(engine.context.now().getTime() / 1_000)
    engine.provider.onLook = (other) => saw(completed(other, REPORT, { completed_at: finishedAt }))
    if (isTold) await tell(responseId)
    await engine.stepUntil(id, (job) => job.state !== 'running', 200_000)
    return db.event.findFirstOrThrow({ where: { jobId: id }, orderBy: { seq: 'desc' } })
  }
  /** The gap to the next look at a response that is ten minutes old, in seconds. */
  const gap = async () => {
    engine.provider.onLook = (id) => seen(id, 'in_progress')
    const { id } = await start()
    engine.pass(600_000)
    await engine.step(id)
    const watch = await db.attemptWatch.findFirstOrThrow({ where: { attempt: { jobId: id } } })
    return ((watch.nextLookAt?.getTime() ?? 0) - engine.context.now().getTime()) / 1_000
  }
  return { db, tell, start, finish, gap, ...engine, [Symbol.asyncDispose]: () => database[Symbol.asyncDispose]() }
}

describe('looks', () => {
  test('fall back to a safety net while webhooks arrive, and come back by themselves when they stop', async () => {
    await using w = await world()
    expect(await w.gap()).toBe(30)
    for (let count = 0; count < 3; count += 1) await w.finish({ isTold: true })
    expect(await w.gap()).toBe(180)
    await w.finish({ isTold: false })
    w.pass(121_000)
    expect(await w.gap()).toBe(30)
    for (let count = 0; count < 9; count += 1) await w.finish({ isTold: true })
    expect(await w.gap()).toBe(180)
    w.pass(3_600_000)
    expect(await w.gap()).toBe(30)
  })

  test('that a webhook brought say so in the history; others say that they were looks', async () => {
    await using w = await world()
    expect(await w.finish({ isTold: true })).toMatchObject({ command: 'hold', transport: 'webhook' })
    expect(await w.finish({ isTold: false })).toMatchObject({ command: 'hold', transport: 'poll' })
  })

  test('stay frequent for a response whose webhook came before its status changed', async () => {
    await using w = await world()
    for (let count = 0; count < 3; count += 1) await w.finish({ isTold: true })
    w.provider.onLook = (id) => seen(id, 'in_progress')
    const { id, responseId } = await w.start()
    w.pass(600_000)
    await w.tell(responseId)
    await w.step(id)
    const { nextLookAt } = await w.db.attemptWatch.findFirstOrThrow({ where: { attempt: { jobId: id } } })
    expect((nextLookAt?.getTime() ?? 0) - w.context.now().getTime()).toBe(30_000)
  })

  test('do not put off the one that a webhook asked for meanwhile', async () => {
    await using w = await world()
    const { id, responseId } = await w.start()
    w.pass(60_000)
    w.provider.onLook = async (other) => {
      await w.tell(other)
      return seen(other, 'in_progress')
    }
    await w.step(id)
    w.provider.onLook = (other) => saw(completed(other, REPORT))
    expect(await w.step(id)).toMatchObject({ state: 'awaiting_review' })
    expect(w.provider.looks).toEqual([responseId, responseId])
  })

  test('give a stuck response up on time, however far apart they are', async () => {
    await using w = await world()
    for (let count = 0; count < 3; count += 1) await w.finish({ isTold: true })
    w.provider.onLook = (id) => seen(id, 'queued')
    const { id } = await w.start()
    w.pass(19 * 60_000)
    await w.step(id)
    w.pass(60_000)
    expect(await w.step(id)).toMatchObject({ failureCode: 'no_progress' })
  })
})
