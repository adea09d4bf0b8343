/** What a call cost: from what the provider says was used, at the prices of the day on which it was sent. Pure. */
import type { Usage } from '@/lib/jobs/view'
import type { CostLines } from './cost-view'
import { exactDollars, MICROS_PER_USD, usdOf } from './micros'
import { BILLED_ITEMS, modelPrice, type PriceBook } from './price-book'

export type Used = {
  /** Null where the provider did not say. */
  usage: Usage | null
  /** The output items, in which the calls of hosted tools are counted. */
  items: readonly unknown[]
  /** As the provider names it in its answer, else as it was asked. */
  model: string
  /** As the provider names it in its answer; null where it does not. */
  serviceTier: string | null
  book: PriceBook
}

/** `micros` is null where a price or the usage is not known; then `lines.why` says which, as a sentence. */
export type Cost = { micros: bigint | null; lines: CostLines }

type Line = { what: string /** Millionths of a millionth of a dollar; null: not known. */; pico: bigint | null }

const TOKENS_PER_PRICE = 1_000_000
const number = new Intl.NumberFormat('en')

/** The cost of one call, line by line. */
export function costOf({ usage, items, model, serviceTier, book }: Used): Cost {
  const missing: string[] = []
  const tokens = usage === null ? [] : tokenLines({ usage, model, serviceTier, book }, missing)
  if (usage === null) missing.push('The provider did not say how many tokens were used.')
  const lines = [...tokens, ...toolLines(items, book, missing)]
  const known = lines.flatMap(({ pico }) => (pico === null ? [] : [pico]))
  const total = known.reduce((sum, pico) => sum + pico, 0n)
  return {
    // Rounded up: a budget is never passed by what was rounded away.
    micros: missing.length > 0 ? null : (total + 999_999n) / BigInt(TOKENS_PER_PRICE),
    lines: {
      lines: lines.map(({ what, pico }) => ({
        what,
        usd: pico === null ? null : Number(pico) / MICROS_PER_USD / TOKENS_PER_PRICE,
      })),
      why: missing.length > 0 ? missing.join(' ') : null,
    },
  }
}

function tokenLines(
  { usage, model, serviceTier, book }: { usage: Usage; model: string; serviceTier: string | null; book: PriceBook },
  missing: string[],
): Line[] {
  const { inputTokens, outputTokens } = usage
  const price = modelPrice(book, { model, serviceTier, inputTokens })
  if (price === null) missing.push(modelIsUnpriced(model, serviceTier))
  // No server's answer may make the rest negative.
  const cached = Math.min(usage.cachedTokens ?? 0, inputTokens)
  const isCheaper = price !== null && price.cachedMicros !== null && cached > 0
  const fresh = isCheaper ? inputTokens - cached : inputTokens
  return [
    tokenLine(fresh, 'input tokens', price?.inputMicros ?? null),
    ...(isCheaper ? [tokenLine(cached, 'cached input tokens', price.cachedMicros)] : []),
    tokenLine(outputTokens, 'output tokens', price?.outputMicros ?? null),
  ]
}

function tokenLine(count: number, what: string, micros: bigint | null): Line {
  const counted = `${number.format(count)} ${what}`
  if (micros === null) return { what: `${counted}, price not known`, pico: null }
  return { what: `${counted} at ${exactDollars(usdOf(micros))} a million`, pico: BigInt(count) * micros }
}

function toolLines(items: readonly unknown[], book: PriceBook, missing: string[]): Line[] {
  return Object.entries(countBilled(items)).map(([type, count]) => {
    const tool = BILLED_ITEMS[type] as (typeof BILLED_ITEMS)[string]
    const counted = `${number.format(count)} ${count === 1 ? tool.one : tool.many}`
    const micros = book.tools.get(tool.name)
    if (micros === undefined) {
      missing.push(toolIsUnpriced(tool))
      return { what: `${counted}, price not known`, pico: null }
    }
    const each = exactDollars(usdOf(micros))
    return {
      what: `${counted} at ${each}${count === 1 ? '' : ' each'}`,
      pico: BigInt(count) * micros * BigInt(TOKENS_PER_PRICE),
    }
  })
}

/** How many times each billed tool was used. A container is billed by its session, however often it ran code. */
function countBilled(items: readonly unknown[]): Record<string, number> {
  const counts: Record<string, number> = {}
  const sessions = new Set<string>()
  for (const item of items) {
    if (typeof item !== 'object' || item === null || !('type' in item) || typeof item.type !== 'string') continue
    if (!Object.hasOwn(BILLED_ITEMS, item.type)) continue
    if ('container_id' in item && typeof item.container_id === 'string') {
      const session = `${item.type}:${item.container_id}`
      if (sessions.has(session)) continue
      sessions.add(session)
    }
    counts[item.type] = (counts[item.type] ?? 0) + 1
  }
  return counts
}

/** "The price of gpt-5.5 is not known." */
export function modelIsUnpriced(model: string, serviceTier: string | null): string {
  const tier =
    serviceTier === null || serviceTier === 'default' || serviceTier === 'auto' ? '' : ` at the tier ${serviceTier}`
  return `The price of ${model}${tier} is not known.`
}

/** "The price of a web search is not known." */
export function toolIsUnpriced(tool: { a: string }): string {
  return `The price of ${tool.a} is not known.`
}
