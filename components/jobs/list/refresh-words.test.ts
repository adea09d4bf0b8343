import { expect, it } from 'vitest'
import { ApiError } from '@/components/jobs/conditional-fetch'
import { failureWords, freshWords } from './refresh-words'

const fresh = { readAt: 10_000, error: null, paused: null }

it('says how old the list is', () => {
  expect(freshWords(fresh, 14_000)).toBe('checked 4 s ago')
  expect(freshWords(fresh, 11_000)).toBe('checked just now')
  expect(freshWords({ ...fresh, readAt: 0 }, 14_000)).toBe('checking now')
})

it('says why it holds still', () => {
  expect(freshWords({ ...fresh, paused: 'selection' }, 14_000)).toBe('checked 4 s ago, held while rows are selected')
  expect(freshWords({ ...fresh, paused: 'menu' }, 14_000)).toBe('checked 4 s ago, held while a menu is open')
})

it.each([
  [new ApiError(0, null), 'The server was not reached'],
  [new ApiError(401, null), 'You are signed out'],
  [new ApiError(503, null), 'The server’s database is away'],
  [new ApiError(500, null), 'The server answered 500'],
  [new TypeError('x'), 'The answer could not be read'],
])('says why a refresh failed: %s', (error, words) => {
  expect(failureWords(error)).toBe(words)
})

it('says nothing while nothing failed', () => {
  expect(failureWords(null)).toBeNull()
})
