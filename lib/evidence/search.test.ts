import fc from 'fast-check'
import { expect, test } from 'vitest'
import { places } from './search'

function placesByComparing(text: string, needle: string): number[] {
  return Array.from({ length: text.length + 1 }, (_, at) => at).filter(
    (at) => needle !== '' && text.startsWith(needle, at),
  )
}

const letters = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 60 })

test('the places of a short needle are those that comparing finds', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 400 }), letters, (text, needle) => {
      expect([...places(text, needle.slice(0, 5), { left: Infinity })]).toEqual(
        placesByComparing(text, needle.slice(0, 5)),
      )
    }),
  )
})

test('so are those of a long needle in a repetitive text', () => {
  fc.assert(
    fc.property(letters, fc.nat({ max: 200 }), fc.nat({ max: 120 }), letters, (head, many, few, tail) => {
      const text = `${head}${'a'.repeat(many)}${tail}${'a'.repeat(many)}`
      const needle = `${'a'.repeat(few)}${tail}`
      expect([...places(text, needle, { left: Infinity })]).toEqual(placesByComparing(text, needle))
    }),
    { numRuns: 500 },
  )
})
