/** Reads the JSON of a result leniently: what a model wrote may fit its schema only nearly. Pure. */
import type { JobView } from '@/lib/jobs/view'

export type Statement = { path: string; text: string }
export type Report = { title: string; summary: string; findings: Statement[]; openQuestions: string[] }
export type Fields = { path: string; name: string; value: string | null; note: string | null }[]
export type Digest = { summary: string; points: Statement[] }

type Claim = JobView['evidence'][number]

/** A report; null where the JSON is none. */
export function readReport(json: unknown): Report | null {
  if (!isRecord(json) || !Array.isArray(json.findings)) return null
  return {
    title: textOf(json.title) ?? '',
    summary: textOf(json.summary) ?? '',
    findings: statements(json.findings, '/findings', 'claim'),
    openQuestions: Array.isArray(json.open_questions)
      ? json.open_questions.filter((item) => typeof item === 'string')
      : [],
  }
}

/** Extracted fields; null where the JSON holds none. */
export function readFields(json: unknown): Fields | null {
  if (!isRecord(json) || !Array.isArray(json.fields)) return null
  return json.fields.map((item: unknown, index) => {
    const field = isRecord(item) ? item : {}
    return {
      path: `/fields/${index}`,
      name: textOf(field.name) ?? `Field ${index + 1}`,
      value:
        field.value === null || field.value === undefined ? null : (textOf(field.value) ?? JSON.stringify(field.value)),
      note: textOf(field.note),
    }
  })
}

/** A digest; null where the JSON is none. */
export function readDigest(json: unknown): Digest | null {
  if (!isRecord(json) || !Array.isArray(json.points)) return null
  return { summary: textOf(json.summary) ?? '', points: statements(json.points, '/points', 'text') }
}

function statements(items: unknown[], base: string, key: string): Statement[] {
  return items.map((item, index) => ({
    path: `${base}/${index}`,
    text: (isRecord(item) ? textOf(item[key]) : textOf(item)) ?? JSON.stringify(item),
  }))
}

export type Support = { kind: 'exact' | 'differs' | 'not_found' | 'bare'; words: string }

/** What carries a claim, in words. A claim whose quotes were not found stands as bare as one without any. */
export function supportOf(claim: Claim): Support {
  const found = claim.citations.filter((citation) => citation.found !== 'not_found').length
  const lost = claim.citations.length - found
  const passages = `${found} ${found === 1 ? 'passage' : 'passages'}`
  const rest = lost === 0 ? '' : `, ${lost} not found`
  if (claim.citations.length === 0) return { kind: 'bare', words: 'Nothing in the documents carries this' }
  if (found === 0)
    return {
      kind: 'not_found',
      words: `${lost === 1 ? 'Its quote was' : 'Its quotes were'} not found in the documents`,
    }
  if (claim.support === 'exact')
    return { kind: lost === 0 ? 'exact' : 'differs', words: `${passages} quoted exactly${rest}` }
  return { kind: 'differs', words: `${passages} found, but not to the letter${rest}` }
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
