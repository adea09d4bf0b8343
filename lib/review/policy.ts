/**
 * Which policy a result waits under: what its workflow asks for, or more where a rule over the result says so. Pure;
 * never throws. Where nobody can tell whether a rule applies, it does: a policy may ask for too much, never for too
 * little.
 */
import { placesOf } from '@/lib/evidence/own-checks'
import { firstMatched, PATTERN_MS, type PatternTime } from '@/lib/evidence/patterns'
import type { Check, Claim } from '@/lib/evidence/types'
import type { DeliveryKind, Risk, RiskRule, StepRole, WorkflowDefinition } from '@/lib/workflows/definition'
import { isOutside } from './domains'
import { stricterOf } from './stricter'

/** More of a text than this is not held against a pattern, in UTF-16 units; the clock stops what takes long. */
const LONGEST_MATCHED = 1_000_000
/** Hours that the leads have for what was escalated to them, where a workflow does not say. */
export const ESCALATE_HOURS = 24

/** 0 normal, 1 raised, 2 high: how a round stands out, in the order in which it is sorted. */
export type RiskRank = 0 | 1 | 2
const rankOf: Record<Risk, RiskRank> = { normal: 0, raised: 1, high: 2 }

/** What a round asks for, as it is recorded when the round opens. Hours are whole or fractions. */
export type ChosenPolicy = {
  /** How many different people must approve. 0: nobody, once every check passes. */
  approvals: number
  /** Named roles in their order, as many as `approvals`; empty: anyone who reviews. */
  roles: StepRole[]
  blind: boolean
  individually: boolean
  requesterMayApprove: boolean
  dueHours: number
  atDeadline: 'expires' | 'escalates'
  escalateHours: number
  risk: RiskRank
  /** The rule of `byRisk` that chose it; its label says why, or that nobody could tell. */
  rule: { id: string; label: string } | null
}

/** What a policy is chosen by. `json` is undefined where the answer is no JSON; `delivery` null where nothing leaves. */
export type PolicyFacts = {
  json: unknown
  claims: readonly Claim[]
  checks: readonly Check[]
  delivery: { kind: DeliveryKind; destination: string } | null
}

/** Whether a rule applies; `untold` where its pattern took too long, or what it looks at cannot be looked at. */
type Applies = 'yes' | 'no' | 'untold'

/**
 * The policy of `definition` for a result with these facts. The first rule that applies chooses; what it leaves out
 * stays as the workflow has it, and so does whatever it asks less of. Rules before it of which nobody can tell whether
 * they apply choose beside it: one of them might have chosen, and so might it.
 */
export function choosePolicy(definition: WorkflowDefinition, facts: PolicyFacts): ChosenPolicy {
  const { review } = definition
  const rules = rulesThatChoose(review.byRisk ?? [], facts)
  const asks = rules.map(({ rule }) => rule.ask)
  const hours = asks.flatMap(({ dueHours }) => dueHours ?? [])
  return {
    ...asks.reduce(stricterOf, stricterOf(review, {})),
    dueHours: hours.length === 0 ? review.dueHours : Math.min(...hours),
    atDeadline: review.atDeadline ?? 'expires',
    escalateHours: review.escalateHours ?? ESCALATE_HOURS,
    risk: riskOf(rules, facts),
    rule: reasonOf(rules),
  }
}

type Chosen = { rule: RiskRule; applies: 'yes' | 'untold' }

/** The first rule that applies, and those before it of which nobody can tell. */
function rulesThatChoose(rules: readonly RiskRule[], facts: PolicyFacts): Chosen[] {
  const time: PatternTime = { left: PATTERN_MS }
  const chosen: Chosen[] = []
  for (const rule of rules) {
    const applies = appliesTo(rule.when, facts, time)
    if (applies !== 'no') chosen.push({ rule, applies })
    if (applies === 'yes') break
  }
  return chosen
}

/** What is certain is named first. */
function reasonOf(rules: readonly Chosen[]): ChosenPolicy['rule'] {
  const certain = rules.find(({ applies }) => applies === 'yes')
  const untold = rules.filter(({ applies }) => applies === 'untold').map(({ rule }) => rule.label)
  const first = certain ?? rules[0]
  if (first === undefined) return null
  const labels = certain === undefined ? [] : [certain.rule.label]
  if (untold.length > 0) labels.push(`Nobody could tell whether this holds: ${untold.join('; ')}`)
  return { id: first.rule.id, label: labels.join('. ') }
}

/** What failed or rests on nothing stands out, whatever a rule says of it. */
function riskOf(rules: readonly Chosen[], { claims, checks }: PolicyFacts): RiskRank {
  const doubtful = claims.some(isUnsupported) || checks.some(isFailed)
  const said = rules.map(({ rule }) => rankOf[rule.risk ?? 'raised'])
  return Math.max(doubtful ? 1 : 0, ...said) as RiskRank
}

const isUnsupported = ({ support }: Claim) => support === 'none'
const isFailed = ({ outcome }: Check) => outcome === 'fail'

function appliesTo(when: RiskRule['when'], facts: PolicyFacts, time: PatternTime): Applies {
  switch (when.if) {
    case 'value':
      return valueApplies(when.at, when.is, facts.json, time)
    case 'claims_unsupported':
      return told(facts.claims.some(isUnsupported))
    case 'checks_failed':
      return told(facts.checks.some((check) => isFailed(check) && isNamed(check, when.ids)))
    case 'leaves':
      return told(leaves(facts.delivery, when.outside))
  }
}

const told = (applies: boolean): Applies => (applies ? 'yes' : 'no')

/** A workflow's own check goes by the id that its file gives it. */
function isNamed({ key }: Check, ids: readonly string[] | undefined): boolean {
  return ids === undefined || ids.some((id) => key === id || key === `own:${id}`)
}

function leaves(delivery: PolicyFacts['delivery'], outside: readonly string[] | undefined): boolean {
  if (delivery === null || delivery.kind === 'none') return false
  return outside === undefined || (delivery.kind === 'email' && isOutside(delivery.destination, outside))
}

type Is = Extract<RiskRule['when'], { if: 'value' }>['is']

/** Whether `is` holds of anything at `at`. What is not there holds nothing, not even of `null`. */
function valueApplies(at: string, is: Is, json: unknown, time: PatternTime): Applies {
  if (json === undefined) return 'untold'
  const places = placesOf(json, at)
  if (places === 'too many') return 'untold'
  const values = places.map(({ value }) => value).filter((value) => value !== undefined)
  return is.be === 'matching' ? anyMatches(is.pattern, values, time) : told(values.some((value) => holds(is, value)))
}

function holds(is: Exclude<Is, { be: 'matching' }>, value: unknown): boolean {
  switch (is.be) {
    case 'present':
      return value !== null && value !== ''
    case 'equal':
      return value === is.value
    case 'one_of':
      return is.values.some((one) => one === value)
    case 'more_than':
      return typeof value === 'number' && value > is.value
    case 'less_than':
      return typeof value === 'number' && value < is.value
  }
}

/** Of texts only: a number is not written out to be held against a pattern. */
function anyMatches(pattern: string, values: readonly unknown[], time: PatternTime): Applies {
  const texts = values.filter((value) => typeof value === 'string')
  if (texts.length === 0) return 'no'
  const short = texts.filter((text) => text.length <= LONGEST_MATCHED)
  const found = firstMatched(pattern, short, time)
  if (typeof found === 'string') return 'untold'
  if (found !== -1) return 'yes'
  return short.length === texts.length ? 'no' : 'untold'
}
