/** From a policy that somebody edits to one as a file would have it. Pure. */
import type { AnswerPlace } from '@/lib/workflows/answer-paths'
import {
  type DeliveryDraft,
  isNumber,
  type PolicyDraft,
  type RuleDraft,
  type Scalar,
  type SourceDraft,
  type WhenDraft,
} from './draft'

/** A policy as a file has it, but for numbers and choices that nobody has looked at yet. */
export type PolicyCandidate = { review: unknown; delivery: unknown }

/** What is no number stays text, and is told. */
const numberOf = (text: string): number | string => (isNumber(text) ? Number(text) : text)

const present = <Value>(name: string, value: Value | undefined | false) =>
  value === undefined || value === false ? {} : { [name]: value }
const filled = (name: string, text: string) => (text.trim() === '' ? {} : { [name]: text.trim() })
const number = (name: string, text: string) => (text.trim() === '' ? {} : { [name]: numberOf(text) })

/** `draft` as a file would have it. `places`: of the answer, which say what a value that is typed may be. */
export function candidateOf(draft: PolicyDraft, places: readonly AnswerPlace[]): PolicyCandidate {
  const review = {
    approvals: draft.approvals,
    requesterMayApprove: draft.requesterMayApprove,
    dueHours: numberOf(draft.dueHours),
    undoSeconds: numberOf(draft.undoSeconds),
    ...present('roles', draft.roles.length > 0 && draft.roles),
    ...present('blind', draft.blind),
    ...present('individually', draft.individually),
    ...(draft.approvals === 0 ? number('samplePercent', draft.samplePercent) : {}),
    ...(draft.atDeadline === 'escalates'
      ? { atDeadline: draft.atDeadline, ...number('escalateHours', draft.escalateHours) }
      : {}),
    ...present('byRisk', draft.rules.length > 0 && draft.rules.map((rule) => ruleOf(rule, places))),
  }
  return { review, delivery: deliveryOf(draft.delivery) }
}

function ruleOf(rule: RuleDraft, places: readonly AnswerPlace[]) {
  return {
    id: rule.id,
    label: rule.label.trim(),
    when: whenOf(rule.when, places),
    ...present('risk', rule.risk !== 'raised' && rule.risk),
    ask: {
      ...number('approvals', rule.approvals),
      ...present('roles', rule.roles.length > 0 && rule.roles),
      ...present('blind', rule.blind),
      ...present('individually', rule.individually),
      ...(rule.excludesRequester ? { requesterMayApprove: false } : {}),
      ...number('dueHours', rule.dueHours),
    },
  }
}

function whenOf(when: WhenDraft, places: readonly AnswerPlace[]) {
  switch (when.if) {
    case 'value':
      return { if: when.if, at: when.at, is: isOf(when, places) }
    case 'checks_failed':
      return { if: when.if, ...present('ids', when.ids.length > 0 && when.ids) }
    case 'leaves': {
      const outside = when.outside.split(/[\s,;]+/).filter((domain) => domain !== '')
      return { if: when.if, ...present('outside', outside.length > 0 && outside) }
    }
    default:
      return { if: when.if }
  }
}

function isOf({ at, be, value, values, pattern }: WhenDraft, places: readonly AnswerPlace[]) {
  const types = places.find(({ pointer }) => pointer === at)?.types ?? []
  switch (be) {
    case 'present':
      return { be }
    case 'equal':
      return { be, value: typeof value === 'string' ? scalarOf(value, types) : value }
    case 'one_of': {
      const lines = values.split('\n').map((line) => line.trim())
      return { be, values: lines.filter((line) => line !== '').map((line) => scalarOf(line, types)) }
    }
    case 'more_than':
    case 'less_than':
      return { be, value: typeof value === 'string' ? numberOf(value) : value }
    case 'matching':
      return { be, pattern }
  }
}

/** What is typed, as what can stand there: "12" is a number where numbers stand, and text where text does. */
function scalarOf(text: string, types: AnswerPlace['types']): Scalar {
  if (types.includes('string')) return /^"[\s\S]*"$/.test(text) ? unquoted(text) : plainOf(text, types)
  if (types.includes('number') && isNumber(text)) return Number(text)
  if (types.includes('boolean') && (text === 'true' || text === 'false')) return text === 'true'
  if (types.includes('null') && text === 'null') return null
  return text
}

/** Where text and something else may stand, what reads like something else is that. */
function plainOf(text: string, types: AnswerPlace['types']): Scalar {
  const others = types.filter((type) => type !== 'string')
  return others.length === 0 ? text : scalarOf(text, others)
}

function unquoted(text: string): string {
  try {
    return String(JSON.parse(text))
  } catch {
    return text
  }
}

function deliveryOf(draft: DeliveryDraft) {
  const { kind } = draft
  switch (kind) {
    case 'none':
      return { kind }
    case 'http':
      return {
        kind,
        url: draft.url.trim(),
        ...filled('body', draft.body),
        ...filled('signingSecretEnv', draft.signingSecretEnv),
        ...(draft.headerName.trim() === '' && draft.headerEnv.trim() === ''
          ? {}
          : { secretHeader: { name: draft.headerName.trim(), env: draft.headerEnv.trim() } }),
        ...number('timeoutSeconds', draft.timeoutSeconds),
      }
    case 'email':
      return { kind, to: sourceOf(draft.to), subject: sourceOf(draft.subject), text: sourceOf(draft.text) }
    case 'file':
      return { kind, folder: draft.folder.trim(), ...filled('content', draft.content) }
    case 'by_hand':
      return { kind, instructions: draft.instructions.trim() }
  }
}

const sourceOf = (source: SourceDraft) => ({ [source.from]: source[source.from].trim() })
