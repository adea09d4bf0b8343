/**
 * The order of the inbox, and the cursor of its pages. Pure.
 *
 * What is overdue comes first, then what is due within four hours, then within a day, then the rest, what has no due
 * time among it. Within each of these, high risk comes before raised risk and that before none; within a risk what
 * waits longest comes first, and of what began to wait in the same moment the lower job number. `inbox-sql.server.ts`
 * says the same in SQL, and a test holds the two together.
 */
import { z } from 'zod'

const HOUR = 3_600_000

/** The buckets by which it sorts, in order: what each is called, and until how long before the due time it reaches. */
export const buckets = [
  { key: 'overdue', label: 'Overdue', withinMs: 0 },
  { key: 'soon', label: 'Due within 4 hours', withinMs: 4 * HOUR },
  { key: 'today', label: 'Due within a day', withinMs: 24 * HOUR },
  { key: 'later', label: 'Later', withinMs: Number.POSITIVE_INFINITY },
] as const

/** What the place of an item follows from. Moments in milliseconds since 1970. */
export type Placed = {
  dueAt: number | null
  /** 0 normal, 1 raised, 2 high. */
  risk: number
  /** Since when it waits. */
  since: number
  number: number
}

/** The index into `buckets` of what is due then. What is due this very moment is overdue. */
export function bucketOf(dueAt: number | null, now: number): number {
  const left = dueAt === null ? Number.POSITIVE_INFINITY : dueAt - now
  return buckets.findIndex(({ withinMs }) => left <= withinMs)
}

/** Sorts what comes first in the inbox to the front. */
export function compareInInbox(a: Placed, b: Placed, now: number): number {
  return bucketOf(a.dueAt, now) - bucketOf(b.dueAt, now) || b.risk - a.risk || a.since - b.since || a.number - b.number
}

/**
 * Where a page ended, and the moment as of which its order was made: pages that follow go on in that order, or what
 * became overdue between two of them would be shown twice or not at all.
 */
export type Cursor = { asOf: number; bucket: number; risk: number; since: number; number: number }

/** A millisecond that PostgreSQL and JavaScript can both hold. */
const moment = z
  .int()
  .min(0)
  .max(8_640_000_000_000_000 / 100)
const cursorSchema = z.tuple([moment, z.int().min(0).max(3), z.int().min(0).max(2), moment, z.int32()])

/** An order older than this is not gone on with, in milliseconds: nobody reads a page for so long. */
const KEPT_MS = HOUR

export function writeCursor({ asOf, bucket, risk, since, number }: Cursor): string {
  return Buffer.from(JSON.stringify([asOf, bucket, risk, since, number])).toString('base64url')
}

/** Null for a cursor that makes no sense, or whose order is too old or from the future: then it begins anew. */
export function readCursor(text: string, now: number): Cursor | null {
  try {
    const parsed = cursorSchema.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')))
    const [asOf, bucket, risk, since, number] = parsed
    return asOf > now || now - asOf > KEPT_MS ? null : { asOf, bucket, risk, since, number }
  } catch {
    return null
  }
}
