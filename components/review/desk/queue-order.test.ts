import { describe, expect, it } from 'vitest'
import { doneAmong, itemAt, itemsAhead } from './queue-order'

const items = ['a', 'b', 'c', 'd'].map((id, index) => ({ id, number: index + 1 }))
const at = (id: string, place: number, done: string[] = []) => ({ id, place, done: new Set(done) })

describe('itemAt', () => {
  it('goes on to the next item, and back to the one before', () => {
    expect(itemAt(items, at('b', 1), 1)?.id).toBe('c')
    expect(itemAt(items, at('b', 1), -1)?.id).toBe('a')
  })

  it('passes over what was decided here while the list still has it', () => {
    expect(itemAt(items, at('a', 0, ['a', 'b', 'c']), 1)?.id).toBe('d')
  })

  it('takes what has moved up into the place of an item that is gone', () => {
    const rest = items.filter(({ id }) => id !== 'b')
    expect(itemAt(rest, at('b', 1), 1)?.id).toBe('c')
    expect(itemAt(rest, at('b', 1), -1)?.id).toBe('a')
  })

  it('begins again at the top after the last one, and stops before the first', () => {
    expect(itemAt(items, at('d', 3), 1)?.id).toBe('a')
    expect(itemAt(items, at('a', 0), -1)).toBeNull()
  })

  it('finds nothing where nothing else waits', () => {
    expect(itemAt(items.slice(0, 1), at('a', 0), 1)).toBeNull()
    expect(itemAt([], at('a', 0), 1)).toBeNull()
    expect(itemAt(items, at('a', 0, ['a', 'b', 'c', 'd']), 1)).toBeNull()
  })
})

it('takes an item that came back with a new attempt for undecided again', () => {
  const decidedAt = new Map([
    ['a', 5],
    ['b', 5],
    ['gone', 3],
  ])
  const listed = [
    { id: 'a', version: 5 },
    { id: 'b', version: 8 },
    { id: 'c', version: 1 },
  ]
  expect(doneAmong(listed, decidedAt)).toEqual(new Set(['a', 'gone']))
})

it('reads ahead what comes next, each once', () => {
  expect(itemsAhead(items, at('c', 2), 2).map(({ id }) => id)).toEqual(['d', 'a'])
  expect(itemsAhead(items.slice(0, 2), at('a', 0), 3).map(({ id }) => id)).toEqual(['b'])
})
