/** When an attempt that failed is tried again by itself. Pure: the rules are a table in the workflow. */
import { type FailureClass, retriesByItself } from './failure'

export type RetryRule = {
  /** Attempts in all, since a person last asked for one. */
  maxAttempts: number
  /** First delay, in milliseconds. */
  firstMs: number
  factor: number
  capMs: number
}

export type RetryDecision = { did: true; why: string; notBefore: Date } | { did: false; why: string }

/**
 * Whether to try again, and when: exponential backoff with full jitter, never earlier than the provider asked.
 * @param tries attempts made since a person last asked for one, the failed one included.
 * @param retryAfterMs what the provider asked for, or null.
 * @param random in [0, 1): given from outside so that the rule stays pure.
 */
export function decideRetry(
  failureClass: FailureClass,
  tries: number,
  rule: RetryRule,
  { now, retryAfterMs, random }: { now: Date; retryAfterMs: number | null; random: number },
): RetryDecision {
  if (!retriesByItself(failureClass)) {
    return { did: false, why: `Failures of the class ${CLASS_WORDS[failureClass]} never retry by themselves.` }
  }
  if (tries >= rule.maxAttempts) {
    return { did: false, why: `All ${rule.maxAttempts} tries that the workflow allows were used.` }
  }
  const ceiling = Math.min(rule.firstMs * rule.factor ** (tries - 1), rule.capMs)
  const delay = Math.max(Math.round(ceiling * random), retryAfterMs ?? 0)
  const asked = retryAfterMs === null ? '' : ' OpenAI asked us to wait.'
  return {
    did: true,
    why: `Failures of the class ${CLASS_WORDS[failureClass]} retry by themselves: try ${tries + 1} of ${rule.maxAttempts}.${asked}`,
    notBefore: new Date(now.getTime() + delay),
  }
}

/** The classes as people read them. */
export const CLASS_WORDS: Record<FailureClass, string> = {
  infrastructure: 'infrastructure',
  timeout: 'timeout',
  malformed_input: 'malformed input',
  policy: 'policy',
  review_required: 'review required',
  unclassified: 'unclassified',
}
