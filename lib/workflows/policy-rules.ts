/** What a review policy must keep to among the rest of a workflow. Pure. */
import { fieldsAskingLess } from '@/lib/review/stricter'
import { choicesOf, schemaAtPointer, typeOfValue, typesOf, typeWords, type ValueType } from './answer-paths'
import { type RiskRule, type StepRole, stepRoles } from './definition'
import { didYouMean } from './did-you-mean'
import type { FieldProblem } from './file-words'
import { GENERAL_CHECKS } from './general-checks'
import { badPattern, isPattern, isRecord } from './schema-rules'
import type { Path } from './yaml-source'

type Json = Record<string, unknown>

/** A round that waits for more than a year waits for nobody; later dates do not fit into a calendar. */
const MOST_HOURS = 8_760
/** Nobody takes back on the next day what others have acted on. */
const MOST_UNDO_SECONDS = 86_400
const GENERAL = GENERAL_CHECKS.map(({ id }): string => id)

/** What is wrong with `review` of `workflow`; what cannot be read is passed over. */
export function reviewProblems(workflow: Json): FieldProblem[] {
  const { review } = workflow
  if (!isRecord(review)) return []
  const path: Path = ['review']
  const problems: FieldProblem[] = [
    ...rolesProblem(review.roles, review.approvals, path),
    ...blindProblem(workflow, review.blind, path),
    ...hoursProblems(review, ['dueHours', 'escalateHours'], path),
  ]
  const { approvals, samplePercent, atDeadline, escalateHours, undoSeconds } = review
  if (isNumber(samplePercent) && samplePercent > 0 && isNumber(approvals) && approvals > 0) {
    const message =
      '"samplePercent" is of what is accepted by itself, and here nothing is: "approvals" is more than 0. Leave it out.'
    problems.push({ path: [...path, 'samplePercent'], message })
  }
  if (escalateHours !== undefined && atDeadline !== 'escalates') {
    const message =
      '"escalateHours" counts from when a review is escalated. Write "atDeadline: escalates", or leave it out.'
    problems.push({ path: [...path, 'escalateHours'], message })
  }
  if (isNumber(undoSeconds) && undoSeconds > MOST_UNDO_SECONDS) {
    const message = `"undoSeconds" of "review" is ${undoSeconds}, more than a day (${MOST_UNDO_SECONDS}). Later on, a decision is reopened.`
    problems.push({ path: [...path, 'undoSeconds'], message })
  }
  return [...problems, ...byRiskProblems(workflow, review)]
}

const isNumber = (value: unknown): value is number => typeof value === 'number'
const readRoles = (value: unknown): StepRole[] | null =>
  Array.isArray(value) && value.every((role) => (stepRoles as readonly unknown[]).includes(role)) ? value : null

function rolesProblem(given: unknown, approvals: unknown, path: Path): FieldProblem[] {
  const roles = readRoles(given)
  if (roles === null || roles.length === 0 || !isNumber(approvals) || roles.length === approvals) return []
  const message = `"roles" names ${count(roles.length, 'role')}, and "approvals" is ${approvals}. Name one for each approval, in their order, or leave "roles" out.`
  return [{ path: [...path, 'roles'], message }]
}

const count = (number: number, word: string) => `${number} ${word}${number === 1 ? '' : 's'}`

function blindProblem({ kind }: Json, blind: unknown, path: Path): FieldProblem[] {
  if (blind !== true || kind !== 'recommendation') return []
  const message =
    'A recommendation cannot be blind: its reviewer makes the choice, which changes what the others decide on. Leave "blind" out.'
  return [{ path: [...path, 'blind'], message }]
}

function hoursProblems(group: Json, fields: readonly string[], path: Path): FieldProblem[] {
  return fields.flatMap((field): FieldProblem[] => {
    const hours = group[field]
    if (!isNumber(hours) || hours <= MOST_HOURS) return []
    return [{ path: [...path, field], message: `"${field}" is ${hours}, more than a year (${MOST_HOURS} hours).` }]
  })
}

function byRiskProblems(workflow: Json, review: Json): FieldProblem[] {
  const rules = Array.isArray(review.byRisk) ? review.byRisk : []
  const seen = new Set<unknown>()
  return rules.flatMap((rule, index): FieldProblem[] => {
    if (!isRecord(rule)) return []
    const path: Path = ['review', 'byRisk', index]
    const { id, when, ask } = rule
    const isTwice = typeof id === 'string' && seen.has(id)
    seen.add(id)
    return [
      ...(isTwice ? [{ path: [...path, 'id'], message: `Two rules have the id "${id}". Give each its own.` }] : []),
      ...(isRecord(when) ? whenProblems(workflow, when, [...path, 'when']) : []),
      ...(isRecord(ask) ? askProblems(workflow, review, ask, [...path, 'ask']) : []),
    ]
  })
}

function whenProblems(workflow: Json, when: Json, path: Path): FieldProblem[] {
  switch (when.if) {
    case 'value':
      return valueProblems(workflow, when, path)
    case 'claims_unsupported':
      if (workflow.evidence !== null) return []
      return [{ path: [...path, 'if'], message: 'No answer of this workflow has claims: "evidence" is null.' }]
    case 'checks_failed':
      return checkNameProblems(workflow, when.ids, [...path, 'ids'])
    case 'leaves':
      return leavesProblems(workflow, when.outside, path)
    default:
      return []
  }
}

