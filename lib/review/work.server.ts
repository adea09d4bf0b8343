/** What people did in a review round, for the figures of leads. What nobody saw stays empty. */
import type { Tx } from '@/lib/store/db.server'

export type WorkStep = 'offered' | 'opened' | 'claimed' | 'skipped' | 'decided'

/** Notes the first time that a person took this step in a round; a decision notes the last. */
export async function noteWork(
  tx: Tx,
  {
    roundId,
    jobId,
    userId,
    step,
    at,
    decision = null,
  }: { roundId: string; jobId: string; userId: string; step: WorkStep; at: Date; decision?: string | null },
): Promise<void> {
  const when = (wanted: WorkStep) => (step === wanted ? at : null)
  await tx.$executeRaw`
    INSERT INTO review_work AS w (round_id, user_id, job_id, offered_at, opened_at, claimed_at, skipped_at, decided_at, decision)
    VALUES (${roundId}::uuid, ${userId}, ${jobId}::uuid, ${when('offered')}::timestamptz, ${when('opened')}::timestamptz,
            ${when('claimed')}::timestamptz, ${when('skipped')}::timestamptz, ${when('decided')}::timestamptz, ${decision})
    ON CONFLICT (round_id, user_id) DO UPDATE SET
      offered_at = coalesce(w.offered_at, excluded.offered_at),
      opened_at = coalesce(w.opened_at, excluded.opened_at),
      claimed_at = coalesce(w.claimed_at, excluded.claimed_at),
      skipped_at = coalesce(excluded.skipped_at, w.skipped_at),
      decided_at = coalesce(excluded.decided_at, w.decided_at),
      decision = coalesce(excluded.decision, w.decision)`
}
