import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { failureClasses, failurePlaces, failureSentence, retriesByItself, type Signal } from '@/lib/lifecycle/failure'
import { decideRetry } from '@/lib/lifecycle/retry'
import { builtinRules } from './builtin'
import { decide, ENDS_NOBODY_SAW } from './decide'
import { sdkFailureCodes, sdkIncompleteReasons } from './sdk-codes'
import { callSignal, checksSignal, failedSignal, incompleteSignal, stopSignal } from './signals'
import { type Rule, signalKinds, tellings } from './types'

const call = (httpStatus: number | null, code: string | null = null) => callSignal('create', { httpStatus, code })

describe('the built-in rules', () => {
  test.each<[Signal, string, string]>([
    [call(null, 'ECONNREFUSED'), 'infrastructure', 'ECONNREFUSED'],
    [call(null), 'infrastructure', 'no_code'],
    [call(408), 'infrastructure', 'http_408'],
    [call(409), 'infrastructure', 'http_409'],
    [call(429, 'rate_limit_exceeded'), 'infrastructure', 'rate_limit_exceeded'],
    [call(500), 'infrastructure', 'http_500'],
    [call(503, 'slow_down'), 'infrastructure', 'slow_down'],
    [call(400), 'malformed_input', 'http_400'],
    [call(400, 'context_length_exceeded'), 'malformed_input', 'context_length_exceeded'],
    [call(404), 'malformed_input', 'http_404'],
    [call(413), 'malformed_input', 'http_413'],
    [call(422), 'malformed_input', 'http_422'],
    [call(400, 'invalid_prompt'), 'policy', 'invalid_prompt'],
    [call(400, 'usage_policy_violation'), 'policy', 'usage_policy_violation'],
    [call(302), 'unclassified', 'http_302'],
    // A code of ours in an HTTP answer is not taken for ours.
    [call(400, 'refusal'), 'malformed_input', 'refusal'],
    [failedSignal('server_error'), 'infrastructure', 'server_error'],
    [failedSignal('rate_limit_exceeded'), 'infrastructure', 'rate_limit_exceeded'],
    [failedSignal('vector_store_timeout'), 'timeout', 'vector_store_timeout'],
    [failedSignal('data_residency_mismatch'), 'policy', 'data_residency_mismatch'],
    [failedSignal('image_content_policy_violation'), 'policy', 'image_content_policy_violation'],
    [failedSignal('image_parse_error'), 'malformed_input', 'image_parse_error'],
    [failedSignal('never_seen_before'), 'unclassified', 'never_seen_before'],
    [failedSignal('constructor'), 'unclassified', 'constructor'],
    [failedSignal('no_progress'), 'unclassified', 'no_progress'],
    [failedSignal(null), 'unclassified', 'no_code'],
    [incompleteSignal('content_filter'), 'policy', 'content_filter'],
    [incompleteSignal('max_output_tokens'), 'review_required', 'max_output_tokens'],
    [incompleteSignal('steered'), 'review_required', 'steered'],
    [incompleteSignal('some_new_reason'), 'unclassified', 'some_new_reason'],
    [checksSignal(['quotes']), 'review_required', 'checks_failed'],
    [checksSignal(['own:amount']), 'review_required', 'checks_failed'],
    [stopSignal('no_progress'), 'timeout', 'no_progress'],
    [stopSignal('refusal'), 'policy', 'refusal'],
    [stopSignal('empty_output'), 'review_required', 'empty_output'],
    [stopSignal('waiting_calls'), 'review_required', 'waiting_calls'],
    [stopSignal('gone'), 'unclassified', 'gone'],
  ])('give %j the class %s', (signal, failureClass, code) => {
    expect(decide(signal, builtinRules)).toMatchObject({ class: failureClass, code })
  })

  test.each([...sdkFailureCodes])('know the code %s of the SDK', (code) => {
    expect(decide(failedSignal(code), builtinRules).ruleId).not.toBeNull()
  })

  test.each([...sdkIncompleteReasons])('know the reason %s of the SDK', (reason) => {
    expect(decide(incompleteSignal(reason), builtinRules).ruleId).not.toBeNull()
  })

  test.each([
    call(401),
    call(403),
    call(401, 'invalid_api_key'),
    // Out of credit comes as 429, and is no rate limit: waiting does not help.
    call(429, 'insufficient_quota'),
    call(429, 'credit_balance_exhausted'),
    call(429, 'billing_hard_limit_reached'),
    failedSignal('insufficient_quota'),
  ])('stop the queue for %j, use up no try and tell the leads', (signal) => {
    expect(decide(signal, builtinRules)).toMatchObject({
      class: 'infrastructure',
      stopsQueue: true,
      countsTries: false,
      retry: null,
      tell: 'leads',
    })
  })

  test.each([
    [call(429, 'rate_limit_exceeded'), false],
    [call(503, 'slow_down'), false],
    [call(429), false],
    // It had been taken, and may have been paid.
    [failedSignal('rate_limit_exceeded'), true],
    [call(500), true],
  ])('let a refusal for going too fast use up no try, and nothing else: %j', (signal, counts) => {
    expect(decide(signal, builtinRules).countsTries).toBe(counts)
  })

  test('go on at once, without a try, where the earlier response is gone', () => {
    const verdict = decide(call(400, 'previous_response_not_found'), builtinRules)
    expect(verdict).toMatchObject({ class: 'infrastructure', countsTries: false, retry: { firstSeconds: 0 } })
  })

  test('are each reached by some signal', () => {
    const reached = new Set(
      builtinRules.map(({ signal: { kind, value }, where }) => {
        const code = value.replace(/^\*/, 'some').replace(/\*$/, '_violation')
        const signals: Record<typeof kind, () => Signal> = {
          code: () => (where === 'create' ? call(429, code) : failedSignal(code)),
          http_status: () => callSignal(where ?? 'look', { httpStatus: statusOf(value), code: null }),
          incomplete: () => incompleteSignal(value),
          check: () => checksSignal(['schema']),
          stop: () => stopSignal(value),
        }
        return decide(signals[kind](), builtinRules).ruleId
      }),
    )
    expect(builtinRules.map(({ id }) => id).filter((id) => !reached.has(id))).toEqual([])
  })
})

