/** A moment in the life of a job: what was known right after one of its events. Pure. */
import type { EventBody } from '@/lib/store/event-chain'

/** An event with its body read. */
export type Told = { seq: number; at: Date; body: EventBody }

export type Then = {
  /** The last event that had happened. */
  seq: number
  /** When that was. */
  at: Date
  /** What has a time of its own, and no event, was known if it is not later: of the last moment, all that is known. */
  known: Date
  /** The events up to it, from the first. */
  events: readonly Told[]
  /** Those after it. */
  later: readonly Told[]
}

/** The moment after event `seq`; null where there is no such event. */
export function thenOf(events: readonly { seq: number; at: Date; body: string }[], seq: number): Then | null {
  const told = events.map((event) => ({ seq: event.seq, at: event.at, body: JSON.parse(event.body) as EventBody }))
  const last = told.find((event) => event.seq === seq)
  if (last === undefined) return null
  return {
    seq,
    at: last.at,
    known: last === told.at(-1) ? END_OF_TIME : last.at,
    events: told.filter((event) => event.seq <= seq),
    later: told.filter((event) => event.seq > seq),
  }
}

/** The last moment lasts: nothing has followed it. */
const END_OF_TIME = new Date(8.64e15)

/** Whether nothing has followed: the job stands so still. */
export function isStill({ later }: Pick<Then, 'later'>): boolean {
  return later.length === 0
}

/** Whether something that has a time, and no event, had happened. */
export function wasKnown({ known }: Pick<Then, 'known'>, time: Date | null): time is Date {
  return time !== null && time <= known
}
