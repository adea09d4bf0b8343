import { expect, test } from 'vitest'
import { checkWords, fieldWords, retryWords, spanWords, toolRisk } from './words'

test.each([
  [1, '1 second'],
  [90, '90 seconds'],
  [300, '5 minutes'],
  [7_200, '2 hours'],
  [86_400, '24 hours'],
  [172_800, '2 days'],
  [0.5, '0.5 seconds'],
])('%d seconds are %s', (seconds, words) => {
  expect(spanWords(seconds)).toBe(words)
})

test('retries and checks are told in a sentence', () => {
  expect(retryWords({ maxAttempts: 4, factor: 2, capSeconds: 300 })).toBe(
    '4 attempts in all; after the usual first delay, each time 2 times as long, at most 5 minutes',
  )
  expect(retryWords({ maxAttempts: 1, factor: 2, capSeconds: 300 })).toBe('Never by itself')
  const check = { id: 'a', label: 'A', at: '/fields/*/value' }
  expect(checkWords({ ...check, must: { be: 'one_of', values: ['a', 2] } })).toBe('/fields/*/value is one of "a" and 2')
})

test('the risk of a server is that of its riskiest tool that may be called', () => {
  const server = { type: 'mcp' as const, serverLabel: 'crm', serverUrl: 'https://crm.example' }
  expect(toolRisk({ ...server, risk: 'read', tools: { drop: 'forbidden' } })).toBe('read')
  expect(toolRisk({ ...server, risk: 'forbidden', tools: { send: 'write' } })).toBe('write')
  expect(toolRisk({ type: 'web_search' })).toBe('read')
})

test('a field is named for people', () => {
  expect(fieldWords('review.requesterMayApprove')).toBe('Review: requester may approve')
  expect(fieldWords('tools.issue_refund')).toBe('Tool: issue_refund')
  expect(fieldWords('maxOutputTokens')).toBe('Max output tokens')
})
