import { expect, test, vi } from 'vitest'
import { noteWait } from '@/lib/queues/turn.server'
import { giveCommand } from '@/lib/store/command.server'
import { testDatabase } from '@/lib/testing/database'
import { reportJob, seen, testEngine } from '@/lib/testing/engine'
import { person } from '@/lib/testing/people'
import { publishBuiltins } from '@/lib/workflows/store.server'
import { currentTag, isUnchanged, stopListening, tagInHand, tagUntil } from './changes.server'

test('the tag of a list follows what changes, and not what is only looked at', async () => {
  await using database = await testDatabase()
  const { db } = database
  vi.stubEnv('DATABASE_URL', database.url)
  try {
    await publishBuiltins(db)
    const owner = await person(db, ['owner'])
    const engine = await testEngine(db)
    await vi.waitFor(() => expect(currentTag('jobs')).not.toBeNull(), 120_000)
    const count = () => Number(currentTag('jobs')?.split('-')[1])
    /** Does the work and waits until exactly so many changes were heard: one for each transaction that made some. */
    const changes = async (expected: number, work: () => Promise<unknown>) => {
      const from = count()
      await work()
      await vi.waitFor(() => expect(count()).toBe(from + expected), 120_000)
    }

    let jobId = ''
    await changes(1, async () => {
      jobId = (await reportJob(db, owner)).id
    })
    // Sent, and taken by OpenAI.
    await changes(2, () => engine.step(jobId))
    engine.provider.onLook = (id) => seen(id, 'in_progress')
    engine.pass(60_000)
    // OpenAI's own status changes: that is on the list.
    await changes(1, () => engine.step(jobId))
    engine.pass(60_000)
    // A look that tells nothing new is not. What is heard next is the abandoning alone.
    const before = count()
    await engine.step(jobId)
    expect(engine.provider.looks).toHaveLength(2)
    await giveCommand(db, owner, jobId, { command: 'abandon', note: 'x' }, 'api')
    await vi.waitFor(() => expect(count()).toBe(before + 1), 120_000)

    const waiting = await reportJob(db, owner)
    await vi.waitFor(() => expect(count()).toBe(before + 2), 120_000)
    const wait = (why: 'place' | 'rate') => db.$transaction((tx) => noteWait(tx, waiting, why, engine.context.now()))
    await changes(1, () => wait('place'))
    // That it asked in vain again is no news; that it waits for something else is.
    await wait('place')
    await changes(1, () => wait('rate'))
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

test('a tag that runs out stands for its answer until then', () => {
  const tag = 'W/"b-1-key"'
  const until = tagUntil(tag, 5_000) ?? ''
  const asking = (given: string) => new Request('http://localhost/', { headers: { 'if-none-match': given } })
  expect(tagInHand(asking(`"a", ${until}`), tag, 4_999)).toBe(until)
  expect(tagInHand(asking(until), tag, 5_000)).toBeNull()
  expect(tagInHand(asking(until), 'W/"b-2-key"', 4_999)).toBeNull()
  expect(tagInHand(asking(tag), tag, 5_000)).toBe(tag)
  for (const odd of ['', '"', '*', '~', 'W/"b-1-key~"', 'W/"b-1-key~9', '~~9"'])
    expect(tagInHand(asking(odd), tag)).toBeNull()
  expect(tagUntil(null, 5_000)).toBeNull()
})
