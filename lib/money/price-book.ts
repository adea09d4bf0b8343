/** The prices that hold on one day, and how the price of a model or a tool is found among them. Pure. */

/** The price of a model: for a million tokens, in millionths of a US dollar. */
export type ModelPrice = {
  name: string
  inputMicros: bigint
  /** Null where cached input is not cheaper, or it is not known: then it is counted at the full price. */
  cachedMicros: bigint | null
  outputMicros: bigint
}

/** Prices by name: of models for a million tokens, of tools for one call in millionths of a US dollar. */
export type PriceBook = { models: ReadonlyMap<string, ModelPrice>; tools: ReadonlyMap<string, bigint> }

/**
 * A request with more input than this is billed at the long-context price, all of it. Source: OpenAI's pricing of the
 * GPT-5.4, 5.5 and 6 families as of 2026. Prices of this kind have a name of their own: `gpt-5.5:long`.
 */
export const LONG_CONTEXT_TOKENS = 272_000
const LONG = ':long'

/** Tiers at the standard price. Others have prices with a name of their own: `gpt-5.5:flex`, `gpt-5.5:priority`. */
const STANDARD_TIERS: readonly (string | null)[] = [null, 'auto', 'default']

/** `gpt-5.5-2026-04-23` is a snapshot of `gpt-5.5`, and costs the same unless a price of its own is on record. */
const SNAPSHOT = /-\d{4}-\d{2}-\d{2}$/

/** The names under which the price of this model may be on record, the closest first. */
export function namesOf(model: string, serviceTier: string | null): string[] {
  const bases = SNAPSHOT.test(model) ? [model, model.replace(SNAPSHOT, '')] : [model]
  return STANDARD_TIERS.includes(serviceTier) ? bases : bases.map((base) => `${base}:${serviceTier}`)
}

/**
 * The price of a call of `model`; null where it is not known. A call with a long input needs the price for long ones
 * only where the model, at the standard tier, has such a price.
 */
export function modelPrice(
  book: PriceBook,
  { model, serviceTier, inputTokens }: { model: string; serviceTier: string | null; inputTokens: number },
): ModelPrice | null {
  const names = namesOf(model, serviceTier)
  const find = (suffix: string) =>
    names.map((name) => book.models.get(`${name}${suffix}`)).find((price) => price !== undefined)
  const short = find('') ?? null
  if (inputTokens <= LONG_CONTEXT_TOKENS) return short
  const isDearerWhenLong = namesOf(model, null).some((name) => book.models.has(`${name}${LONG}`))
  return find(LONG) ?? (isDearerWhenLong ? null : short)
}

/** The tools that the provider bills by call, by the type of their output item. */
export const BILLED_ITEMS: Record<string, { name: string; one: string; many: string; a: string }> = {
  web_search_call: { name: 'web_search', one: 'web search', many: 'web searches', a: 'a web search' },
  file_search_call: { name: 'file_search', one: 'file search', many: 'file searches', a: 'a file search' },
  code_interpreter_call: {
    name: 'code_interpreter',
    one: 'code interpreter session',
    many: 'code interpreter sessions',
    a: 'a code interpreter session',
  },
  image_generation_call: {
    name: 'image_generation',
    one: 'generated image',
    many: 'generated images',
    a: 'a generated image',
  },
  shell_call: { name: 'shell', one: 'shell session', many: 'shell sessions', a: 'a shell session' },
}

/** The tools by their name in a request and in the price list. */
export const BILLED_TOOLS = Object.fromEntries(Object.values(BILLED_ITEMS).map((tool) => [tool.name, tool]))

/** How a price is named for people: "gpt-5.5, long input", "gpt-5.5, tier flex", "web search". */
export function priceLabel(kind: 'model' | 'tool', name: string): string {
  if (kind === 'tool') return BILLED_TOOLS[name]?.one ?? name
  const [model, ...parts] = name.split(':')
  return [model, ...parts.map((part) => (part === 'long' ? 'long input' : `tier ${part}`))].join(', ')
}
