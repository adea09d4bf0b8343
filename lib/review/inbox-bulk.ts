/** Deciding on several items together: what is asked, and what is refused beforehand. Pure. */
import { z } from 'zod'
import type { Problem } from '@/lib/jobs/view'
import type { InboxItem } from './view'

export const bulkCommands = ['approve', 'retry', 'abandon', 'assign', 'snooze'] as const
export type BulkCommand = (typeof bulkCommands)[number]

/** More at once is no longer a look at each of them. */
export const MOST_IN_BULK = 200

/** Exactly these rows, each as it stood on the screen. There is no way to say "all". */
export const bulkAskSchema = z.strictObject({
  command: z.enum(bulkCommands),
  note: z.string().max(10_000).optional(),
  /** A code of the list of reasons. */
  reason: z.string().max(60).optional(),
  /** Of `retry`: what should be different. */
  guidance: z.string().max(10_000).optional(),
  /** Of `assign`: whom; null: nobody. */
  assignee: z.string().nullable().optional(),
  /** Of `snooze`: until when. */
  until: z.string().optional(),
  rows: z
    .array(
      z.strictObject({
        id: z.uuid(),
        version: z.int32().min(0),
        resultHash: z.string().nullable(),
        deliveryHash: z.string().nullable(),
      }),
    )
    .min(1)
    .max(MOST_IN_BULK),
})
export type BulkAsk = z.infer<typeof bulkAskSchema>

/** What became of one row: the command that it turned out to be, or why nothing was changed. */
export type BulkOutcome = { id: string; ok: true; command: string } | { id: string; ok: false; problem: Problem }

/** An item as the ask names it. */
export function rowOfItem({ id, version, round }: InboxItem): BulkAsk['rows'][number] {
  return { id, version, resultHash: round?.resultHash ?? null, deliveryHash: round?.deliveryHash ?? null }
}

/** Why this item is left out of `command` beforehand, as a sentence; null where it is asked for. */
export function refusedBeforehand(item: InboxItem, command: BulkCommand, until: number | null = null): string | null {
  const { round } = item
  if (round === null) return 'It is about a delivery. Open it, and settle it there.'
  if (command === 'assign') return null
  if (command === 'snooze') {
    const isTooLate = until !== null && round.dueAt !== null && until >= Date.parse(round.dueAt)
    return isTooLate ? 'It is due before then.' : null
  }
  if (round.individually) {
    const because = round.reason === null ? '' : ` ${round.reason}`
    return `Each of these is decided by itself.${because}`
  }
  if (command === 'approve') return refusedApproval(item)
  if (command === 'retry' && round.kind === 'unknown') return 'It may be paid twice. Open it, and confirm that there.'
  return heldByOthers(item)
}

function refusedApproval(item: InboxItem): string | null {
  if (item.round?.kind !== 'result') return 'It asks for another answer than an approval.'
  if (item.resultKind === 'recommendation') return 'An option must be chosen. Open it, and choose there.'
  if (item.view === 'others') return item.why
  return heldByOthers(item)
}

/** Whoever works on it would be surprised: the server refuses where they hold the last place, and so does this. */
function heldByOthers(item: InboxItem): string | null {
  return item.view === 'others' && item.claims.length > 0 ? item.why : null
}
