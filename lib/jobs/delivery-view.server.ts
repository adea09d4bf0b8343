/** Deliveries as their job's page and the API show them. */
import { againstConfirming, type Deciding } from '@/lib/deliveries/confirmation'
import type { DeliveryState } from '@/lib/lifecycle/next-action'
import type { State } from '@/lib/lifecycle/table'
import { readBlob } from '@/lib/store/blobs.server'
import type { Tx } from '@/lib/store/db.server'
import { deliverySentence } from './delivery-words'
import type { WholeJob } from './detail.server'
import type { DeliveryView } from './view'

/** More of an answer is not shown; it is kept whole. */
const ANSWER_SHOWN = 20_000

/**
 * In the order in which they were let leave. @param sizes of blobs, by hash, in bytes. @param deciding what is decided on
 * now, for whoever may confirm; null for everybody else.
 */
export function deliveryViews(
  tx: Tx,
  { deliveries, rounds, state: jobState }: Pick<WholeJob, 'deliveries' | 'rounds' | 'state'>,
  { sizes, deciding }: { sizes: Map<string, number>; deciding: Deciding | null },
): Promise<DeliveryView[]> {
  return Promise.all(
    deliveries.map(async (delivery) => {
      const state = delivery.state as DeliveryState
      const kind = delivery.kind as DeliveryView['kind']
      const answer = delivery.answerSha256 === null ? null : await readAnswer(tx, delivery.answerSha256)
      const isUnderWay = state === 'sending' && delivery.workerId !== null
      const isReplaced = deliveries.some(({ eventSeq }) => eventSeq > delivery.eventSeq)
      return {
        id: delivery.id,
        number: delivery.number,
        kind,
        destination: delivery.destination,
        state,
        sentence: deliverySentence({ ...delivery, state, kind, isReplaced, jobState: jobState as State }),
        round: rounds.find(({ id }) => id === delivery.roundId)?.number ?? null,
        acceptedSeq: delivery.eventSeq,
        changedSeq: delivery.changedSeq,
        resultHash: delivery.resultHash,
        hash: delivery.deliveryHash,
        corrects: deliveries.find(({ id }) => id === delivery.correctsId)?.number ?? null,
        againstConfirming: deciding === null ? null : againstConfirming(delivery, deciding),
        messageId: delivery.messageId,
        bytesHash: delivery.bytesSha256,
        size: sizes.get(delivery.bytesSha256) ?? 0,
        createdAt: delivery.createdAt.toISOString(),
        notBefore: delivery.notBefore.toISOString(),
        changedAt: delivery.changedAt.toISOString(),
        nextTryAt: state === 'sending' && !isUnderWay ? (delivery.nextTryAt?.toISOString() ?? null) : null,
        tries: delivery.tries,
        httpStatus: delivery.httpStatus,
        code: delivery.code,
        answer,
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

/** As text, whatever it is: receivers answer with anything. Null where it has been erased. */
async function readAnswer(tx: Tx, sha256: string): Promise<string | null> {
  const bytes = await readBlob(tx, sha256)
  // A character of UTF-8 has up to four bytes.
  return bytes === null
    ? null
    : new TextDecoder()
        .decode(bytes.subarray(0, ANSWER_SHOWN * 4))
        .slice(0, ANSWER_SHOWN)
        .toWellFormed()
}
