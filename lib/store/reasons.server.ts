/** When a decision must say why, beside what the life-cycle table demands of every note. */
import type { Claim } from '@/lib/evidence/types'
import type { Command } from '@/lib/lifecycle/table'
import { doubtfulAmong } from '@/lib/review/doubtful'
import type { Giving } from './command-plans.server'
import type { Tx } from './db.server'
import { InvalidInput } from './errors'
import type { Facts } from './facts.server'

/**
 * Refuses a reason that is not on the list, an approval over a claim that nothing carries without one, and the approval
 * of a recommendation of which nobody chose an option.
 * @throws {InvalidInput}
 */
export async function refuseUnreasoned(tx: Tx, facts: Facts, command: Command, giving: Giving): Promise<void> {
  const { ask, params, actor } = giving
  if (params.reason !== undefined) await refuseUnlisted(tx, params.reason, command)
  if (command !== 'approve' && command !== 'endorse') return
  const { round, definition } = facts
  if (round === null || round.resultId === null) return
  if (definition.kind === 'recommendation') await refuseUnchosen(tx, round.resultId)
  if (ask.note?.trim() || params.reason !== undefined) return
  const doubtful = await doubtfulClaims(tx, { roundId: round.id, resultId: round.resultId, userId: actor.userId })
  if (doubtful.length === 0) return
  const detail =
    doubtful.length === 1
      ? 'Give a reason: a claim of it is not carried by what it cites, and you approve it all the same.'
      : `Give a reason: ${doubtful.length} claims of it are not carried by what they cite, and you approve it all the same.`
  throw new InvalidInput(detail, [{ pointer: '/note', detail }])
}

async function refuseUnlisted(tx: Tx, key: string, command: Command): Promise<void> {
  const reason = await tx.reviewReason.findUnique({ where: { key } })
  const named = command === 'endorse' ? 'approve' : command
  if (reason !== null && reason.retiredAt === null && reason.commands.includes(named)) return
  const detail = 'This reason is not on the list any more. Choose another, or write a note.'
  throw new InvalidInput(detail, [{ pointer: '/params/reason', detail }])
}

async function refuseUnchosen(tx: Tx, resultId: string): Promise<void> {
  const { json } = await tx.result.findUniqueOrThrow({ where: { id: resultId }, select: { json: true } })
  const { choice, options } = (json ?? {}) as { choice?: unknown; options?: unknown }
  const ids = Array.isArray(options) ? options.map((option) => (option as { id?: unknown } | null)?.id) : []
  if (typeof choice === 'string' && ids.includes(choice)) return
  const detail = 'Choose one of the options: what you accept is your choice, not the model’s.'
  throw new InvalidInput(detail, [{ pointer: '/params/text', detail }])
}

/**
 * The claims of a result that approving it passes over: those that nothing carries, unless this person marked them as
 * supported, and those that they marked as contradicted or not verifiable.
 */
export async function doubtfulClaims(
  tx: Tx,
  { roundId, resultId, userId }: { roundId: string; resultId: string; userId: string | null },
): Promise<number[]> {
  const { evidence, sha256 } = await tx.result.findUniqueOrThrow({
    where: { id: resultId },
    select: { evidence: true, sha256: true },
  })
  const marks = await tx.claimMark.findMany({
    where: { roundId, resultHash: sha256, userId: userId ?? '' },
    orderBy: [{ at: 'asc' }, { eventSeq: 'asc' }],
  })
  const verdicts = new Map(marks.map(({ claim, verdict }) => [claim, verdict]))
  return doubtfulAmong(evidence as unknown as Claim[], verdicts)
}
