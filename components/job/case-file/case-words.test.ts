import { expect, test } from 'vitest'
import { erasedWords, provenWords } from './case-words'

test('a case file says how far it is signed', () => {
  expect(provenWords({ anchored: null, version: 3 })).toContain('No signed anchor')
  expect(provenWords({ anchored: { anchor: 4, version: 2 }, version: 3 })).toBe(
    'Signed up to line 2 of 3 of its history, by anchor 4. The rest is chained, and signed within a minute.',
  )
  expect(provenWords({ anchored: { anchor: 5, version: 3 }, version: 3 })).toBe(
    'All 3 lines of its history are signed, by anchor 5.',
  )
})

test('a case file says what was erased, and nothing where nothing was', () => {
  expect(erasedWords(0)).toBeNull()
  expect(erasedWords(1)).toContain('One of the texts')
  expect(erasedWords(3)).toContain('3 of the texts')
})
