/** From a result to its claims, each with the passages that carry it. Pure. */
import type { WorkflowDefinition } from '@/lib/workflows/definition'
import { documentAlias } from '@/lib/workflows/request'
import { canLookUp, findQuote } from './find-quote'
import type { Work } from './search'
import type { Citation, Claim, DocumentText } from './types'

/**
 * More than any answer of the built-in workflows can have within its output tokens. What a broken server sends beyond
 * it is not looked up (`lookedUp` different ones) or not even kept: `runChecks` says so, and a person decides.
 */
export const MOST = { lookedUp: 2_000, claims: 5_000, citations: 10_000 } as const

/**
 * What looking up the quotes of one answer may take, in characters: some 2 s in the worst case, in which nothing else
 * runs. It finds 400 quotes in the largest input of the built-in workflows; looking for one in vain costs next to
 * nothing in all but the oddest texts.
 */
export const WORK = 80_000_000

/** No document has a longer name. What a model wrote instead of one is kept up to this. */
const LONGEST_NAME = 1_000

/**
 * The claims of a result, in order, and where each quote stands. `json` may be anything: what does not have the
 * workflow's shape makes no claim. Elements whose `value` is null state nothing and are left out. `work`: see `WORK`.
 */
export function collectEvidence(
  definition: WorkflowDefinition,
  json: unknown,
  documents: DocumentText[],
  work: Work = { left: WORK },
): Claim[] {
  const find = finder(documents, work)
  const claims: Claim[] = []
  let count = 0
  for (const { index, path, text, cited } of statements(definition, json)) {
    if (claims.length === MOST.claims) break
    const citations = cited.slice(0, MOST.citations - count).map(find)
    count += citations.length
    claims.push({ index, path, text, citations, support: supportOf(citations) })
  }
  return claims
}

/** How many claims and citations an answer has, whether or not `collectEvidence` keeps them all. */
export function countStated(definition: WorkflowDefinition, json: unknown): { claims: number; citations: number } {
  const stated = { claims: 0, citations: 0 }
  for (const { cited } of statements(definition, json)) {
    stated.claims += 1
    stated.citations += cited.length
  }
  return stated
}

type Statement = { index: number; path: string; text: string; cited: Fields[] }

function* statements({ evidence }: WorkflowDefinition, json: unknown): Generator<Statement> {
  if (evidence === null || !isRecord(json)) return
  const elements = own(json, evidence.claims)
  if (!Array.isArray(elements)) return
  for (const [index, element] of elements.entries()) {
    if (!isRecord(element)) continue
    const text = claimText(element, evidence.text, evidence.value)
    if (text === null) continue
    const cited = own(element, 'citations')
    yield {
      index,
      path: `/${evidence.claims}/${index}`,
      text,
      cited: Array.isArray(cited) ? cited.filter(isRecord) : [],
    }
  }
}

function claimText(element: Fields, textKey: string, valueKey: string | undefined): string | null {
  const text = own(element, textKey)
  if (typeof text !== 'string') return null
  if (valueKey === undefined) return text
  const value = own(element, valueKey)
  return typeof value === 'string' || typeof value === 'number' ? `${text}: ${value}` : null
}

/** Looks up one citation as the model wrote it: `{ document, quote }`. The same quote is looked up once. */
function finder(documents: DocumentText[], work: Work): (citation: Fields) => Citation {
  const known = new Map<string, Citation>()
  return (citation) => {
    const name = textOf(own(citation, 'document'))
    const quote = textOf(own(citation, 'quote'))
    const key = JSON.stringify([name, quote])
    const before = known.get(key)
    if (before !== undefined) return before
    const document = documentNamed(documents, name)
    const made: Citation = {
      documentId: document?.id ?? null,
      documentName: document?.name ?? name.slice(0, LONGEST_NAME),
      quote,
      ...(document === undefined ? NOWHERE : lookUp(document, quote, known.size, work)),
    }
    known.set(key, made)
    return made
  }
}

const NOWHERE = { found: 'not_found', page: null, start: null, end: null } as const

function lookUp(document: DocumentText, quote: string, before: number, work: Work) {
  if (before >= MOST.lookedUp || !canLookUp(quote, work)) return { ...NOWHERE, notLookedUp: true } as const
  return findQuote(document, quote, work)
}

/** By the id that the request gave it (`d2`, or a passage of it such as `d2.7`), by its own id, or by its name. */
function documentNamed(documents: DocumentText[], named: string): DocumentText | undefined {
  const wanted = named.trim()
  if (wanted.length > LONGEST_NAME) return undefined
  const alias = wanted.replace(/\.\d+$/, '')
  const lower = wanted.toLowerCase()
  const byName = documents.filter((document) => document.name.toLowerCase() === lower)
  return (
    documents.find((document, position) => documentAlias(position) === alias || document.id === wanted) ??
    documents.find((document) => document.name === wanted) ??
    (byName.length === 1 ? byName[0] : undefined)
  )
}

function supportOf(citations: Citation[]): Claim['support'] {
  if (citations.some((citation) => citation.found === 'exact')) return 'exact'
  return citations.some((citation) => citation.found === 'differs') ? 'differs' : 'none'
}

type Fields = Record<string, unknown>
const isRecord = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
/** Only a string is text: making one of anything else a model sent can throw, or take the stack. */
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
/** An own property: a model may name a field `constructor`. */
const own = (fields: Fields, key: string): unknown => (Object.hasOwn(fields, key) ? fields[key] : undefined)