function valueProblems(workflow: Json, { at, is }: Json, path: Path): FieldProblem[] {
  const answer = isRecord(workflow.output) && isRecord(workflow.output.schema) ? workflow.output.schema : null
  const problems: FieldProblem[] = []
  if (isRecord(is) && typeof is.pattern === 'string' && !isPattern(is.pattern)) {
    problems.push({ path: [...path, 'is', 'pattern'], message: badPattern([...path, 'is', 'pattern']) })
  }
  if (typeof at !== 'string' || !isPointer(at) || answer === null) return problems
  const placed = schemaAtPointer(at, answer, 'the answer')
  if (!placed.ok) return [...problems, { path: [...path, 'at'], message: placed.problem }]
  const never = isRecord(is) ? neverHolds(is, typesOf(answer, placed.schema), choicesOf(answer, placed.schema)) : null
  return never === null ? problems : [...problems, { path: [...path, 'is'], message: `At "${at}" ${never}` }]
}

const isPointer = (text: string) => text === '' || text.startsWith('/')

/** Why `is` holds of nothing that can stand there, so that the rule would only seem to guard something. */
function neverHolds(is: Json, types: ValueType[] | null, choices: unknown[] | null): string | null {
  const stands = `stands ${typeWords(types ?? [])}`
  const can = (type: ValueType) => types === null || types.includes(type)
  if ((is.be === 'more_than' || is.be === 'less_than') && !can('number')) {
    return `${stands}, and only a number is compared. Make it one in "output", or choose another place.`
  }
  if (is.be === 'matching' && !can('string')) return `${stands}, and only text matches a pattern.`
  const values = is.be === 'equal' ? [is.value] : is.be === 'one_of' && Array.isArray(is.values) ? is.values : []
  for (const value of values) {
    if (value === undefined) continue
    if (!can(typeOfValue(value))) return `${stands}, which ${JSON.stringify(value)} never is.`
    if (choices !== null && !choices.includes(value)) {
      const meant = typeof value === 'string' ? didYouMean(value, choices.map(String)) : null
      return `never stands ${JSON.stringify(value)}. ${meant === null ? 'Choose one of the values that "output" lists.' : `Did you mean "${meant}"?`}`
    }
  }
  return null
}

function checkNameProblems({ checks }: Json, ids: unknown, path: Path): FieldProblem[] {
  if (!Array.isArray(ids)) return []
  const own = (Array.isArray(checks) ? checks : []).flatMap((check) => (isRecord(check) ? [String(check.id)] : []))
  const known = [...own, ...own.map((id) => `own:${id}`), ...GENERAL]
  return ids.flatMap((id, index): FieldProblem[] => {
    if (typeof id !== 'string' || known.includes(id)) return []
    const meant = didYouMean(id, known)
    const names = new Intl.ListFormat('en').format([...own, ...GENERAL].map((name) => `"${name}"`))
    const advice = meant === null ? `There are ${names}.` : `Did you mean "${meant}"?`
    return [{ path: [...path, index], message: `"${id}" is no check of this workflow. ${advice}` }]
  })
}

function leavesProblems({ delivery }: Json, outside: unknown, path: Path): FieldProblem[] {
  const kind = delivery === undefined ? 'none' : isRecord(delivery) ? delivery.kind : undefined
  if (kind === 'none') {
    const message = 'Nothing leaves here, so this rule would never apply: "delivery" is none.'
    return [{ path: [...path, 'if'], message }]
  }
  if (outside !== undefined && typeof kind === 'string' && kind !== 'email') {
    const message = `"outside" is about e-mail addresses, and "delivery" is ${kind}. Leave it out.`
    return [{ path: [...path, 'outside'], message }]
  }
  if (!Array.isArray(outside)) return []
  return outside.flatMap((domain, index): FieldProblem[] => {
    if (typeof domain !== 'string' || /^[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(domain)) return []
    return [{ path: [...path, 'outside', index], message: `"${domain}" is no domain. Write it like example.org.` }]
  })
}

function askProblems(workflow: Json, review: Json, given: Json, path: Path): FieldProblem[] {
  const roles = readRoles(given.roles)
  const approvals = isNumber(given.approvals) ? given.approvals : isNumber(review.approvals) ? review.approvals : 0
  const base = {
    approvals: isNumber(review.approvals) ? review.approvals : 0,
    requesterMayApprove: review.requesterMayApprove === true,
    roles: readRoles(review.roles) ?? [],
    blind: review.blind === true,
    individually: review.individually === true,
  }
  const ask: RiskRule['ask'] = {
    ...(isNumber(given.approvals) ? { approvals: given.approvals } : {}),
    ...(roles === null ? {} : { roles }),
    ...(typeof given.blind === 'boolean' ? { blind: given.blind } : {}),
    ...(typeof given.individually === 'boolean' ? { individually: given.individually } : {}),
  }
  const problems = fieldsAskingLess(ask, base).map((field): FieldProblem => {
    return { path: [...path, field], message: `${LESS[field]} A rule may only ask for more than "review" does.` }
  })
  const needsRoles = base.roles.length > 0 && roles === null && approvals > base.approvals
  if (needsRoles) {
    const message = `"review" names roles in their order, and this rule asks for ${approvals} approvals. Name them all under "roles".`
    problems.push({ path: [...path, 'approvals'], message })
  }
  return [
    ...problems,
    ...(problems.length === 0 ? rolesProblem(given.roles, approvals, path) : []),
    ...blindProblem(workflow, given.blind, path),
    ...hoursProblems(given, ['dueHours'], path),
  ]
}

const LESS: Record<keyof RiskRule['ask'], string> = {
  approvals: 'This asks for fewer people.',
  roles: 'This leaves out a role that is asked for otherwise.',
  blind: 'This shows what others decided.',
  individually: 'This lets several be decided at once.',
  requesterMayApprove: 'This lets the requester approve.',
  dueHours: 'This gives other hours.',
}
