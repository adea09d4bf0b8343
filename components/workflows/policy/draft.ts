/**
 * A policy while somebody edits it. What is typed stays as it was typed: a number that is none yet is told, not
 * dropped. Pure.
 */

import type { DeliveryKind, Risk, RiskRule, StepRole, TextSource, WorkflowDefinition } from '@/lib/workflows/definition'

type Delivery = WorkflowDefinition['delivery']
type When = RiskRule['when']
type Is = Extract<When, { if: 'value' }>['is']
export type Scalar = string | number | boolean | null

/** All that a condition may need: what was filled in for one kind stays while another is looked at. */
export type WhenDraft = {
  if: When['if']
  at: string
  be: Is['be']
  value: Scalar
  /** One a line. */
  values: string
  pattern: string
  ids: string[]
  /** Domains, with commas or spaces between them. */
  outside: string
}

export type RuleDraft = {
  id: string
  label: string
  when: WhenDraft
  risk: Risk
  /** As text; empty: as the policy says. */
  approvals: string
  /** Empty: as the policy says. */
  roles: StepRole[]
  blind: boolean
  individually: boolean
  excludesRequester: boolean
  dueHours: string
}

export type SourceDraft = { from: 'value' | 'input' | 'result'; value: string; input: string; result: string }

export type DeliveryDraft = {
  kind: DeliveryKind
  url: string
  body: string
  signingSecretEnv: string
  headerName: string
  headerEnv: string
  timeoutSeconds: string
  to: SourceDraft
  subject: SourceDraft
  text: SourceDraft
  folder: string
  content: string
  instructions: string
}

export type PolicyDraft = {
  approvals: number
  /** Empty: anyone who reviews. */
  roles: StepRole[]
  requesterMayApprove: boolean
  blind: boolean
  individually: boolean
  samplePercent: string
  dueHours: string
  atDeadline: 'expires' | 'escalates'
  escalateHours: string
  undoSeconds: string
  rules: RuleDraft[]
  delivery: DeliveryDraft
}

const numberText = (value: number | undefined) => (value === undefined ? '' : String(value))

/** The policy of `definition`, to be edited. */
export function draftOf({ review, delivery }: Pick<WorkflowDefinition, 'review' | 'delivery'>): PolicyDraft {
  return {
    approvals: review.approvals,
    roles: review.roles ?? [],
    requesterMayApprove: review.requesterMayApprove,
    blind: review.blind ?? false,
    individually: review.individually ?? false,
    samplePercent: numberText(review.samplePercent),
    dueHours: numberText(review.dueHours),
    atDeadline: review.atDeadline ?? 'expires',
    escalateHours: numberText(review.escalateHours),
    undoSeconds: numberText(review.undoSeconds),
    rules: (review.byRisk ?? []).map(ruleDraftOf),
    delivery: deliveryDraftOf(delivery),
  }
}

const BLANK_WHEN: WhenDraft = {
  if: 'value',
  at: '',
  be: 'present',
  value: '',
  values: '',
  pattern: '',
  ids: [],
  outside: '',
}

function ruleDraftOf({ id, label, when, risk, ask }: RiskRule): RuleDraft {
  return {
    id,
    label,
    when: whenDraftOf(when),
    risk: risk ?? 'raised',
    approvals: numberText(ask.approvals),
    roles: ask.roles ?? [],
    blind: ask.blind ?? false,
    individually: ask.individually ?? false,
    excludesRequester: ask.requesterMayApprove === false,
    dueHours: numberText(ask.dueHours),
  }
}

function whenDraftOf(when: When): WhenDraft {
  switch (when.if) {
    case 'value': {
      const { is } = when
      return {
        ...BLANK_WHEN,
        at: when.at,
        be: is.be,
        value: 'value' in is ? is.value : '',
        values: 'values' in is ? is.values.map(lineOf).join('\n') : '',
        pattern: 'pattern' in is ? is.pattern : '',
      }
    }
    case 'checks_failed':
      return { ...BLANK_WHEN, if: when.if, ids: when.ids ?? [] }
    case 'leaves':
      return { ...BLANK_WHEN, if: when.if, outside: (when.outside ?? []).join(', ') }
    default:
      return { ...BLANK_WHEN, if: when.if }
  }
}

/** A text that reads like something else is written with quotes, so that it is a text again. */
const lineOf = (value: Scalar) => (typeof value === 'string' && !isOther(value) ? value : JSON.stringify(value))
const isOther = (text: string) => isNumber(text) || ['true', 'false', 'null'].includes(text) || /^"[\s\S]*"$/.test(text)

const SOURCE: SourceDraft = { from: 'value', value: '', input: '', result: '' }

function sourceDraftOf(source: TextSource): SourceDraft {
  if ('value' in source) return { ...SOURCE, value: source.value }
  return 'input' in source
    ? { ...SOURCE, from: 'input', input: source.input }
    : { ...SOURCE, from: 'result', result: source.result }
}

function deliveryDraftOf(delivery: Delivery): DeliveryDraft {
  const http = delivery.kind === 'http' ? delivery : null
  const email = delivery.kind === 'email' ? delivery : null
  const file = delivery.kind === 'file' ? delivery : null
  return {
    kind: delivery.kind,
    url: http?.url ?? '',
    body: http?.body ?? '',
    signingSecretEnv: http?.signingSecretEnv ?? '',
    headerName: http?.secretHeader?.name ?? '',
    headerEnv: http?.secretHeader?.env ?? '',
    timeoutSeconds: numberText(http?.timeoutSeconds),
    to: email === null ? { ...SOURCE, from: 'input' } : sourceDraftOf(email.to),
    subject: email === null ? SOURCE : sourceDraftOf(email.subject),
    text: email === null ? { ...SOURCE, from: 'result' } : sourceDraftOf(email.text),
    folder: file?.folder ?? '',
    content: file?.content ?? '',
    instructions: delivery.kind === 'by_hand' ? delivery.instructions : '',
  }
}

/** Whether `text` is a plain number, with a point and without anything to group its digits. */
export function isNumber(text: string): boolean {
  return /^-?\d+(\.\d+)?$/.test(text.trim())
}

/** A rule to begin with. Its id is made of its words when it is kept. */
export function newRule(rules: readonly RuleDraft[], at: string): RuleDraft {
  return {
    id: freeId(rules),
    label: '',
    when: { ...BLANK_WHEN, at },
    risk: 'raised',
    approvals: '',
    roles: [],
    blind: false,
    individually: false,
    excludesRequester: false,
    dueHours: '',
  }
}

/** An id that no rule has. */
export function freeId(rules: readonly RuleDraft[]): string {
  const taken = new Set(rules.map(({ id }) => id))
  for (let count = rules.length + 1; ; count += 1) if (!taken.has(`rule-${count}`)) return `rule-${count}`
}

/** One place up (-1) or down (1). */
export function movedRule(rules: readonly RuleDraft[], index: number, by: -1 | 1): RuleDraft[] {
  const rule = rules[index]
  const to = index + by
  if (rule === undefined || to < 0 || to >= rules.length) return [...rules]
  const others = rules.filter((_, other) => other !== index)
  return [...others.slice(0, to), rule, ...others.slice(to)]
}

/** `roles` for so many approvals: one more of the last where some are missing, none where roles do not count. */
export function rolesFor(roles: readonly StepRole[], approvals: number): StepRole[] {
  if (roles.length === 0) return []
  const last = roles.at(-1) ?? 'reviewer'
  return Array.from({ length: approvals }, (_, index) => roles[index] ?? last)
}