const statusOf = (value: string) => (value === 'none' ? null : Number(value.replace('xx', '50')))

test('the first rule that fits decides, and its own sentence is told', () => {
  const [first] = builtinRules
  if (first === undefined) throw new Error('there are no built-in rules')
  const ours: Rule = { ...first, id: 'ours', signal: { kind: 'code', value: 'odd' }, sentence: 'It was odd.' }
  expect(decide(failedSignal('odd'), [ours, ...builtinRules])).toMatchObject({
    ruleId: 'ours',
    sentence: 'It was odd.',
  })
  expect(decide(failedSignal('odd'), builtinRules)).toMatchObject({
    ruleId: null,
    tell: 'leads',
    sentence: failureSentence('unclassified', 'odd'),
  })
})

const someCode = fc.constantFrom('odd', 'server_error', 'invalid_prompt', 'max_output_tokens', ...ENDS_NOBODY_SAW)
const anyRule: fc.Arbitrary<Rule> = fc.record({
  id: fc.uuid(),
  signal: fc.record({
    kind: fc.constantFrom(...signalKinds),
    value: fc.oneof(someCode, fc.constantFrom('*', '*r*', '4xx', '5xx', 'none', '429', 'schema')),
  }),
  where: fc.constantFrom(null, ...failurePlaces),
  class: fc.constantFrom(...failureClasses),
  retry: fc.option(
    fc.record({
      firstSeconds: fc.option(fc.nat(10)),
      factor: fc.option(fc.constantFrom(1, 2)),
      capSeconds: fc.option(fc.nat(100)),
      maxAttempts: fc.option(fc.integer({ min: 1, max: 20 })),
    }),
  ),
  stopsQueue: fc.boolean(),
  countsTries: fc.boolean(),
  tell: fc.constantFrom(...tellings),
  sentence: fc.constant(null),
})
const anySignal: fc.Arbitrary<Signal> = fc.oneof(
  fc
    .tuple(fc.constantFrom(...failurePlaces), fc.option(fc.integer({ min: 100, max: 599 })), fc.option(someCode))
    .map(([where, httpStatus, code]) => callSignal(where, { httpStatus, code })),
  fc.option(someCode).map(failedSignal),
  fc.option(someCode).map(incompleteSignal),
  fc.array(fc.constantFrom('schema', 'quotes')).map(checksSignal),
  someCode.map(stopSignal),
)

test('whatever the rules say, nothing but infrastructure and timeouts is tried again or stops a queue', () => {
  fc.assert(
    fc.property(fc.array(anyRule, { maxLength: 8 }), anySignal, (rules, signal) => {
      const verdict = decide(signal, rules)
      const { retry, stopsQueue, countsTries } = verdict
      const workflow = { maxAttempts: 20, firstMs: 1, factor: 1, capMs: 1 }
      const how = { now: new Date(0), retryAfterMs: null, random: 0, override: retry, countsTries }
      const mayRetry = retriesByItself(verdict.class)
      if (!mayRetry) {
        expect({ retry, stopsQueue }).toEqual({ retry: null, stopsQueue: false })
        expect(decideRetry(verdict.class, 1, workflow, how).did).toBe(false)
      }
      if (signal.source === 'ours' && ENDS_NOBODY_SAW.includes(signal.code ?? '')) expect(mayRetry).toBe(false)
    }),
    { numRuns: 2_000 },
  )
})
