import { expect, test } from 'vitest'
import { waitingWords } from './policy/publish-part'
import { sampleWords } from './policy-view'

test.each([
  [{ drawn: 0, decided: 0, overturned: 0 }, 'None was held yet'],
  [{ drawn: 3, decided: 0, overturned: 0 }, '3 held, none decided yet'],
  [{ drawn: 1_200, decided: 1_100, overturned: 37 }, '1,200 held, 1,100 decided; 37 overturned (3.4\u00a0%)'],
])('samples are told with how often people overturn them: %j', (figures, words) => {
  expect(sampleWords(figures)).toBe(words)
})

test('what waits is told with the version that it keeps', () => {
  expect(waitingWords(2, 1)).toBe('One job waits under version 2 and keeps its policy.')
  expect(waitingWords(2, 3)).toBe('3 jobs wait under version 2 and keep its policy.')
})
