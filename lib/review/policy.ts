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
 * stays as the workflow has it, and so does whatever it asks less of.
 */
export function choosePolicy(definition: WorkflowDefinition, facts: PolicyFacts): ChosenPolicy {
  const { review } = definition
  const time: PatternTime = { left: PATTERN_MS }
  const chosen = firstRule(review.byRisk ?? [], facts, time)
  const ask = chosen?.rule.ask ?? {}
  return {
    ...stricterOf(review, ask),
    dueHours: ask.dueHours ?? review.dueHours,
    atDeadline: review.atDeadline ?? 'expires',
    escalateHours: review.escalateHours ?? ESCALATE_HOURS,
    risk: riskOf(chosen?.rule ?? null, facts),
    rule: chosen === null ? null : { id: chosen.rule.id, label: labelOf(chosen) },
  }
}

type Chosen = { rule: RiskRule; applies: 'yes' | 'untold' }

function firstRule(rules: readonly RiskRule[], facts: PolicyFacts, time: PatternTime): Chosen | null {
  for (const rule of rules) {
    const applies = appliesTo(rule.when, facts, time)
    if (applies !== 'no') return { rule, applies }
  }
  return null
}

function labelOf({ rule, applies }: Chosen): string {
  return applies === 'yes' ? rule.label : `Nobody could tell whether this holds: ${rule.label}`
}

/** What failed or rests on nothing stands out, whatever a rule says of it. */
function riskOf(rule: RiskRule | null, { claims, checks }: PolicyFacts): RiskRank {
  const doubtful = claims.some(isUnsupported) || checks.some(isFailed)
  const said = rule === null ? 0 : rankOf[rule.risk ?? 'raised']
  return doubtful && said === 0 ? 1 : said
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
