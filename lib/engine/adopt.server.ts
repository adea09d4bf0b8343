/**
 * Adopting: the answer to a paid call was lost, and a webhook names the response. What it says of itself comes from
 * outside, so it is believed only where it fits an attempt that still misses its answer.
 */
import { z } from 'zod'
import type { Seen } from '@/lib/provider/types'
import type { Transport } from '@/lib/store/event-chain'
import { transact } from '@/lib/store/move.server'
import type { EngineContext } from './context'
import { recordId } from './send.server'

export type Adoption = {
  attemptId: string
  jobId: string
  seen: Pick<Seen, 'responseId' | 'status'>
  requestId: string | null
  transport: Transport
}

/** `too_early`: its sender may still be waiting for the very same answer. */
export type Adopted = 'adopted' | 'not_ours' | 'too_early'

const metadataSchema = z.object({ metadata: z.object({ job_id: z.uuid(), attempt_id: z.uuid() }) })

/** The job and the attempt that a response names, as we named them in its `metadata`; null where it names none. */
export function namesIn(body: Record<string, unknown>): { jobId: string; attemptId: string } | null {
  const parsed = metadataSchema.safeParse(body)
  if (!parsed.success) return null
  const { job_id, attempt_id } = parsed.data.metadata
  return { jobId: job_id.toLowerCase(), attemptId: attempt_id.toLowerCase() }
}

/**
 * Records the response as that of the attempt, where it can be: the attempt belongs to the job, was sent through this
 * provider, and has no other response. A job that people were asked about goes on with it; of one that was given up
 * meanwhile the id is kept, because it was paid.
 */
export function adoptResponse(
  context: EngineContext,
  { attemptId, jobId, seen, requestId, transport }: Adoption,
): Promise<Adopted> {
  return transact(context.db, async (tx) => {
    await tx.$executeRaw`SELECT 1 FROM job WHERE id = ${jobId}::uuid FOR UPDATE`
    const attempt = await tx.attempt.findUnique({ where: { id: attemptId } })
    if (attempt === null || attempt.jobId !== jobId || attempt.provider !== context.provider.name) return 'not_ours'
    if (attempt.responseId !== null) return attempt.responseId === seen.responseId ? 'adopted' : 'not_ours'
    if (attempt.providerStatus === 'sending' && attempt.endedAt === null) return 'too_early'
    // Refused by the provider: whatever this is, it is not the answer to that call.
    if (attempt.providerStatus !== 'sending' && attempt.providerStatus !== 'unknown') return 'not_ours'
    await recordId(context, tx, jobId, attempt, seen, requestId, transport)
    return 'adopted'
  })
}
