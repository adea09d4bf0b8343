/** Reads the JSON of a result leniently: what a model wrote may fit its schema only nearly. Pure. */
import type { JobView } from '@/lib/jobs/view'

export type Statement = { path: string; text: string }
export type Report = { title: string; summary: string; findings: Statement[]; openQuestions: string[] }
export type Fields = { path: string; name: string; value: string | null; note: string | null }[]
export type Digest = { summary: string; points: Statement[] }
export type Draft = { subject: string; body: string; points: Statement[]; openQuestions: string[] }
/** `number` counts the reasons of all options, as the evidence does. */
export type Reason = Statement & { number: number; speaksFor: boolean | null }
export type Option = { id: string; title: string; risks: string[]; reasons: Reason[] }
export type Recommendation = {
  question: string
  options: Option[]
  /** Those that name no option of the list. */
  otherReasons: Reason[]
  recommended: string | null
  why: string
  choice: string | null
  openQuestions: string[]
}
export type ProposedAction = { action: unknown; why: string; grounds: Statement[] }

type Claim = JobView['evidence'][number]

/** A report; null where the JSON is none. */
export function readReport(json: unknown): Report | null {
  if (!isRecord(json) || !Array.isArray(json.findings)) return null
  return {
    title: textOf(json.title) ?? '',
    summary: textOf(json.summary) ?? '',
    findings: statements(json.findings, '/findings', 'claim'),
    openQuestions: textsIn(json.open_questions),
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
      value: field.value === null || field.value === undefined ? null : (textOf(field.value) ?? asJson(field.value)),
      note: textOf(field.note),
    }
  })
}

/** A digest; null where the JSON is none. */
export function readDigest(json: unknown): Digest | null {
  if (!isRecord(json) || !Array.isArray(json.points)) return null
  return { summary: textOf(json.summary) ?? '', points: statements(json.points, '/points', 'text') }
}

/** A draft of a letter; null where the JSON is none. */
export function readDraft(json: unknown): Draft | null {
  if (!isRecord(json) || typeof json.body !== 'string') return null
  return {
    subject: textOf(json.subject) ?? '',
    body: json.body,
    points: Array.isArray(json.points) ? statements(json.points, '/points', 'point') : [],
    openQuestions: textsIn(json.open_questions),
  }
}

/** Options with their reasons; null where the JSON has none. */
export function readRecommendation(json: unknown): Recommendation | null {
  if (!isRecord(json) || !Array.isArray(json.options)) return null
  const byId = new Map<string, Option>()
  const options = json.options.map((item: unknown, index): Option => {
    const option = isRecord(item) ? item : {}
    const id = textOf(option.id) ?? String(index + 1)
    const title = textOf(option.title) ?? textOf(item) ?? id
    const read = { id, title, risks: textsIn(option.risks), reasons: [] }
    // Of two options with one id, the first has its reasons.
    if (!byId.has(id)) byId.set(id, read)
    return read
  })
  const otherReasons: Reason[] = []
  const listed: unknown[] = Array.isArray(json.reasons) ? json.reasons : []
  for (const [index, statement] of statements(listed, '/reasons', 'reason').entries()) {
    const item = listed[index]
    const { option, for: speaksFor } = isRecord(item) ? item : {}
    const reason = { ...statement, number: index + 1, speaksFor: typeof speaksFor === 'boolean' ? speaksFor : null }
    const reasons = byId.get(textOf(option) ?? '')?.reasons ?? otherReasons
    reasons.push(reason)
  }
  return {
    question: textOf(json.question) ?? '',
    options,
    otherReasons,
    recommended: textOf(json.recommended),
    why: textOf(json.why) ?? '',
    choice: textOf(json.choice),
    openQuestions: textsIn(json.open_questions),
  }
}

/** A proposed action and its grounds; null where the JSON proposes none. */
export function readAction(json: unknown): ProposedAction | null {
  if (!isRecord(json) || !isRecord(json.action)) return null
  return {
    action: json.action,
    why: textOf(json.why) ?? '',
    grounds: Array.isArray(json.grounds) ? statements(json.grounds, '/grounds', 'ground') : [],
  }
}

/** Who a draft is for: what the form of the job calls an e-mail address; null where it asks for none. */
export function addresseeOf({ inputSchema, input }: Pick<JobView, 'inputSchema' | 'input'>): string | null {
  const properties = isRecord(inputSchema.properties) ? inputSchema.properties : {}
  const isAddress = (property: unknown) => isRecord(property) && property.format === 'email'
  const [name] = Object.entries(properties).find(([, property]) => isAddress(property)) ?? []
  return name !== undefined && Object.hasOwn(input, name) ? textOf(input[name]) : null
}

function textsIn(items: unknown): string[] {
  return Array.isArray(items) ? items.filter((item) => typeof item === 'string') : []
}

function statements(items: unknown[], base: string, key: string): Statement[] {
  return items.map((item, index) => ({
    path: `${base}/${index}`,
    text: (isRecord(item) ? textOf(item[key]) : textOf(item)) ?? asJson(item),
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

/** Written out; what is nested too deep for that is only named. */
function asJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? ''
  } catch {
    return Array.isArray(value) ? '[…]' : '{…}'
  }
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
