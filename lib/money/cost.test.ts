import { describe, expect, test } from 'vitest'
import { costOf } from './cost'
import { book } from './fixtures'
import type { PriceBook } from './price-book'

const usage = (inputTokens: number, outputTokens: number, cachedTokens: number | null = null) => ({
  inputTokens,
  outputTokens,
  cachedTokens,
  reasoningTokens: null,
  totalTokens: inputTokens + outputTokens,
})
const used = { items: [], model: 'm-1', serviceTier: null, book }

describe('the cost of a call', () => {
  test('is its tokens at their prices, line by line', () => {
    expect(costOf({ ...used, usage: usage(12_000, 1_500) })).toEqual({
      micros: 27_000n,
      lines: {
        lines: [
          { what: '12,000 input tokens at $1.00 a million', usd: 0.012 },
          { what: '1,500 output tokens at $10.00 a million', usd: 0.015 },
        ],
        why: null,
      },
    })
  })

  test('counts cached input at its own price, and never more of it than there is', () => {
    expect(costOf({ ...used, usage: usage(10_000, 0, 4_000) }).micros).toBe(6_400n)
    expect(costOf({ ...used, usage: usage(10_000, 0, 99_000) }).micros).toBe(1_000n)
  })

  test('counts cached input in full where it has no price of its own', () => {
    expect(costOf({ ...used, serviceTier: 'flex', usage: usage(10_000, 0, 4_000) }).micros).toBe(5_000n)
  })

  test('is rounded up to a millionth of a dollar', () => {
    expect(costOf({ ...used, serviceTier: 'flex', usage: usage(1, 0) }).micros).toBe(1n)
  })

  test('counts the calls of hosted tools in the output', () => {
    const items = [{ type: 'web_search_call' }, { type: 'web_search_call' }, { type: 'message' }, null, 7]
    const cost = costOf({ ...used, items, usage: usage(0, 0) })
    expect(cost.micros).toBe(20_000n)
    expect(cost.lines.lines.at(-1)).toEqual({ what: '2 web searches at $0.01 each', usd: 0.02 })
  })

  test('counts a container once, however often it ran code', () => {
    const tools = new Map([['code_interpreter', 30_000n]])
    const call = { type: 'code_interpreter_call', container_id: 'c1' }
    const items = [call, call, { ...call, container_id: 'c2' }]
    expect(costOf({ ...used, book: { ...book, tools }, items, usage: usage(0, 0) }).micros).toBe(60_000n)
  })

  test('is not known, and says why, where a price or the usage is not', () => {
    const unknown = (fields: Partial<Parameters<typeof costOf>[0]>) => {
      const cost = costOf({ ...used, usage: usage(10, 10), ...fields })
      expect(cost.micros).toBeNull()
      return cost.lines.why
    }
    expect(unknown({ model: 'm-2' })).toBe('The price of m-2 is not known.')
    expect(unknown({ serviceTier: 'priority' })).toBe('The price of m-1 at the tier priority is not known.')
    expect(unknown({ items: [{ type: 'file_search_call' }] })).toBe('The price of a file search is not known.')
    expect(unknown({ usage: null })).toBe('The provider did not say how many tokens were used.')
  })
})

describe('the price of a model', () => {
  const with_ = (...names: string[]): PriceBook => ({
    ...book,
    models: new Map(
      names.map((name, at) => [
        name,
        { name, inputMicros: BigInt(at + 1) * 1_000_000n, cachedMicros: null, outputMicros: 0n },
      ]),
    ),
  })
  const price = (model: string, tokens: number, prices: PriceBook, serviceTier: string | null = null) =>
    costOf({ ...used, model, serviceTier, book: prices, usage: usage(tokens, 0) }).micros

  test('of a snapshot is that of its model, unless it has its own', () => {
    expect(price('gpt-5.5-2026-04-23', 10, with_('gpt-5.5'))).toBe(10n)
    expect(price('gpt-5.5-2026-04-23', 10, with_('gpt-5.5', 'gpt-5.5-2026-04-23'))).toBe(20n)
    expect(price('gpt-5.5-mini', 10, with_('gpt-5.5'))).toBeNull()
  })

  test('for a long input is the long price for all of it, where there is one', () => {
    expect(price('m', 272_000, with_('m', 'm:long'))).toBe(272_000n)
    expect(price('m', 272_001, with_('m', 'm:long'))).toBe(544_002n)
    expect(price('m', 272_001, with_('m'))).toBe(272_001n)
  })

  test('at a tier is not guessed where only the standard one has a price for long inputs', () => {
    expect(price('m', 272_001, with_('m', 'm:long', 'm:flex'), 'flex')).toBeNull()
    expect(price('m', 100, with_('m', 'm:long', 'm:flex'), 'flex')).toBe(300n)
  })
})
