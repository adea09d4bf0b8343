import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cutJson, MAX_DEPTH, sanitiseJson, sanitiseText } from './sanitise'

/** Any string of UTF-16 units, lone surrogates and NUL among them. */
const anyUnits = fc
  .string({ unit: 'binary' })
  .chain((text) =>
    fc
      .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 8 })
      .map((units) => text + String.fromCharCode(...units)),
  )
const anyJson = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    anyUnits,
    fc.double(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(anyUnits, tie('value'), { maxKeys: 5 }),
  ),
})).value

const size = (value: unknown) => new TextEncoder().encode(JSON.stringify(value)).byteLength

function everyString(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, element]) => [key, ...everyString(element)])
}

function nested(levels: number): unknown {
  return JSON.parse('['.repeat(levels) + ']'.repeat(levels))
}

test('sanitised text has no NUL and no lone surrogate, and keeps its length', () => {
  fc.assert(
    fc.property(anyUnits, (text) => {
      const safe = sanitiseText(text)
      expect(safe).not.toContain('\u0000')
      expect(safe.isWellFormed()).toBe(true)
      expect(safe).toHaveLength(text.length)
    }),
  )
  expect(sanitiseText('a\u0000b\uD800c😀')).toBe('a\u2400b\uFFFDc😀')
})

test('every string and key of sanitised JSON is safe, and what was safe is unchanged', () => {
  fc.assert(
    fc.property(anyJson, (value) => {
      const safe = sanitiseJson(value)
      for (const text of everyString(safe)) {
        expect(text).not.toContain('\u0000')
        expect(text.isWellFormed()).toBe(true)
      }
      expect(sanitiseJson(safe)).toEqual(safe)
    }),
  )
  const plain = { a: [1, true, null, 'x'], b: {} }
  expect(sanitiseJson(plain)).toEqual(plain)
})

test('a hundred thousand levels do not overflow the stack', () => {
  const safe = sanitiseJson(nested(100_000))
  expect(JSON.stringify(safe)).toContain(`deeper than ${MAX_DEPTH}`)
  expect(cutJson(nested(100_000), 10_000).data).toEqual(safe)
})

test('a key named __proto__ stays a key', () => {
  const safe = sanitiseJson(JSON.parse('{"__proto__":{"evil":1}}')) as Record<string, unknown>
  expect(Object.keys(safe)).toEqual(['__proto__'])
  expect(safe.evil).toBeUndefined()
})

test('cut JSON never takes more than its bytes, and says whether something is missing', () => {
  fc.assert(
    fc.property(anyJson, fc.integer({ min: 64, max: 400 }), (value, maxBytes) => {
      const { data, cut } = cutJson(value, maxBytes)
      expect(size(data)).toBeLessThanOrEqual(maxBytes)
      expect(cut).toBe(size(sanitiseJson(value)) > maxBytes)
    }),
  )
})

test('the fields after a long one are still there', () => {
  const { data, cut } = cutJson({ output: '€'.repeat(1_000_000), call_id: 'call_7' }, 1_000)
  expect(cut).toBe(true)
  expect(data).toMatchObject({ call_id: 'call_7', output: expect.stringMatching(/^€{50,}…$/) })
})
