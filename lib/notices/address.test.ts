import { expect, test } from 'vitest'
import { parseAddress } from './address'

test.each([
  ['https://holdpoint.example.org', 'https://holdpoint.example.org'],
  [' holdpoint.example.org/ ', 'https://holdpoint.example.org'],
  ['http://127.0.0.1:3000', 'http://127.0.0.1:3000'],
])('%j is an address', (typed, url) => {
  expect(parseAddress(typed)).toEqual({ ok: true, url })
})

test.each([
  '',
  'not an address',
  'ftp://files.example.org',
  'javascript://example.org',
  'https://user:password@example.org',
  'https://example.org/holdpoint',
  'https://example.org/?a=b',
])('%j is none, and a sentence says why', (typed) => {
  expect(parseAddress(typed)).toEqual({ ok: false, why: expect.stringMatching(/\.$/) })
})
