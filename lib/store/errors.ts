/** What can go wrong with a command in a way that is expected. Each carries what the edge needs to say it well. */

import type { State } from '@/lib/lifecycle/table'
import type { EventActor } from './event-chain'

/** Somebody else was first, or what was on the screen is no longer current. The edge answers 409. */
export class JobConflict extends Error {
  override name = 'JobConflict'
  constructor(
    message: string,
    /** The last thing that happened to the job: who, what and when. */
    readonly last: { command: string; state: State; by: EventActor; at: Date },
  ) {
    super(message)
  }
}

/** This person may not do that. The edge answers 403. */
export class Forbidden extends Error {
  override name = 'Forbidden'
}

/** What was sent cannot be used. `errors` point at the parts. The edge answers 422. */
export class InvalidInput extends Error {
  override name = 'InvalidInput'
  constructor(
    message: string,
    readonly errors: { pointer: string; detail: string }[] = [],
  ) {
    super(message)
  }
}

/** There is no such thing, or this person may not know of it. The edge answers 404. */
export class NotFound extends Error {
  override name = 'NotFound'
}

/** A queue is not as whoever changes it saw it. The edge answers 409. */
export class QueueConflict extends Error {
  override name = 'QueueConflict'
}

/** A queue takes no new jobs until a lead opens it. The edge answers 409. */
export class QueueDrained extends Error {
  override name = 'QueueDrained'
}

/** The same idempotency key came with another body. The edge answers 422. */
export class IdempotencyMismatch extends Error {
  override name = 'IdempotencyMismatch'
}

/** The guarded UPDATE changed no row: the job moved on in between. Never leaves `lib/store`. */
export class LostRace extends Error {
  override name = 'LostRace'
}
