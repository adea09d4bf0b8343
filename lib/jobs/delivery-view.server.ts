/** Deliveries as their job's page and the API show them. */
import type { DeliveryState } from '@/lib/lifecycle/next-action'
import { readText } from '@/lib/store/blobs.server'
import type { Tx } from '@/lib/store/db.server'
import type { WholeJob } from './detail.server'
import { deliverySentence } from './sentences'
import type { DeliveryView } from './view'

/** More of an answer is not shown; it is kept whole. */
const ANSWER_SHOWN = 20_000

/** In the order in which they were let leave. @param sizes of blobs, by hash, in bytes. */
export function deliveryViews(
  tx: Tx,
  deliveries: WholeJob['deliveries'],
  sizes: Map<string, number>,
): Promise<DeliveryView[]> {
  return Promise.all(
    deliveries.map(async (delivery) => {
      const state = delivery.state as DeliveryState
      const kind = delivery.kind as DeliveryView['kind']
      const answer = delivery.answerSha256 === null ? null : await readText(tx, delivery.answerSha256)
      return {
        id: delivery.id,
        number: delivery.number,
        kind,
        destination: delivery.destination,
        state,
        sentence: deliverySentence({ ...delivery, state, kind }),
        resultHash: delivery.resultHash,
        hash: delivery.deliveryHash,
        messageId: delivery.messageId,
        bytesHash: delivery.bytesSha256,
        size: sizes.get(delivery.bytesSha256) ?? 0,
        createdAt: delivery.createdAt.toISOString(),
        notBefore: delivery.notBefore.toISOString(),
        changedAt: delivery.changedAt.toISOString(),
        nextTryAt:
          state === 'sending' && delivery.workerId === null ? (delivery.nextTryAt?.toISOString() ?? null) : null,
        tries: delivery.tries,
        httpStatus: delivery.httpStatus,
        code: delivery.code,
        answer: answer === null ? null : answer.slice(0, ANSWER_SHOWN),
        reference: delivery.reference,
        log: delivery.log.map((entry) => ({
          number: entry.number,
          at: entry.at.toISOString(),
          milliseconds: entry.milliseconds,
          end: entry.end as DeliveryView['log'][number]['end'],
          httpStatus: entry.httpStatus,
          code: entry.code,
        })),
      }
    }),
  )
}
