/** From a result to its claims, each with the passages that carry it. Pure. */
import type { WorkflowDefinition } from '@/lib/workflows/definition'
import { documentAlias } from '@/lib/workflows/request'
import { findQuote } from './find-quote'
import type { Citation, Claim, DocumentText } from './types'

/**
 * More citations than any answer of the built-in workflows can have within its output tokens. What a broken server
 * sends beyond it is not looked up: `runChecks` says so, and the result is held for a person.
 */
export const MAX_CITATIONS = 2000

/**
 * The claims of a result, in order, and where each quote stands. `json` may be anything: what does not have the
 * workflow's shape makes no claim. Elements whose `value` is null state nothing and are left out.
 */
export function collectEvidence(definition: WorkflowDefinition, json: unknown, documents: DocumentText[]): Claim[] {
  const { evidence } = definition
  if (evidence === null || !isRecord(json)) return []
  const elements = own(json, evidence.claims)
  if (!Array.isArray(elements)) return []
  const find = finder(documents)
  const claims: Claim[] = []
  for (const [index, element] of elements.entries()) {
    if (!isRecord(element)) continue
    const text = claimText(element, evidence.text, evidence.value)
    if (text === null) continue
    const cited = own(element, 'citations')
    const citations = Array.isArray(cited) ? cited.filter(isRecord).map(find) : []
    claims.push({ index, path: `/${evidence.claims}/${index}`, text, citations, support: supportOf(citations) })
  }
  return claims
}

function claimText(element: Fields, textKey: string, valueKey: string | undefined): string | null {
  const text = own(element, textKey)
  if (typeof text !== 'string') return null
  if (valueKey === undefined) return text
  const value = own(element, valueKey)
  return typeof value === 'string' || typeof value === 'number' ? `${text}: ${value}` : null
}

/** Looks up one citation as the model wrote it: `{ document, quote }`. The same quote is looked up once. */
function finder(documents: DocumentText[]): (citation: Fields) => Citation {
  const known = new Map<string, Citation>()
  let count = 0
  return (citation) => {
    const named = String(own(citation, 'document') ?? '')
    const written = own(citation, 'quote')
    const quote = typeof written === 'string' ? written : ''
    const key = JSON.stringify([named, quote])
    const before = known.get(key)
    if (before !== undefined) return before
    count += 1
    const document = documentNamed(documents, named)
    const made: Citation = {
      documentId: document?.id ?? null,
      documentName: document?.name ?? named,
      quote,
      ...(document === undefined || count > MAX_CITATIONS ? NOWHERE : findQuote(document, quote)),
    }
    known.set(key, made)
    return made
  }
}

const NOWHERE = { found: 'not_found', page: null, start: null, end: null } as const

/** By the id that the request gave it (`d2`, or a passage of it such as `d2.7`), by its own id, or by its name. */
function documentNamed(documents: DocumentText[], named: string): DocumentText | undefined {
  const wanted = named.trim()
  const alias = wanted.replace(/\.\d+$/, '')
  const byName = documents.filter((document) => document.name.toLowerCase() === wanted.toLowerCase())
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
/** An own property: a model may name a field `constructor`. */
const own = (fields: Fields, key: string): unknown => (Object.hasOwn(fields, key) ? fields[key] : undefined)
