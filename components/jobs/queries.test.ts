import { describe, expect, it } from 'vitest'
import { parseJobQuery } from '@/lib/jobs/query'
import type { JobList } from '@/lib/jobs/view'
import { aRow } from './list/list-fixtures'
import { jobKeys, pollEvery, shareRows } from './queries'

const list = (...items: JobList['items']): JobList => ({
  standing: null,
  items,
  nextCursor: null,
  total: items.length,
  totalIsExact: true,
  asOf: '2026-11-23T10:00:00.000Z',
})

describe('sharing rows between two answers', () => {
  it('keeps the object of an unchanged row, though a new one pushed it down', () => {
    const before = list(aRow(2), aRow(1))
    const after = shareRows(before, list(aRow(3), aRow(2), aRow(1)))
    expect(after.items[1]).toBe(before.items[0])
    expect(after.items[2]).toBe(before.items[1])
  })

  it('takes the new object of a changed row', () => {
    const before = list(aRow(1))
    const after = shareRows(before, list(aRow(1, { state: 'failed', version: 2 })))
    expect(after.items[0]).not.toBe(before.items[0])
    expect(after.items[0]?.state).toBe('failed')
  })

  it('keeps the array where no row changed', () => {
    const before = list(aRow(2), aRow(1))
    expect(shareRows(before, list(aRow(2), aRow(1))).items).toBe(before.items)
  })
})

describe('polling', () => {
  const now = Date.parse('2026-11-23T12:00:00.000Z')
  const changed = (minutes: number) => ({ changedAt: new Date(now - minutes * 60_000).toISOString() })

  it('slows as jobs age and settle, and never stops', () => {
    const waits = [
      pollEvery([{ state: 'running', ...changed(1) }], now),
      pollEvery([{ state: 'running', ...changed(30) }], now),
      pollEvery([{ state: 'awaiting_review', ...changed(600) }], now),
      pollEvery([{ state: 'completed', ...changed(600) }], now),
    ]
    expect(waits).toEqual([...waits].sort((a, b) => a - b))
    expect(new Set(waits).size).toBe(waits.length)
    expect(pollEvery([], now)).toBeGreaterThan(0)
  })

  it('follows the liveliest row', () => {
    expect(
      pollEvery(
        [
          { state: 'completed', ...changed(600) },
          { state: 'queued', ...changed(0) },
        ],
        now,
      ),
    ).toBe(3_000)
  })
})

it('gives equal questions one key', () => {
  const key = (text: string) => jobKeys.list(parseJobQuery(new URLSearchParams(text)))
  expect(key('sort=newest&state=failed')).toEqual(key('state=failed&mine=no'))
  expect(key('state=failed')).not.toEqual(key('state=expired'))
})
