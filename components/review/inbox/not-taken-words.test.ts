import { expect, test } from 'vitest'
import { ApiError } from '@/components/jobs/conditional-fetch'
import { notTakenWords } from './not-taken-words'

test('only a refusal says that nothing was taken', () => {
  expect(notTakenWords(new ApiError(403, null))).toEqual({
    title: 'Nothing was taken',
    description: 'You may no longer see this. Try again.',
  })
})

test.each([
  ['the connection broke', new ApiError(0, null), 'No answer came'],
  ['the answer could not be read', new SyntaxError('Unexpected end of JSON input'), 'No answer came'],
  ['the database went away', new ApiError(503, null), 'The server’s database is away'],
  ['a gateway gave up', new ApiError(504, null), 'The server answered 504'],
])('where %s, nobody knows', (_name, error, title) => {
  expect(notTakenWords(error)).toEqual({
    title,
    description: expect.stringContaining('may or may not have been taken'),
  })
})
