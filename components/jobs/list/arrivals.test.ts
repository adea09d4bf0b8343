import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { arrivalWords, mergeArrivals } from './arrivals'
import { aRow } from './list-fixtures'

const numbers = (rows: readonly { number: number }[]) => rows.map((row) => row.number)

describe('merging the newest answer into the table', () => {
  it('changes a row in place, and leaves the others the same objects', () => {
    const [three, one] = [aRow(3), aRow(1)]
    const shown = [three, aRow(2), one]
    const changed = aRow(2, { state: 'awaiting_review', version: 2 })
    const { rows, arrived, left, reordered } = mergeArrivals(shown, [three, changed, one])
    expect(rows).toEqual([three, changed, one])
    expect(rows[0]).toBe(three)
    expect({ arrived, left: left.size, reordered }).toEqual({ arrived: 0, left: 0, reordered: false })
  })

  it('lets arrivals wait, and keeps what they pushed off the page', () => {
    const merged = mergeArrivals([aRow(3), aRow(2), aRow(1)], [aRow(5), aRow(4), aRow(3)])
    expect(numbers(merged.rows)).toEqual([3, 2, 1])
    expect(merged.arrived).toBe(2)
    expect(merged.left).toEqual(new Set([aRow(2).id, aRow(1).id]))
  })

  it('sees that the order changed, without following it', () => {
    const merged = mergeArrivals([aRow(1), aRow(2)], [aRow(2), aRow(1)])
    expect(numbers(merged.rows)).toEqual([1, 2])
    expect(merged.reordered).toBe(true)
  })

  it('never moves, adds or drops a row, whatever comes', () => {
    const page = fc.uniqueArray(fc.integer({ min: 1, max: 30 }), { maxLength: 20 })
    fc.assert(
      fc.property(page, page, (before, after) => {
        const merged = mergeArrivals(
          before.map((n) => aRow(n)),
          after.map((n) => aRow(n, { version: 2 })),
        )
        expect(numbers(merged.rows)).toEqual(before)
        expect(merged.arrived).toBe(after.filter((n) => !before.includes(n)).length)
        for (const row of merged.rows) expect(row.version).toBe(merged.left.has(row.id) ? 1 : 2)
      }),
    )
  })
})

describe('the button above the table', () => {
  const quiet = { arrived: 0, left: new Set<string>(), reordered: false }

  it('is not there while the table is the list', () => {
    expect(arrivalWords(quiet, true)).toBeNull()
  })

  it('speaks of new jobs only where what arrives is new', () => {
    expect(arrivalWords({ ...quiet, arrived: 1 }, true)).toBe('1 new job')
    expect(arrivalWords({ ...quiet, arrived: 3, reordered: true }, true)).toBe('3 new jobs')
    expect(arrivalWords({ ...quiet, arrived: 3 }, false)).toBe('3 jobs moved in')
  })

  it('says what went, and that the order changed', () => {
    expect(arrivalWords({ ...quiet, left: new Set(['a', 'b']) }, true)).toBe('2 jobs moved away')
    expect(arrivalWords({ ...quiet, reordered: true }, true)).toBe('The order changed')
  })
})
