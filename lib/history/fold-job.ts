/** The columns of a job that its events do not carry as they are, folded from them. Pure. */
import type { Command } from '@/lib/lifecycle/table'
import type { Told } from './then'

export type FoldedDesk = {
  notBefore: Date | null
  failureClass: string | null
  failureCode: string | null
  guidanceSha256: string | null
  inputSha256: string | null
}

/** After these nothing that went wrong before is said of the job any more. */
const CLEARS_FAILURE: readonly Command[] = ['start', 'accept', 'adopt', 'proceed', 'answer', 'retry', 'hold']
/** After these it is not kept from being sent. */
const CLEARS_BACKOFF: readonly Command[] = [
  'start',
  'requeue',
  'proceed',
  'hold',
  'accept',
  'fail',
  'expire',
  'answer',
  'retry',
  'abandon',
]

/** What the job was asked, why it had stopped, and what kept it from being sent, after `events`. */
export function foldDesk(events: readonly Told[]): FoldedDesk {
  return events.reduce<FoldedDesk>(
    (before, { body }) => ({
      notBefore: body.notBefore
        ? new Date(body.notBefore)
        : CLEARS_BACKOFF.includes(body.command)
          ? null
          : before.notBefore,
      ...failureAfter(before, body),
      guidanceSha256: body.command === 'retry' ? (body.guidance ?? null) : before.guidanceSha256,
      inputSha256: body.input ?? before.inputSha256,
    }),
    { notBefore: null, failureClass: null, failureCode: null, guidanceSha256: null, inputSha256: null },
  )
}

function failureAfter(
  { failureClass, failureCode }: FoldedDesk,
  { command, failure }: Told['body'],
): Pick<FoldedDesk, 'failureClass' | 'failureCode'> {
  if (failure !== undefined) return { failureClass: failure.class, failureCode: failure.code }
  return CLEARS_FAILURE.includes(command) ? { failureClass: null, failureCode: null } : { failureClass, failureCode }
}
