/** What of a job has left, as far as something that leaves now may correct it. */
import type { Delivery } from '@/lib/generated/prisma/client'
import { readBlob } from '@/lib/store/blobs.server'
import type { Tx } from '@/lib/store/db.server'
import { letterHead, type SentBefore } from './corrections'

/** The deliveries of `jobId` that arrived, or may have, the newest first. The database says which of them may be corrected. */
export async function readSentBefore(tx: Tx, jobId: string): Promise<SentBefore[]> {
  const found = await tx.$queryRaw<{ id: string }[]>`
    SELECT d.id::text AS id FROM delivery d WHERE d.job_id = ${jobId}::uuid AND delivery_may_have_arrived(d)`
  if (found.length === 0) return []
  const deliveries = await tx.delivery.findMany({
    where: { id: { in: found.map(({ id }) => id) } },
    orderBy: { number: 'desc' },
  })
  const sent: SentBefore[] = []
  // One after another: a transaction has one connection.
  for (const delivery of deliveries) sent.push(await sentBeforeOf(tx, delivery))
  return sent
}

async function sentBeforeOf(tx: Tx, delivery: Delivery): Promise<SentBefore> {
  const { id, number, messageId, destination, resultHash, bytesSha256 } = delivery
  const kind = delivery.kind as SentBefore['kind']
  const bytes = kind === 'email' ? await readBlob(tx, bytesSha256) : null
  return {
    id,
    number,
    messageId,
    kind,
    destination,
    resultHash,
    at: delivery.triedAt ?? delivery.changedAt,
    isKnown: delivery.state === 'delivered',
    letter: bytes === null ? null : letterHead(bytes),
  }
}
