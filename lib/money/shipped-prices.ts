/**
 * The prices that come with Holdpoint: each with the page that says so. A model without such a page has none, and a
 * team enters what it pays. They never replace what a team entered for the same day or later.
 */

/** US dollars: of a model for a million tokens, of a tool for one call. */
export type ShippedPrice = { validFrom: string; source: string } & (
  | { kind: 'model'; name: string; input: number; cached: number | null; output: number }
  | { kind: 'tool'; name: string; call: number }
)

/** The day on which gpt-5.5 came out: no call of it is older. */
const GPT_5_5 = '2026-04-23'

export const shippedPrices: readonly ShippedPrice[] = [
  {
    kind: 'model',
    name: 'gpt-5.5',
    validFrom: GPT_5_5,
    input: 5,
    cached: 0.5,
    output: 30,
    source:
      'OpenAI’s price list as of June 2026, as quoted at morphllm.com/openai-api-pricing. Check it against openai.com/api/pricing.',
  },
  {
    kind: 'model',
    name: 'gpt-5.5:long',
    validFrom: GPT_5_5,
    input: 10,
    cached: 1,
    output: 45,
    source:
      'OpenAI’s price list of 2026 (more than 272,000 input tokens), as quoted at benchr.org/articles/gpt-5-5-pricing-explained. Check it against openai.com/api/pricing.',
  },
  {
    kind: 'model',
    name: 'gpt-5.5:flex',
    validFrom: GPT_5_5,
    input: 2.5,
    cached: null,
    output: 15,
    source:
      'OpenAI’s price list of April 2026, as quoted at baeseokjae.github.io/posts/gpt-5-5-batch-flex-pricing-guide-2026. Check it against openai.com/api/pricing.',
  },
  {
    kind: 'model',
    name: 'gpt-5.5:priority',
    validFrom: GPT_5_5,
    input: 12.5,
    cached: 1.25,
    output: 75,
    source: 'openai.com/api-priority-processing, as stored in 2026. It excludes long inputs.',
  },
  {
    kind: 'tool',
    name: 'web_search',
    validFrom: '2026-03-12',
    call: 0.01,
    source:
      'OpenAI’s price list as of 12 March 2026 ($10 for 1,000 calls), as quoted at modelcostwatch.com/openai/tool-costs/web-search. Check it against openai.com/api/pricing.',
  },
  {
    kind: 'tool',
    name: 'file_search',
    validFrom: '2026-03-12',
    call: 0.0025,
    source:
      'OpenAI’s price list as of 12 March 2026 ($2.50 for 1,000 calls), as quoted at modelcostwatch.com/openai/tool-costs/file-search. Check it against openai.com/api/pricing.',
  },
]
