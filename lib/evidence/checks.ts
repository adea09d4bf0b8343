/** The automatic tests of a result. Pure. */
import type { WorkflowDefinition } from '@/lib/workflows/definition'
import { compileSchema } from '@/lib/workflows/schema'
import { type AnnotationFinding, faultWords } from './annotations'
import { countStated } from './collect'
import { runOwnChecks } from './own-checks'
import type { Check, Citation, Claim, DocumentText } from './types'

export type Checked = {
  /** Whether the provider says that the answer is whole. */
  complete: boolean
  /** The answer as JSON; undefined where it is none. */
  json: unknown
  claims: Claim[]
  documents: DocumentText[]
  /** The citations that the provider itself put into the answer, looked up, and how many there are in all. */
  annotations?: { findings: AnnotationFinding[]; total: number }
}

/** Every check of a result, in the order in which they are shown. Passing means: none has the outcome `fail`. */
export function runChecks(definition: WorkflowDefinition, checked: Checked): Check[] {
  const citations = checked.claims.flatMap((claim) => claim.citations)
  const stated = countStated(definition, checked.json)
  return [
    checkComplete(checked.complete),
    checkSchema(definition, checked.json),
    checkDocuments(citations, checked.documents),
    checkQuotes(citations, stated.citations),
    checkClaims(definition, checked.claims, stated.claims),
    ...(checked.annotations === undefined ? [] : [checkAnnotated(checked.annotations)]),
    ...runOwnChecks(definition, checked.json),
  ]
}

/** True where no check fails. */
export function everyCheckPasses(checks: readonly Check[]): boolean {
  return checks.every((check) => check.outcome !== 'fail')
}

function checkComplete(complete: boolean): Check {
  return {
    key: 'complete',
    label: 'The answer is whole',
    outcome: complete ? 'pass' : 'fail',
    detail: complete
      ? 'The model finished by itself.'
      : 'The model stopped before its end, so what is here may lack its last part.',
  }
}

function checkSchema(definition: WorkflowDefinition, json: unknown): Check {
  const label = 'The answer has the form that the workflow asks for'
  if (json === undefined) return { key: 'schema', label, outcome: 'fail', detail: 'The answer is not JSON.' }
  const validate = compileSchema(definition.output.schema, { every: false })
  if (validate(json)) {
    return { key: 'schema', label, outcome: 'pass', detail: `It fits the schema "${definition.output.name}".` }
  }
  const { instancePath, message } = validate.errors?.[0] ?? {}
  const where = instancePath ? `At ${instancePath.slice(0, 200)}` : 'At the top'
  return { key: 'schema', label, outcome: 'fail', detail: `${where}: ${message ?? 'it does not fit'}.` }
}

function checkDocuments(citations: Citation[], documents: DocumentText[]): Check {
  const label = 'Every citation names a document of this job'
  if (citations.length === 0) return none('documents', label)
  const unknown = citations.filter((citation) => citation.documentId === null)
  if (unknown.length === 0) {
    const cited = new Set(citations.map((citation) => citation.documentId)).size
    const detail = `${count(citations.length, 'citation')}, of ${cited} of ${count(documents.length, 'document')}.`
    return { key: 'documents', label, outcome: 'pass', detail }
  }
  const names = [...new Set(unknown.map((citation) => `"${citation.documentName.slice(0, 80)}"`))].slice(0, 3)
  const detail = `${unknown.length} of ${count(citations.length, 'citation')} name no document of this job: ${names.join(', ')}.`
  return { key: 'documents', label, outcome: 'fail', detail }
}

/** `stated`: how many citations the answer has, of which `citations` are those that were kept. */
function checkQuotes(citations: Citation[], stated: number): Check {
  const label = 'Every quote stands in the document it names'
  if (citations.length === 0) return none('quotes', label)
  const missing = citations.filter((citation) => citation.found === 'not_found').length
  const differing = citations.filter((citation) => citation.found === 'differs').length
  const dropped = Math.max(0, stated - citations.length)
  const total = count(citations.length + dropped, 'quote')
  const unseen = citations.filter((citation) => citation.notLookedUp).length + dropped
  if (missing + dropped > 0) {
    const sentences = [
      ...(missing + dropped > unseen ? [`Not found: ${missing + dropped - unseen} of ${total}.`] : []),
      ...(unseen > 0 ? [`Not looked up: ${unseen} of ${total}, because the answer cites more than is looked up.`] : []),
    ]
    return { key: 'quotes', label, outcome: 'fail', detail: sentences.join(' ') }
  }
  const detail =
    differing === 0
      ? `${total} found letter for letter.`
      : `${total} found, ${differing} of them apart from white space and typographic marks.`
  return { key: 'quotes', label, outcome: 'pass', detail }
}

function checkClaims(definition: WorkflowDefinition, claims: Claim[], stated: number): Check {
  const label = 'Every statement is carried by a quote'
  if (definition.evidence === null || claims.length === 0) {
    return { key: 'claims', label, outcome: 'not_applicable', detail: 'The answer makes no statement to check.' }
  }
  if (stated > claims.length) {
    const detail = `The answer makes ${count(stated, 'statement')}; only the first ${claims.length} were looked at.`
    return { key: 'claims', label, outcome: 'fail', detail }
  }
  const bare = claims.filter((claim) => claim.support === 'none')
  if (bare.length === 0) {
    return {
      key: 'claims',
      label,
      outcome: 'pass',
      detail: `${count(claims.length, 'statement')}, each with a quote that was found.`,
    }
  }
  const first = bare[0]?.text.slice(0, 120)
  const detail = `Nothing in the documents carries ${bare.length} of ${count(claims.length, 'statement')}. The first: ${first}`
  return { key: 'claims', label, outcome: 'fail', detail }
}

function checkAnnotated({ findings, total }: NonNullable<Checked['annotations']>): Check {
  const key = 'annotations'
  const label = 'Every citation of the provider resolves'
  if (total === 0) return none(key, label)
  const broken = findings.filter(({ fault }) => fault !== null)
  const first = broken[0]
  const unseen = total - findings.length
  if (first === undefined && unseen === 0) {
    return { key, label, outcome: 'pass', detail: `${count(total, 'citation')}, each with its place and its source.` }
  }
  const sentences = [
    ...(first === undefined
      ? []
      : [
          `${broken.length} of ${count(total, 'citation')} do not resolve. The first, “${first.label.slice(0, 120)}”, ${faultWords(first)}.`,
        ]),
    ...(unseen > 0 ? [`${unseen} of ${count(total, 'citation')} were not looked at.`] : []),
  ]
  return { key, label, outcome: 'fail', detail: sentences.join(' ') }
}

function none(key: Check['key'], label: string): Check {
  return { key, label, outcome: 'not_applicable', detail: 'The answer cites nothing.' }
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}
