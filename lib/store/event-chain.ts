/** Events of a job: how one is made, what its hash covers, and how they fold to the life-cycle columns. Pure. */
import { createHash } from 'node:crypto'
import type { Command, State } from '@/lib/lifecycle/table'

export type ActorKind = 'person' | 'system' | 'provider' | 'api_key'
export type Transport = 'browser' | 'api' | 'poll' | 'webhook' | 'timer'
export type EventActor = { kind: ActorKind; id: string | null }

/** What an event says besides who did what: ids, hashes, codes and times; never content. */
export type EventDetail = {
  /** Hash of the note that came with it. */
  note?: string | null
  attempt?: number
  responseId?: string | null
  /** Hash of the payload as received. */
  payload?: string | null
  /** Hash of the result that a decision binds, or that a round is about. */
  result?: string | null
  round?: { number: number; kind: string }
  failure?: { class: string; code: string | null; signal?: string }
  /** Why, as a code: of a round that opens, of a failure that ends it. */
  reason?: string
  notBefore?: string | null
  guidance?: string | null
  /** Whoever asked for another attempt confirmed that an older call may be paid beside it. */
  mayBePaidTwice?: true
  /** What a person answered to each call that waited: the arguments are those that were permitted, or refused. */
  calls?: { id: string; allowed: boolean; arguments: string }[]
  /** For how long the queue of its workflow stood still, in milliseconds. */
  stoodStillMs?: number
  input?: string
  /**
   * What an acceptance lets leave, or which delivery an event is about, and how it then stands. `reference` is the SHA-256 of
   * what was given with a confirmation.
   */
  delivery?: { id: string; hash?: string; state?: string; code?: string | null; reference?: string }
  /** Deliveries that had not left, and will not. */
  withdrawn?: string[]
  /** Until when a claim or a snooze lasts. */
  until?: string | null
  /** Whose claim ends, where it is not that of the actor; to whom it is assigned. */
  person?: string | null
  /** What a reviewer found of claims, by their index. */
  marks?: { claim: number; verdict: string }[]
  /** People whom a comment tells. */
  mentions?: string[]
  priority?: { from: number; to: number }
  /** Its due time before. */
  dueBefore?: string | null
  /** The batch of which it is one. */
  batch?: string
  /** A code of the list of reasons. */
  because?: string
  /** The hash of what was revised; `result` is that of the revision. */
  revises?: string
  /** Hashes of bytes that were erased with it: without an event that says so, bytes that are gone are a finding. */
  erased?: string[]
  /** Hash of the terms of its round as they stood before a revision: see lib/history/terms-before.ts. */
  termsBefore?: string
  /** What the policy of a round asks for, and the rule that chose it. */
  policy?: { approvals: number; roles?: string[]; blind?: boolean; rule?: string; sample?: boolean }
}

export type EventBody = {
  v: 1
  command: Command
  from: State | null
  to: State
  at: string
  actor: EventActor
  transport: Transport
  /** Life-cycle columns as this event leaves them. */
  dueAt: string | null
  settledAt: string | null
} & EventDetail

/** What stands before the first event. */
export const GENESIS = '0'.repeat(64)

/**
 * SHA-256 (lower-case hex) of: format name, job id, sequence, the hash before it, and the exact body, a line each.
 * The database computes the same in `event_hash` and refuses an event where they differ.
 */
export function eventHash(jobId: string, seq: number, prevHash: string, body: string): string {
  return createHash('sha256').update(`holdpoint-event:1\n${jobId}\n${seq}\n${prevHash}\n${body}`, 'utf8').digest('hex')
}

/** The life-cycle columns of a job, as its events say. */
export type Folded = {
  state: State
  version: number
  headHash: string
  lastCommand: Command
  changedAt: string
  settledAt: string | null
  dueAt: string | null
  fence: number
}

/** One stored event, as far as folding needs it. */
export type StoredEvent = { seq: number; body: string; hash: string }

/** Folds events, in order from the first, to the columns of their job; null for none. */
export function fold(events: readonly StoredEvent[]): Folded | null {
  return events.reduce<Folded | null>((before, event) => {
    const body = JSON.parse(event.body) as EventBody
    return {
      state: body.to,
      version: (before?.version ?? 0) + 1,
      headHash: event.hash,
      lastCommand: body.command,
      changedAt: body.at,
      settledAt: body.settledAt,
      dueAt: body.dueAt,
      fence: (before?.fence ?? 0) + (body.command === 'start' ? 1 : 0),
    }
  }, null)
}

/** The first event whose place, predecessor or hash is wrong; null where the chain holds. */
export function firstBrokenEvent(
  jobId: string,
  events: readonly (StoredEvent & { prevHash: string })[],
): { seq: number; why: 'gap' | 'predecessor' | 'hash' } | null {
  let prevHash = GENESIS
  let seq = 0
  for (const event of events) {
    seq += 1
    if (event.seq !== seq) return { seq, why: 'gap' }
    if (event.prevHash !== prevHash) return { seq, why: 'predecessor' }
    if (eventHash(jobId, seq, prevHash, event.body) !== event.hash) return { seq, why: 'hash' }
    prevHash = event.hash
  }
  return null
}
