import { expect, test } from 'vitest'
import { outlineOf, readableText } from './outline'

test('an outline reads like a text: fields, elements, and texts without quotes', () => {
  const value = {
    title: 'The "rent"',
    findings: [
      { claim: 'It is due.\nAlways.', citations: [] },
      { claim: 'No.', amount: 740 },
    ],
    questions: ['Why?'],
    note: null,
  }
  expect(outlineOf(value)).toBe(
    [
      'title: The "rent"',
      'findings:',
      '  - claim:',
      '      It is due.',
      '      Always.',
      '    citations: none',
      '  - claim: No.',
      '    amount: 740',
      'questions:',
      '  - Why?',
      'note: not stated',
    ].join('\n'),
  )
})

test('only JSON becomes an outline', () => {
  expect(readableText(' {"a": 1}')).toEqual({ text: 'a: 1', isOutline: true })
  expect(readableText('{"a": ')).toEqual({ text: '{"a": ', isOutline: false })
  expect(readableText('Dear tenant,')).toEqual({ text: 'Dear tenant,', isOutline: false })
})
