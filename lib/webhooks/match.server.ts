/** What a webhook does once it is known whose it is: it brings the next look forward, and is noted. It decides nothing. */
import type { Tx } from '@/lib/store/db.server'
import { wake } from '@/lib/store/move.server'
import { statusOfType } from './event'

/** The attempt that a webhook is about, as far as matching needs it. */
export type NamedAttempt = { id: string; jobId: string; isLive: boolean; isKept: boolean }

/** The attempt that has this response id; null where none has it (yet). */
export async function findNamed(tx: Tx, responseId: string): Promise<NamedAttempt | null> {
  const attempt = await tx.attempt.findFirst({
    where: { responseId },
    orderBy: { sentAt: 'desc' },
    select: { id: true, jobId: true, endedAt: true, payloadSha256: true },
  })
  if (attempt === null) return null
  const { id, jobId, endedAt, payloadSha256 } = attempt
  return { id, jobId, isLive: endedAt === null, isKept: payloadSha256 !== null }
}

/** One webhook, as it is noted in the history of its job. */
export type Noted = { webhookId: string; type: string; receivedAt: Date }

/** Notes a webhook about `attempt`. The job's row is locked first, as by whatever else touches a job. */
export async function noteWebhook(tx: Tx, attempt: NamedAttempt, noted: Noted): Promise<void> {
  await tx.$executeRaw`SELECT 1 FROM job WHERE id = ${attempt.jobId}::uuid FOR UPDATE`
  await tx.observation.create({
    data: {
      jobId: attempt.jobId,
      attemptId: attempt.id,
      at: noted.receivedAt,
      kind: 'webhook',
      providerStatus: statusOfType(noted.type),
      // By it the page finds when it was signed, and how often it came.
      requestId: noted.webhookId,
      changed: attempt.isLive,
    },
  })
}

/**
 * Brings the next look at a live attempt forward to `at`. Also where one is due already: it may be under way, and have
 * asked too early; that the time changed tells it to look again.
 */
export async function lookSooner(tx: Tx, attempt: NamedAttempt, at: Date): Promise<void> {
  await tx.attemptWatch.update({ where: { attemptId: attempt.id }, data: { nextLookAt: at } })
  await wake(tx, attempt.jobId, at)
}
