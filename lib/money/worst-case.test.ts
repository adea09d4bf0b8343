import fc from 'fast-check'
import { expect, test } from 'vitest'
import { costOf } from './cost'
import { book, definitionOf, requestOf } from './fixtures'
import { inputTokensOf, worstCaseOf, worstCaseOfJob } from './worst-case'

const search = { type: 'web_search' }

test('no call that keeps its limits costs more than its worst case', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', maxLength: 400 }),
      fc.integer({ min: 1, max: 20_000 }),
      fc.float({ min: 0, max: 1, noNaN: true }),
      fc.integer({ min: 0, max: 3 }),
      (input, max_output_tokens, share, calls) => {
        const request = requestOf({ input, max_output_tokens, tools: [search], max_tool_calls: 3 })
        const worst = worstCaseOf(request, 0, book)
        const inputTokens = Math.floor(inputTokensOf(request) * share)
        const outputTokens = Math.floor(max_output_tokens * share)
        const cost = costOf({
          usage: { inputTokens, outputTokens, cachedTokens: null, reasoningTokens: null, totalTokens: 0 },
          items: Array.from({ length: calls }, () => ({ type: 'web_search_call' })),
          model: request.model,
          serviceTier: null,
          book,
        })
        expect(Number(cost.micros)).toBeLessThanOrEqual(Number(worst.micros))
      },
    ),
  )
})

test('it grows with what the response before it carries on', () => {
  const alone = worstCaseOf(requestOf(), 0, book).micros ?? 0n
  expect(worstCaseOf(requestOf(), 5_000, book).micros).toBe(alone + 5_000n)
})

test('hosted tools need a limit to their calls; tools of our own cost nothing here', () => {
  expect(worstCaseOf(requestOf({ tools: [search] }), 0, book)).toEqual({
    micros: null,
    why: 'The workflow sets no limit (maxToolCalls) to web searches, so what they may cost is not known.',
  })
  expect(worstCaseOf(requestOf({ tools: [{ type: 'file_search' }], max_tool_calls: 2 }), 0, book)).toEqual({
    micros: null,
    why: 'The price of a file search is not known.',
  })
  expect(worstCaseOf(requestOf({ tools: [{ type: 'function', name: 'x' }] }), 0, book).micros).not.toBeNull()
})

test('before its request is built, a job is judged by its text', () => {
  const small = worstCaseOfJob(definitionOf(), 300, book).micros ?? 0n
  expect(small).toBeGreaterThan(10_000n)
  expect((worstCaseOfJob(definitionOf(), 3_300, book).micros ?? 0n) - small).toBe(1_000n)
  expect(worstCaseOfJob(definitionOf({ model: 'm-2' }), 300, book).why).toBe('The price of m-2 is not known.')
})
