import { expect, test, vi } from 'vitest'
import { giveCommand } from '@/lib/store/command.server'
import { testDatabase } from '@/lib/testing/database'
import { reportJob, seen, testEngine } from '@/lib/testing/engine'
import { person } from '@/lib/testing/people'
import { publishBuiltins } from '@/lib/workflows/store.server'
import { currentTag, isUnchanged, stopListening } from './changes.server'

test('the tag of a list follows what changes, and not what is only looked at', async () => {
  await using database = await testDatabase()
  const { db } = database
  vi.stubEnv('DATABASE_URL', database.url)
  try {
    await publishBuiltins(db)
    const owner = await person(db, ['owner'])
    const engine = await testEngine(db)
    await vi.waitFor(() => expect(currentTag('jobs')).not.toBeNull())
    const changes = async (work: () => Promise<unknown>) => {
      const before = currentTag('jobs')
      await work()
      // A notice sent after the work, on the same channel: when it is heard, all before it was.
      const fence = currentTag('jobs')
      await db.$executeRaw`SELECT pg_notify('holdpoint_jobs', 'fence')`
      await vi.waitFor(() => expect(currentTag('jobs')).not.toBe(fence))
      return { before, fence }
    }
    const countOf = (tag: string | null) => Number(tag?.split('-')[1])
    const counted = async (work: () => Promise<unknown>) => {
      const from = countOf(currentTag('jobs'))
      await changes(work)
      // One of them is the fence.
      return countOf(currentTag('jobs')) - from - 1
    }

    let jobId = ''
    expect(
      await counted(async () => {
        jobId = (await reportJob(db, owner)).id
      }),
    ).toBeGreaterThan(0)
    expect(await counted(() => engine.step(jobId))).toBeGreaterThan(0)
    engine.provider.onLook = (id) => seen(id, 'in_progress')
    engine.pass(60_000)
    // OpenAI's own status changes: that is on the list.
    expect(await counted(() => engine.step(jobId))).toBeGreaterThan(0)
    engine.pass(60_000)
    // A look that tells nothing new is not.
    expect(await counted(() => engine.step(jobId))).toBe(0)
    expect(
      await counted(() => giveCommand(db, owner, jobId, { command: 'abandon', note: 'x' }, 'api')),
    ).toBeGreaterThan(0)
  } finally {
    await stopListening()
  }
})

test('an unchanged answer is told by its tag, and never while changes are not heard', () => {
  const request = new Request('http://localhost/', { headers: { 'if-none-match': '"a", W/"b-1"' } })
  expect(isUnchanged(request, 'W/"b-1"')).toBe(true)
  expect(isUnchanged(request, 'W/"b-2"')).toBe(false)
  expect(isUnchanged(request, null)).toBe(false)
})
