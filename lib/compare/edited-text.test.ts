import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { appendAt, editedText, formLoss, moveAt, removeAt, setAt } from './edited-text'

const report = JSON.parse('{"title":"Rent","findings":[{"claim":"A","citations":[]},{"claim":"B"}],"note":null}')

test('the text has the fields in the order in which they were written, two spaces a level', () => {
  expect(editedText(setAt(report, ['findings', 1, 'claim'], 'C'))).toBe(
    [
      '{',
      '  "title": "Rent",',
      '  "findings": [',
      '    {',
      '      "claim": "A",',
      '      "citations": []',
      '    },',
      '    {',
      '      "claim": "C"',
      '    }',
      '  ],',
      '  "note": null',
      '}',
    ].join('\n'),
  )
})

test('setting a value to what it is changes nothing, wherever it stands', () => {
  const value = fc.jsonValue({ maxDepth: 4 }).map((json) => JSON.parse(JSON.stringify(json)))
  fc.assert(
    fc.property(value, (json) => {
      for (const path of pathsOf(json)) {
        const inner = path.reduce((at, step) => at[step], json)
        expect(editedText(setAt(json, path, inner))).toBe(editedText(json))
      }
    }),
  )
})

describe('lists', () => {
  test('elements are added, moved and removed, and what was given stays as it was', () => {
    const before = editedText(report)
    const claims = (value: unknown) =>
      (value as typeof report).findings.map((finding: { claim: string }) => finding.claim)
    expect(claims(appendAt(report, ['findings'], { claim: 'C' }))).toEqual(['A', 'B', 'C'])
    expect(claims(moveAt(report, ['findings'], 1, 0))).toEqual(['B', 'A'])
    expect(claims(moveAt(report, ['findings'], 0, 2))).toEqual(['A', 'B'])
    expect(claims(removeAt(report, ['findings', 0]))).toEqual(['B'])
    expect(Object.keys(removeAt(report, ['title']) as object)).toEqual(['findings', 'note'])
    expect(editedText(report)).toBe(before)
  })
})

describe('what a form would lose', () => {
  test('nothing, of what JSON writes', () => {
    fc.assert(
      fc.property(fc.json({ noUnicodeString: false }), (text) => {
        const written = JSON.stringify(JSON.parse(text))
        expect(formLoss(written)).toBeNull()
        expect(formLoss(JSON.stringify(JSON.parse(written), null, 4))).toBeNull()
      }),
    )
  })

  test.each([
    ['what is no JSON', '{"a": ', 'not_json'],
    ['a field that stands twice', '{"a": 1, "a": 2}', 'repeated'],
    ['names that are numbers', '{"b": 1, "10": 2, "9": 3}', 'order'],
    ['a whole number with many digits', '{"id": 12345678901234567890}', 'numbers'],
    ['a fraction with many digits', '{"share": 0.1234567890123456789}', 'numbers'],
    ['what is too long', `"${'x'.repeat(400_000)}"`, 'too_long'],
    ['another spelling of the same', '{"a": 1.50, "b": 1e3, "d": "\\u00e9\\/"}', null],
  ] as const)('%s is seen', (_, text, loss) => {
    expect(formLoss(text)).toBe(loss)
  })
})

function pathsOf(value: unknown): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return [[]]
  const steps: (string | number)[] = Array.isArray(value) ? [...value.keys()] : Object.keys(value)
  return [[], ...steps.flatMap((step) => pathsOf((value as never)[step]).map((path) => [step, ...path]))]
}
