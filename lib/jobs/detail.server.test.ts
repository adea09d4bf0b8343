import { expect, test } from 'vitest'
import { giveCommand } from '@/lib/store/command.server'
import { testDatabase } from '@/lib/testing/database'
import { completed, REPORT, reportJob, saw, testEngine } from '@/lib/testing/engine'
import { person } from '@/lib/testing/people'
import { publishBuiltins } from '@/lib/workflows/store.server'
import { readJob } from './detail.server'

test('a job shows its newest result and trace whole, and of earlier ones enough to know them by', async () => {
  await using database = await testDatabase()
  const { db } = database
  await publishBuiltins(db)
  const owner = await person(db, ['owner'])
  const engine = await testEngine(db)
  const thought = { type: 'reasoning', summary: [{ type: 'summary_text', text: 'x'.repeat(9_000) }] }
  const small = { type: 'reasoning', summary: [{ type: 'summary_text', text: 'short' }] }
  const message = { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: REPORT }] }
  const output = [thought, small, ...Array(70).fill(small), message]
  engine.provider.onLook = (id) => saw(completed(id, REPORT, { output }))
  const job = await reportJob(db, owner)
  await engine.stepUntil(job.id, ({ state }) => state === 'awaiting_review')
  const first = await readJob(db, owner, job.id)
  expect(first?.trace.map(({ data }) => data)).toEqual(output)
  expect(first?.trace.some(({ cut }) => cut)).toBe(false)
  expect(first).toMatchObject({ result: { attempt: 1, text: REPORT }, earlierResults: [] })

  await giveCommand(db, owner, job.id, { command: 'retry', note: 'again' }, 'api')
  const running = await readJob(db, owner, job.id)
  expect(running?.trace).toEqual(first?.trace)
  await engine.stepUntil(job.id, ({ state }) => state === 'awaiting_review')

  const second = await readJob(db, owner, job.id)
  expect(second?.result).toMatchObject({ attempt: 2, text: REPORT })
  expect(second?.evidence).toEqual(first?.evidence)
  expect(second?.earlierResults).toEqual([
    { id: first?.result?.id, attempt: 1, revision: 0, hash: first?.result?.hash, createdAt: first?.result?.createdAt },
  ])
  const [newest, earlier] = [2, 1].map((number) => second?.trace.filter(({ attempt }) => attempt === number) ?? [])
  expect(newest?.map(({ data }) => data)).toEqual(output)
  expect(earlier).toHaveLength(output.length)
  expect(earlier?.map(({ position }) => position)).toEqual(output.map((_, position) => position))
  expect(earlier?.[0]?.cut).toBe(true)
  expect(JSON.stringify(earlier?.[0]?.data).length).toBeLessThanOrEqual(4 * 1024)
  expect(earlier?.[1]).toMatchObject({ data: small, cut: false })
  expect(earlier?.at(-1)).toMatchObject({ type: 'message', data: { type: 'message' }, cut: true })
})
