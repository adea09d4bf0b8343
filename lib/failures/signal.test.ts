import { expect, test } from 'vitest'
import type { Signal } from '@/lib/lifecycle/failure'
import { builtinRules } from '@/lib/rules/builtin'
import { decide } from '@/lib/rules/decide'
import { callSignal, failedSignal, incompleteSignal, signalCode, stopSignal } from '@/lib/rules/signals'
import { BEFORE_SENDING, LOST, signalOf, signalWord } from './signal'

test.each<[string, Signal]>([
  ['a refusal', callSignal('create', { httpStatus: 429, code: 'slow_down' })],
  ['a refusal without a code', callSignal('create', { httpStatus: 418, code: null })],
  ['a connection that failed', callSignal('create', { httpStatus: null, code: 'ECONNREFUSED' })],
  ['a look', callSignal('look', { httpStatus: 500, code: null })],
  ['a response that failed', failedSignal('server_error')],
  ['a response without a code', failedSignal(null)],
  ['a response that is not whole', incompleteSignal('max_output_tokens')],
  ['a reason of our own', stopSignal('gone')],
])('rules make the same of what is stored of %s', (_name, signal) => {
  const stored = signalOf({ signal: signalWord(signal), code: signalCode(signal) })
  expect(stored).not.toBeNull()
  expect(stored && decide(stored, builtinRules)).toEqual(decide(signal, builtinRules))
})

test('of what no rule could look at nothing is said', () => {
  for (const signal of [LOST, BEFORE_SENDING, '']) expect(signalOf({ signal, code: 'lost_answer' })).toBeNull()
})
