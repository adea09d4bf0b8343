import { describe, expect, test } from 'vitest'
import { classify, failureClasses, failureSentence, type Signal } from './failure'

const call = (httpStatus: number | null, code: string | null = null): Signal => ({ source: 'call', httpStatus, code })
const response = (code: string | null): Signal => ({ source: 'response', httpStatus: null, code })

describe('a signal', () => {
  test.each([
    [call(null, 'ECONNREFUSED'), 'infrastructure'],
    [call(408), 'infrastructure'],
    [call(409), 'infrastructure'],
    [call(429, 'rate_limit_exceeded'), 'infrastructure'],
    [call(500), 'infrastructure'],
    [call(503, 'slow_down'), 'infrastructure'],
    [call(400), 'malformed_input'],
    [call(400, 'context_length_exceeded'), 'malformed_input'],
    [call(404), 'malformed_input'],
    [call(413), 'malformed_input'],
    [call(422), 'malformed_input'],
    [call(400, 'invalid_prompt'), 'policy'],
    [call(401), 'unclassified'],
    [call(403), 'unclassified'],
    // Out of credit comes as 429, and is no rate limit: waiting does not help.
    [call(429, 'insufficient_quota'), 'unclassified'],
    [call(429, 'credit_balance_exhausted'), 'unclassified'],
    [response('server_error'), 'infrastructure'],
    [response('rate_limit_exceeded'), 'infrastructure'],
    [response('vector_store_timeout'), 'timeout'],
    [response('bio_policy'), 'policy'],
    [response('data_residency_mismatch'), 'policy'],
    [response('refusal'), 'policy'],
    [response('content_filter'), 'policy'],
    [response('max_output_tokens'), 'review_required'],
    [response('steered'), 'review_required'],
    [response('empty_output'), 'review_required'],
    [response('waiting_calls'), 'review_required'],
    [response('image_parse_error'), 'malformed_input'],
    [response('no_progress'), 'timeout'],
    [response('never_seen_before'), 'unclassified'],
    [response(null), 'unclassified'],
    [{ source: 'ours', httpStatus: null, code: 'gone' } as Signal, 'unclassified'],
  ])('%j is of the class %s', (signal, failureClass) => {
    expect(classify(signal).class).toBe(failureClass)
  })

  test('a code of ours in an HTTP answer is not taken for ours', () => {
    expect(classify(call(400, 'refusal')).class).toBe('malformed_input')
  })
})

test('every class has a sentence for people, whatever its code', () => {
  for (const failureClass of failureClasses) expect(failureSentence(failureClass, 'no_such_code')).toMatch(/\.$/)
})
