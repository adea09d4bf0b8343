import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compareJson, type FieldChange, pointerOf, type Step } from './json'

const told = (changes: readonly FieldChange[]) => changes.map(({ kind, path }) => `${kind} ${pointerOf(path)}`)

describe('fields', () => {
  test('what was added, left out and changed is told with both values', () => {
    const { changes } = compareJson({ title: 'Rent', due: 3, 'a/b': 1 }, { title: 'Lease', 'a/b': 1, paid: null })
    expect(changes).toEqual([
      { kind: 'changed', path: ['title'], pathBefore: ['title'], before: 'Rent', after: 'Lease' },
      { kind: 'added', path: ['paid'], pathBefore: ['paid'], after: null },
      { kind: 'removed', path: ['due'], pathBefore: ['due'], before: 3 },
    ])
  })

  test('the order of fields says nothing, and names that objects have of their own are names like others', () => {
    expect(compareJson({ a: 1, b: { c: 2 } }, { b: { c: 2 }, a: 1 }).changes).toEqual([])
    const { changes } = compareJson(JSON.parse('{}'), JSON.parse('{"constructor": 1, "__proto__": 2}'))
    expect(told(changes)).toEqual(['added /constructor', 'added /__proto__'])
  })

  test('another type is a change of the whole value', () => {
    expect(told(compareJson({ a: [1] }, { a: { 0: 1 } }).changes)).toEqual(['changed /a'])
    expect(told(compareJson({ a: null }, { a: {} }).changes)).toEqual(['changed /a'])
  })
})

describe('lists', () => {
  const finding = (claim: string, quote: string) => ({ claim, citations: [{ quote }] })
  const rent = finding('The rent is due on the third day of each month.', 'third day')
  const notice = finding('Notice takes three months to the end of a month.', 'three months')

  test('an element put in front is one addition', () => {
    expect(told(compareJson([rent, notice], [finding('Keys are handed back.', 'keys'), rent, notice]).changes)).toEqual(
      ['added /0'],
    )
  })

  test('an edit inside of an element is told at its field, also where the element moved', () => {
    const edited = { ...notice, claim: 'Notice takes four months to the end of a month.' }
    const { changes } = compareJson({ findings: [rent, notice] }, { findings: [edited, rent] })
    expect(changes).toEqual([
      { kind: 'moved', path: ['findings', 0], pathBefore: ['findings', 1], after: edited },
      {
        kind: 'changed',
        path: ['findings', 0, 'claim'],
        pathBefore: ['findings', 1, 'claim'],
        before: notice.claim,
        after: edited.claim,
      },
    ])
  })
})

test('there are changes exactly where two values say different things', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), fc.jsonValue({ maxDepth: 4 }), (one, other) => {
      const before = JSON.parse(JSON.stringify(one))
      const after = JSON.parse(JSON.stringify(other))
      expect(compareJson(before, JSON.parse(JSON.stringify(before))).changes).toEqual([])
      expect(compareJson(before, after).changes.length === 0).toBe(sorted(before) === sorted(after))
    }),
  )
})

test('every change tells what stands at its place on each side', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), fc.jsonValue({ maxDepth: 4 }), (one, other) => {
      const before = JSON.parse(JSON.stringify(one))
      const after = JSON.parse(JSON.stringify(other))
      for (const change of compareJson(before, after).changes) {
        if (change.kind !== 'removed') expect(at(after, change.path)).toEqual(change.after)
        if (change.kind === 'removed' || change.kind === 'changed') {
          expect(at(before, change.pathBefore)).toEqual(change.before)
        }
      }
    }),
  )
})

test('more changes than anybody reads are cut, and it is said', () => {
  const list = (sign: number) => Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`f${index}`, sign]))
  const { changes, isWhole } = compareJson(list(1), list(2))
  expect(changes).toHaveLength(2_000)
  expect(isWhole).toBe(false)
})

test('lists within lists within lists, to the bottom, take no longer than a moment', () => {
  const nested = (bottom: unknown) => {
    let value: unknown = [Array(50_000).fill('a text'), bottom]
    for (let depth = 0; depth < 190; depth++) value = [value]
    return value
  }
  const started = performance.now()
  const { changes } = compareJson(nested(1), nested(2))
  expect(changes).toMatchObject([{ kind: 'changed', before: 1, after: 2 }])
  expect(performance.now() - started).toBeLessThan(5_000)
})

function at(value: unknown, path: readonly Step[]): unknown {
  return path.reduce<unknown>((inner, step) => (inner as Record<Step, unknown>)[step], value)
}

function sorted(value: unknown): string {
  return JSON.stringify(value, (_, inner) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted())
      : inner,
  )
}
