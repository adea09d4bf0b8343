/** What an attempt came to, settled with its end, in the same transaction. */
import type { ReadResponse } from '@/lib/evidence/response'
import type { Attempt } from '@/lib/generated/prisma/client'
import type { Signal } from '@/lib/lifecycle/failure'
import { settle, settleUnseen } from '@/lib/money/admit.server'
import { costOfResponse } from '@/lib/money/price.server'
import type { Tx } from '@/lib/store/db.server'

/** A million dollars for one call: what says so is wrong, and counting it would overflow the accounts. */
const MOST_MICROS = 1_000_000_000_000n
const ABSURD = 'The provider says that more was used than one call can use, so what it cost is not known.'

/** A final response was seen: what it used, at the prices of the day on which it was sent. */
export async function settleSeen(
  tx: Tx,
  attempt: Pick<Attempt, 'id' | 'model' | 'sentAt'>,
  reading: ReadResponse,
  now: Date,
): Promise<void> {
  const { micros, lines } = await costOfResponse(tx, { attempt, reading })
  const isAbsurd = micros !== null && micros > MOST_MICROS
  const cost =
    micros === null || isAbsurd
      ? ({
          kind: 'not_known',
          why: isAbsurd ? ABSURD : (lines.why ?? 'The provider did not say what was used.'),
          lines: lines.lines,
        } as const)
      : ({ kind: 'used', micros, lines } as const)
  await settle(tx, { attemptId: attempt.id, now, cost })
}

/** It ended without a response: what was refused at the door cost nothing, of what was taken nobody knows. */
export async function settleSignal(tx: Tx, attemptId: string, signal: Signal, now: Date): Promise<void> {
  if (signal.code === 'no_final_status') return
  const isFree = signal.source === 'call' && signal.where === 'create'
  if (isFree) await settle(tx, { attemptId, now, cost: { kind: 'free' } })
  else await settleUnseen(tx, attemptId, now)
}
