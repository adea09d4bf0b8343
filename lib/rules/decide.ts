/** What the rules make of a signal. Pure. */
import { type FailureClass, failureSentence, retriesByItself, type Signal } from '@/lib/lifecycle/failure'
import type { RetryOverride } from '@/lib/lifecycle/retry'
import { fits, signalCode } from './signals'
import type { Rule, Telling } from './types'

export type Verdict = {
  class: FailureClass
  /** As it is stored: a code, never a message. */
  code: string
  /** Null where no rule fits: nobody mapped it, and it is held for a person. */
  ruleId: string | null
  /** What the rule says instead of the workflow; null: it is not tried again by itself. */
  retry: RetryOverride | null
  /** The job goes back to the queue and its workflow's sending stands still until a lead resumes it. */
  stopsQueue: boolean
  /** False where it uses up no try. */
  countsTries: boolean
  tell: Telling
  sentence: string
}

/** Nobody saw how these calls ended: they may still be running, and paid. No rule lets them be sent again by itself. */
export const ENDS_NOBODY_SAW: readonly string[] = ['no_final_status', 'repeated_response_id', 'lost_answer', 'gone']

/**
 * The verdict of the first rule that fits. Whatever the rules say, only infrastructure and timeouts are tried again or
 * stop a queue.
 */
export function decide(signal: Signal, rules: readonly Rule[]): Verdict {
  const code = signalCode(signal)
  const rule = rules.find((candidate) => fits(candidate, signal))
  if (rule === undefined || isUnseenEnd(signal, rule)) return held(code, rule?.id ?? null)
  const mayRetry = retriesByItself(rule.class)
  const stopsQueue = mayRetry && rule.stopsQueue
  return {
    class: rule.class,
    code,
    ruleId: rule.id,
    retry: mayRetry && !stopsQueue ? rule.retry : null,
    stopsQueue,
    countsTries: !mayRetry || rule.countsTries,
    tell: rule.tell,
    sentence: rule.sentence ?? failureSentence(rule.class, code),
  }
}

function isUnseenEnd(signal: Signal, rule: Rule): boolean {
  return signal.source === 'ours' && ENDS_NOBODY_SAW.includes(signal.code ?? '') && retriesByItself(rule.class)
}

function held(code: string, ruleId: string | null): Verdict {
  return {
    class: 'unclassified',
    code,
    ruleId,
    retry: null,
    stopsQueue: false,
    countsTries: true,
    tell: ruleId === null ? 'leads' : 'nobody',
    sentence: failureSentence('unclassified', code),
  }
}
