'use client'
import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { Time } from '@/components/ui/time'
import type { DeliveryView, JobView } from '@/lib/jobs/view'
import { Countdown } from '../countdown'
import { LongText } from '../long-text'
import { useOver } from '../use-over'
import { deliveryLabel } from './delivery-dialog'
import { type DeliveryCommand, deliveryCommands, leavesAt, TO_WORDS } from './delivery-facts'
import { DeliveryMark } from './delivery-mark'
import { DeliveryRecord } from './delivery-record'
import { Destination } from './destination'

export type DeliveryEntryProps = {
  job: JobView
  delivery: DeliveryView
  /** This person may take the approval back that let it leave. */
  mayUndo: boolean
  onUndo: () => void
  onCommand: (command: DeliveryCommand) => void
  onShowBytes: () => void
}

/** One delivery: where it goes, where it stands, and what can be done about it. */
export function DeliveryEntry(props: DeliveryEntryProps) {
  const { job, delivery, mayUndo, onUndo, onCommand, onShowBytes } = props
  const [open, setOpen] = useState(false)
  const { number, kind, state } = delivery
  const record = `delivery-record-${delivery.id}`
  const commands = deliveryCommands(job, delivery)
  // Where it is counted down, that says enough.
  const leaves = job.state === 'completed' && leavesAt(delivery) !== null
  return (
    <div className="flex flex-col gap-2 px-4 py-3">
      <div className="flex flex-wrap items-start gap-x-3 gap-y-1">
        <h3
          id={`delivery-${number}`}
          tabIndex={-1}
          className="min-w-0 flex-1 basis-60 scroll-mt-24 font-normal wrap-anywhere"
        >
          <span className="text-muted">{TO_WORDS[kind]}</span> <Destination {...delivery} />
        </h3>
        <DeliveryMark {...delivery} />
      </div>
      {!(state === 'pending' && delivery.tries === 0 && leaves) && (
        <p className="max-w-[75ch]">
          {state === 'delivered' ? (
            <>
              {delivery.sentence.replace(/\.$/, '')}, <Time value={delivery.changedAt} />.
            </>
          ) : (
            delivery.sentence
          )}
        </p>
      )}
      <Leaves job={job} delivery={delivery} mayUndo={mayUndo} onUndo={onUndo} />
      {delivery.reference !== null && (
        <div className="text-muted">
          Reference: <LongText text={delivery.reference} className="inline-block text-ink" portion={500} />
        </div>
      )}
      <ChangedBy job={job} delivery={delivery} />
      {delivery.againstConfirming !== null && <p className="max-w-[75ch]">{delivery.againstConfirming}</p>}
      <div className="flex flex-wrap items-center gap-2">
        {commands.map((command) => (
          <Button key={command} size="sm" variant={variantOf(command, delivery)} onClick={() => onCommand(command)}>
            {deliveryLabel(command, delivery)}…
          </Button>
        ))}
        <Button size="sm" onClick={onShowBytes}>
          {seeLabel(delivery)}
          <span className="sr-only">, delivery {number}</span>
        </Button>
        <Button
          size="sm"
          variant="ghost"
          aria-expanded={open}
          aria-controls={open ? record : undefined}
          onClick={() => setOpen(!open)}
        >
          {open ? 'Hide the record' : recordLabel(delivery)}
          <span className="sr-only"> of delivery {number}</span>
        </Button>
      </div>
      {open && <DeliveryRecord id={record} job={job} delivery={delivery} />}
    </div>
  )
}

/** What waits for a hand has one answer; what may have arrived has two, and neither is louder. */
function variantOf(command: DeliveryCommand, { state }: DeliveryView): 'primary' | 'secondary' {
  if (command === 'confirm') return state === 'pending' ? 'primary' : 'secondary'
  return command === 'redeliver' && state === 'failed' ? 'primary' : 'secondary'
}

function seeLabel({ state, tries, code }: DeliveryView): string {
  if (code === 'kept_in_folder') return 'See what was kept'
  if (state === 'delivered' || state === 'unknown' || tries > 0) return 'See what was sent'
  return state === 'withdrawn' ? 'See what it was' : 'See what will be sent'
}

function recordLabel({ tries }: DeliveryView): string {
  if (tries === 0) return 'Record'
  return tries === 1 ? 'Record, 1 try' : `Record, ${tries} tries`
}

/** When it goes by itself, counted down. It can be undone until then. */
function Leaves({
  job,
  delivery,
  mayUndo,
  onUndo,
}: Pick<DeliveryEntryProps, 'job' | 'delivery' | 'mayUndo' | 'onUndo'>) {
  const at = leavesAt(delivery)
  const isOver = useOver(at)
  if (at === null || job.state !== 'completed') return null
  const isNext = delivery.state === 'sending'
  return (
    <p className="flex min-h-7 flex-wrap items-center gap-x-2 gap-y-1 tabular-nums">
      {isOver ? (
        <span className="text-muted">{isNext ? 'The next try is due now.' : 'It leaves now.'}</span>
      ) : (
        <>
          <span className={isNext ? 'text-muted' : 'font-medium'}>
            {isNext ? 'Next try in ' : 'Leaves in '}
            <Countdown until={at} over="a moment" />
          </span>
          {mayUndo && !isNext && (
            <>
              <span aria-hidden className="text-faint">
                ·
              </span>
              <Button size="sm" onClick={onUndo}>
                Undo
              </Button>
            </>
          )}
        </>
      )}
    </p>
  )
}

/** What a person did about it last, in the words of the history, with what they said. */
function ChangedBy({ job, delivery }: { job: JobView; delivery: DeliveryView }) {
  const event = job.events.find(({ seq }) => seq === delivery.changedSeq)
  if (event === undefined || event.seq === delivery.acceptedSeq || event.by.kind === 'system') return null
  return (
    <div className="text-muted">
      <p>
        <bdi>{event.sentence.replace(/\.$/, '')}</bdi>, <Time value={event.at} />.
      </p>
      {event.note !== null && (
        <LongText text={event.note} portion={500} className="mt-1 max-w-[75ch] border-l-2 border-line pl-3" />
      )}
    </div>
  )
}
