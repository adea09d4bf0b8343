import { expect, it } from 'vitest'
import { firstSight } from './first-sight'
import { aJob } from './fixtures'

const result = {
  id: '01930000-0000-7000-8000-000000000001',
  attempt: 1,
  revision: 0,
  kind: 'report',
  text: 'short',
  json: { title: 'short' },
  hash: 'c'.repeat(64),
  editedBy: null,
  createdAt: '2026-11-23T10:00:00.000Z',
} as const

it('draws an ordinary job whole', () => {
  const job = aJob({ result })
  expect(firstSight(job)).toEqual({ job, isWhole: true })
})

it('leaves a very large result or trace for later, and keeps its hash', () => {
  const large = firstSight(aJob({ result: { ...result, text: 'x'.repeat(10_000_000) } }))
  expect(large.isWhole).toBe(false)
  expect(large.job.result).toMatchObject({ text: '', json: null, hash: result.hash })
  const item = { attempt: 1, position: 0, type: 'message', data: 'y'.repeat(600_000), cut: true }
  expect(firstSight(aJob({ result, trace: [item] }))).toMatchObject({ isWhole: false, job: { trace: [] } })
})
