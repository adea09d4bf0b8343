/** Why a round asks for what it asks for, in sentences for its reviewers. Pure. */
import type { StepRole, WorkflowDefinition } from '@/lib/workflows/definition'
import {
  type Asked,
  addedWords,
  askedWords,
  insideWords,
  peopleWords,
  percentWords,
} from '@/lib/workflows/policy-words'
import { stricterOf } from './stricter'

type Review = WorkflowDefinition['review']

/** What a round recorded of its policy when it opened. */
export type RoundPolicy = {
  approvals: number
  roles: readonly StepRole[]
  blind: boolean
  individually: boolean
  requesterMayApprove: boolean
  /** The rule over the result that chose it. */
  rule: { id: string; label: string } | null
  /** It would have been accepted by itself, and was drawn. */
  isSample: boolean
}

/**
 * Why this round asks for more than `review`, the policy of the version that its job ran under; null where it asks for
 * just that. "Asks for two different people because the amount is above 1,000."
 */
export function policyReason(round: RoundPolicy, review: Review): string | null {
  const because = round.rule === null ? null : insideWords(round.rule.label)
  if (round.isSample) {
    const drawn = `Held as a sample: ${percentWords(review.samplePercent ?? 0)} of what is accepted by itself.`
    return because === null ? drawn : `${drawn} It stands out because ${because}.`
  }
  if (because === null) return null
  const asked = { ...round, roles: [...round.roles] }
  const base = { ...review, approvals: Math.max(review.approvals, 1) }
  const more = addedWords(asAsk(asked), base)
  if (more.length === 0) return `Stands out because ${because}.`
  const beside = addedWords(asAsk({ ...asked, individually: review.individually === true }), base)
  if (beside.length === 0) return `It is decided by itself because ${because}.`
  // A list and a reason in one sentence would be read as if the reason were of the last entry only.
  return more.length === 1 ? `Asks for ${more[0]} because ${because}.` : `Asks for ${more.join('; ')}. Why: ${because}.`
}

function asAsk({ approvals, roles, blind, individually, requesterMayApprove }: Asked) {
  return {
    approvals,
    roles,
    blind,
    individually,
    ...(requesterMayApprove ? {} : { requesterMayApprove: false as const }),
  }
}

/**
 * Says that the workflow asks for something else by now than this round does; null where it does not, and where that
 * depends on rules that nobody has held against this result. "The policy was changed since (version 4 asks for two
 * different people). What waits keeps what it was asked under."
 * @param own the policy of the version that its job ran under: where it is still the current one, nothing was changed,
 *   even if a revision made this round ask for more.
 */
export function policyChanged(
  round: RoundPolicy,
  current: { version: number; review: Review },
  own?: Review,
): string | null {
  const { review, version } = current
  if (own !== undefined && JSON.stringify(own) === JSON.stringify(review)) return null
  const rule = round.rule === null ? undefined : review.byRisk?.find(({ id }) => id === round.rule?.id)
  const asks = { ...stricterOf(review, rule?.ask ?? {}) }
  if (isSame(round, asks)) return null
  const words = asks.approvals === 0 ? peopleWords(asks) : askedWords(asks)
  return `The policy was changed since (version ${version} asks for ${words}). What waits keeps what it was asked under.`
}

/** Where a workflow asks for nobody, what waits all the same (a sample, a failed check) waits for one. */
function isSame(round: RoundPolicy, asks: ReturnType<typeof stricterOf>): boolean {
  return (
    round.approvals === Math.max(asks.approvals, 1) &&
    round.roles.join() === asks.roles.join() &&
    round.blind === asks.blind &&
    round.individually === asks.individually &&
    round.requesterMayApprove === asks.requesterMayApprove
  )
}
