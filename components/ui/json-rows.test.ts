import { expect, it } from 'vitest'
import { RANGE, rowsOf } from './json-rows'

const none = new Set<string>()
const idsOf = (value: unknown, depth: number, toggled: readonly string[] = []) =>
  rowsOf(value, depth, new Set(toggled)).map(({ id }) => id)

it('unfolds so many levels at first, and what was asked for', () => {
  const value = { a: { b: { c: 1 } }, 'd/e~f': [] }
  expect(idsOf(value, 0)).toEqual([''])
  expect(idsOf(value, 1)).toEqual(['', '/a', '/d~1e~0f'])
  expect(idsOf(value, 1, ['/a'])).toEqual(['', '/a', '/a/b', '/d~1e~0f'])
  expect(idsOf(value, 2, ['/a'])).toEqual(['', '/a', '/d~1e~0f'])
  expect(idsOf(value, 1, [''])).toEqual([''])
})

it('says of a branch how many children it has, and of a leaf what it is', () => {
  expect(rowsOf({ list: [1, 2], text: 'T' }, 1, none)).toEqual([
    { kind: 'branch', id: '', name: null, level: 0, isArray: false, size: 2, isOpen: true },
    { kind: 'branch', id: '/list', name: 'list', level: 1, isArray: true, size: 2, isOpen: false },
    { kind: 'leaf', id: '/text', name: 'text', level: 1, value: 'T' },
  ])
})

it('has a row for each of 100,000 elements, and unfolds none of them by itself', () => {
  const rows = rowsOf(
    Array.from({ length: 100_000 }, (_, index) => ({ index })),
    5,
    none,
  )
  expect(rows).toHaveLength(100_001)
  expect(rows.at(-1)).toMatchObject({ id: '/99999', isOpen: false })
})

it('lays more than that out in ranges, each of which unfolds', () => {
  const value = Array.from({ length: RANGE * 2 + 5 }, (_, index) => index)
  const ranges = rowsOf(value, 2, none)
  expect(ranges.slice(1).map(({ name }) => name)).toEqual(['0 to 99,999', '100,000 to 199,999', '200,000 to 200,004'])
  const last = ranges.at(-1)?.id ?? ''
  expect(idsOf(value, 2, [last]).slice(-5)).toEqual([...Array(5)].map((_, index) => `/${RANGE * 2 + index}`))
})

it('goes as deep as it is unfolded, without running out of stack', () => {
  const depth = 2_000
  const deep = JSON.parse(`${'['.repeat(depth)}${']'.repeat(depth)}`)
  const rows = rowsOf(deep, depth, none)
  expect(rows).toHaveLength(depth)
  expect(rows.at(-1)).toMatchObject({ level: depth - 1, size: 0, isOpen: false })
  expect(rowsOf(JSON.parse(`${'['.repeat(20_000)}${']'.repeat(20_000)}`), 2, none)).toHaveLength(3)
})

it('takes names that mean something to JavaScript for names', () => {
  expect(idsOf(JSON.parse('{"__proto__":1,"constructor":{"x":2},"":3}'), 2)).toEqual([
    '',
    '/__proto__',
    '/constructor',
    '/constructor/x',
    '/',
  ])
})
