/** A failure rule: which signal, which class, and what becomes of it. */
import type { FailureClass, FailurePlace } from '@/lib/lifecycle/failure'
import type { RetryOverride } from '@/lib/lifecycle/retry'

/**
 * What a rule may look at. `code`: of the provider or of the system on the way there; `http_status`: of a call without a
 * code that an earlier rule knows; `incomplete`: why a response is incomplete; `check`: the key of an automatic check
 * that a whole answer does not pass; `stop`: a reason of our own.
 */
export const signalKinds = ['code', 'http_status', 'incomplete', 'check', 'stop'] as const
export type SignalKind = (typeof signalKinds)[number]

/** Who gets a notice. */
export const tellings = ['nobody', 'requester', 'leads'] as const
export type Telling = (typeof tellings)[number]

export type Rule = {
  /** Unique in its version; kept when the rule is changed, so that versions can be compared. */
  id: string
  signal: { kind: SignalKind; value: string }
  /** null: anywhere. */
  where: FailurePlace | null
  class: FailureClass
  /** null: it is not tried again by itself. */
  retry: RetryOverride | null
  /** The job goes back to the queue, and nothing of its workflow is sent until a lead resumes it. */
  stopsQueue: boolean
  /** Whether it uses up one of the tries that the workflow allows. */
  countsTries: boolean
  tell: Telling
  /** What people are told; null: the sentence that Holdpoint has for it. */
  sentence: string | null
}
