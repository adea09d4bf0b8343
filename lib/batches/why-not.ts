/** Which jobs of a group cannot be retried together, and why. Pure. */

/** What is known of a job when the selection is made. Amounts in millionths of a US dollar. */
export type Candidate = {
  /** The kind of its open round; null where none is open. */
  roundKind: string | null
  isRetired: boolean
  /** A call may still be under way, or its end was not seen. */
  hasLiveCall: boolean
  hasUnseenEnd: boolean
  /** Somebody holds it at the desk. */
  isHeld: boolean
  /** The worst case of another attempt; null: not known. */
  worstMicros: bigint | null
  /** What is left of its own budget; null: it has none. */
  leftMicros: bigint | null
  /** The smallest budget of its workflow or the installation; null: there is none. */
  budgetMicros: bigint | null
}

export type WhyNot =
  | 'decides'
  | 'may_be_paid_twice'
  | 'call_live'
  | 'held'
  | 'retired'
  | 'price_unknown'
  | 'budget_job'
  | 'budget'

/** Why it cannot be retried together with others; null: it can. */
export function whyNot(job: Candidate): WhyNot | null {
  if (job.isRetired) return 'retired'
  if (job.roundKind === 'result' || job.roundKind === 'permission') return 'decides'
  if (job.roundKind === 'unknown' || job.hasUnseenEnd) return 'may_be_paid_twice'
  if (job.hasLiveCall) return 'call_live'
  if (job.isHeld) return 'held'
  const hasBudget = job.leftMicros !== null || job.budgetMicros !== null
  if (job.worstMicros === null) return hasBudget ? 'price_unknown' : null
  if (job.leftMicros !== null && job.worstMicros > job.leftMicros) return 'budget_job'
  if (job.budgetMicros !== null && job.worstMicros > job.budgetMicros) return 'budget'
  return null
}

/** For people: what keeps it out, and what to do instead. */
export const WHY_NOT: Record<WhyNot, string> = {
  retired: 'Its workflow is retired. Bring it back first.',
  decides: 'A person decides on it: there is a result, or a call waits for leave. Decide in the review inbox.',
  may_be_paid_twice: 'Its last call may have been taken, so another may be paid twice. Decide on each by itself.',
  call_live: 'A call of it may still be under way. Wait for its end, or decide on it by itself.',
  held: 'Somebody works on it at the desk.',
  price_unknown:
    'It has a budget, and what another attempt may cost is not known. Enter the price under Settings, Money.',
  budget_job: 'Another attempt could cost more than is left of its own budget. A lead can raise it, one by one.',
  budget: 'One attempt could cost more than the budget of its workflow or of a day.',
}

/** What became of a job that was chosen, where it was not retried. */
const AFTERWARDS: Record<string, string> = {
  moved_on: 'It has moved on since it was chosen.',
  forbidden: 'Whoever started this may not retry it.',
  invalid: 'It cannot be retried as it stands.',
  not_found: 'It is not there any more.',
  failure: 'Holdpoint itself failed while it was retried. The log of the worker says more.',
  cancelled: 'The rest was cancelled before its turn.',
}

/** The words for a code of a job in a batch. */
export function whyNotWords(code: string): string {
  return Object.hasOwn(WHY_NOT, code) ? WHY_NOT[code as WhyNot] : (AFTERWARDS[code] ?? 'It was not retried.')
}

/** The same input goes out again, and it was refused for what it says: only somebody who knows may want that. */
export function asksToKnow(failureClass: string): boolean {
  return failureClass === 'malformed_input' || failureClass === 'policy'
}
