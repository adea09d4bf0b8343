/** Proposes a refund or a credit from the amounts that stand in the documents. Pure. */
import { type Library, type QuotedSentence, termsOf } from './ranking'
import { answerParts, byTheSandbox, type Cited, cite, oneLine, splitQuestion, stated } from './report'

export type Proposal = {
  action: {
    type: 'refund' | 'credit'
    order: string
    amount: number | null
    currency: string | null
    reason: string
  }
  why: string
  grounds: { ground: string; citations: Cited[] }[]
}

export type Money = { amount: number; currency: string }

/** Enough to decide by, few enough to read. */
const mostGrounds = 6
const longestReason = 200

const codes: Record<string, string> = {
  $: 'USD',
  '€': 'EUR',
  '£': 'GBP',
  '¥': 'JPY',
  euro: 'EUR',
  euros: 'EUR',
  dollar: 'USD',
  dollars: 'USD',
  pound: 'GBP',
  pounds: 'GBP',
}
const unit = 'USD|EUR|GBP|CHF|JPY|[$€£¥]|euros?|dollars?|pounds?'
const figure = "\\d{1,3}(?:[,' ]\\d{3})+(?:\\.\\d{1,2})?|\\d+(?:\\.\\d{1,2})?"
/** `12.90 euros`, `€ 12.90`, `USD 1,200`. */
const money = new RegExp(
  `(?:(?<before>${unit})\\s?(?<first>${figure})|(?<second>${figure})\\s?(?<after>${unit}))(?![\\p{L}\\d])`,
  'giu',
)
/** `Refunds above 500 euros` names a limit, not what is to be paid. */
const limit = /(?:above|over|under|below|up to|at (?:least|most)|more than|less than|from)\s*$/i

/**
 * The amount is the one of the sentence that speaks best of such a payment; where the request itself names one, that
 * one. Null where neither does.
 */
export function propose(
  library: Library,
  { request, order, type }: { request: string; order: string; type: 'refund' | 'credit' | null },
  guidance: string,
): Proposal {
  const kind = type ?? (/\bcredit|voucher\b/i.test(request) ? 'credit' : 'refund')
  const named = moneyIn(request)[0] ?? null
  const source =
    named === null ? sentenceWithAmount(library, kind, `${request} ${guidance}`) : sentenceWith(library, named)
  const found = named ?? (source === null ? null : (moneyIn(source.text)[0] ?? null))
  const answers = answerParts(
    library,
    [...splitQuestion(request), ...splitQuestion(guidance), `${kind} approval`],
    guidance,
  )
  const quotes = [...new Set([...(source === null ? [] : [source]), ...answers.flatMap(({ quotes }) => quotes)])]
  const line = oneLine(request)
  return {
    action: {
      type: kind,
      order,
      amount: found?.amount ?? null,
      currency: found?.currency ?? null,
      reason: line.length <= longestReason ? line : `${line.slice(0, longestReason - 1).toWellFormed()}…`,
    },
    why: whyOf(found, source, named !== null),
    grounds: [
      ...(named !== null && source === null ? [{ ground: `The request names ${words(named)}.`, citations: [] }] : []),
      ...quotes.slice(0, mostGrounds).map((quote) => ({ ground: stated(quote), citations: cite(quote) })),
    ],
  }
}

function sentenceWithAmount(library: Library, kind: string, about: string): QuotedSentence | null {
  const wanted = new Set(termsOf(`${kind} total`))
  const candidates = library
    .findSentences(`${kind} total amount ${about}`, 80)
    .filter(({ sentence }) => moneyIn(sentence.text).length > 0)
    .map((found) => ({ ...found, share: termsOf(found.sentence.text).filter((term) => wanted.has(term)).length }))
    .filter(({ share }) => share > 0)
    .sort((a, b) => b.share - a.share || b.score - a.score)
  return candidates[0]?.sentence ?? null
}

function sentenceWith(library: Library, { amount, currency }: Money): QuotedSentence | null {
  const has = ({ text }: QuotedSentence) =>
    moneyIn(text).some((one) => one.amount === amount && one.currency === currency)
  return library.sentences.find(has) ?? null
}

/** The amounts of a text that are no limits, in the order in which they stand. */
export function moneyIn(text: string): Money[] {
  return [...text.matchAll(money)].flatMap(({ groups = {}, index }) => {
    if (limit.test(text.slice(Math.max(0, index - 20), index))) return []
    const sign = groups.before ?? groups.after ?? ''
    const amount = Number((groups.first ?? groups.second ?? '').replace(/[,' ]/g, ''))
    const currency = codes[sign.toLowerCase()] ?? sign.toUpperCase()
    return Number.isFinite(amount) && amount > 0 ? [{ amount, currency }] : []
  })
}

function whyOf(found: Money | null, source: QuotedSentence | null, isNamed: boolean): string {
  if (found === null)
    return `No amount for this stands in the documents or in the request, so none is proposed. ${byTheSandbox}`
  const from = isNamed ? 'as the request names it' : `as ${source?.passage.document} names it`
  const also = !isNamed
    ? ''
    : source === null
      ? ' It stands in no document.'
      : ` It stands in ${source.passage.document} too.`
  return `The amount is ${words(found)}, ${from}.${also} ${byTheSandbox}`
}

const words = ({ amount, currency }: Money) => `${currency} ${amount.toFixed(2)}`
