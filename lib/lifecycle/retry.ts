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

/** What a failure rule says instead of the workflow; null: as the workflow says. */
export type RetryOverride = {
  firstSeconds: number | null
  factor: number | null
  capSeconds: number | null
  maxAttempts: number | null
}

export type RetryDecision = { did: true; why: string; notBefore: Date } | { did: false; why: string }

export type RetryCircumstances = {
  now: Date
  /** What the provider asked for, or null. */
  retryAfterMs: number | null
  /** In [0, 1): given from outside so that the rule stays pure. */
  random: number
  /** What the failure rule says of delays and tries; null: it says not to try again. Absent: as the workflow says. */
  override?: RetryOverride | null
  /** False where the failure uses up no try, so that no number of tries ends it. */
  countsTries?: boolean
  /** How often in a row it has failed like this, this time included: delays grow with it. Absent: as often as it was tried. */
  inARow?: number
}

/** What fails again at once and uses up no tries would spin: from the second time on it waits at least so long. */
const BREATH_MS = 1_000

/**
 * Whether to try again, and when: exponential backoff with full jitter, never earlier than the provider asked.
 * @param tries attempts made since a person last asked for one, the failed one included.
 */
export function decideRetry(
  failureClass: FailureClass,
  tries: number,
  workflow: RetryRule,
  { now, retryAfterMs, random, override, countsTries = true, inARow = tries }: RetryCircumstances,
): RetryDecision {
  if (!retriesByItself(failureClass)) {
    return { did: false, why: `Failures of the class ${CLASS_WORDS[failureClass]} never retry by themselves.` }
  }
  if (override === null) return { did: false, why: 'The failure rule that fits says not to try again by itself.' }
  const rule = overridden(workflow, override)
  if (countsTries && tries >= rule.maxAttempts) {
    return { did: false, why: `All ${rule.maxAttempts} tries that ${whose(override)} allows were used.` }
  }
  const ceiling = Math.min(rule.firstMs * rule.factor ** (Math.max(1, inARow) - 1), rule.capMs)
  const least = countsTries || inARow <= 1 ? 0 : BREATH_MS
  const delay = Math.max(Math.round(ceiling * random), retryAfterMs ?? 0, least)
  const asked = retryAfterMs === null ? '' : ' OpenAI asked us to wait.'
  const nth = countsTries ? `try ${tries + 1} of ${rule.maxAttempts}` : 'this one used up no try'
  return {
    did: true,
    why: `Failures of the class ${CLASS_WORDS[failureClass]} retry by themselves: ${nth}.${asked}`,
    notBefore: new Date(now.getTime() + delay),
  }
}

function overridden(workflow: RetryRule, override: RetryOverride | undefined): RetryRule {
  if (override === undefined) return workflow
  const { firstSeconds, factor, capSeconds, maxAttempts } = override
  return {
    maxAttempts: maxAttempts ?? workflow.maxAttempts,
    firstMs: firstSeconds === null ? workflow.firstMs : firstSeconds * 1_000,
    factor: factor ?? workflow.factor,
    capMs: capSeconds === null ? workflow.capMs : capSeconds * 1_000,
  }
}

function whose(override: RetryOverride | undefined): string {
  return override?.maxAttempts == null ? 'the workflow' : 'the failure rule'
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
