'use client'
import type { ReactNode } from 'react'
import { Hash } from '@/components/ui/hash'
import { Time } from '@/components/ui/time'
import { deliveryCodeWords } from '@/lib/jobs/delivery-words'
import type { DeliveryView, JobView } from '@/lib/jobs/view'
import { CodeText } from '../code-text'
import { sizeOf } from '../size-words'

/** Everything that is kept of a delivery: what allowed it, under which id it went, each try, and the answer. */
export function DeliveryRecord({ id, job, delivery }: { id: string; job: JobView; delivery: DeliveryView }) {
  return (
    <div id={id} className="mt-1 flex flex-col gap-4 border-t border-line pt-3">
      <dl className="grid gap-x-4 text-sm sm:grid-cols-[9rem_minmax(0,1fr)]">
        <Fact label="Let leave by">
          <AllowedBy job={job} delivery={delivery} />
        </Fact>
        <Fact label="Result">
          <span className="flex flex-wrap items-center gap-x-2">
            {resultWords(job, delivery)} <Hash value={delivery.resultHash} label="hash of the result" />
          </span>
        </Fact>
        <Fact label="Id of all its tries">
          <Hash value={delivery.messageId} label="id of the delivery" length={40} />
        </Fact>
        <Fact label="Bytes">
          <span className="flex flex-wrap items-center gap-x-2">
            {sizeOf(delivery.size)} <Hash value={delivery.bytesHash} label="hash of the bytes" />
          </span>
        </Fact>
        <Fact label="What was decided on">
          <Hash value={delivery.hash} label="hash of the delivery" />
        </Fact>
        <Fact label="In the outbox since">
          <Time value={delivery.createdAt} format="exact" />
        </Fact>
        {delivery.kind !== 'by_hand' && (
          <Fact label="Not before">
            <Time value={delivery.notBefore} format="exact" />
          </Fact>
        )}
      </dl>
      {delivery.log.length > 0 && <Log delivery={delivery} />}
      {delivery.answer !== null && (
        <details>
          <summary className="w-fit cursor-default text-sm text-muted hover:text-ink">
            What the receiver answered last, {delivery.answer.length.toLocaleString('en')}{' '}
            {delivery.answer.length === 1 ? 'character' : 'characters'}
          </summary>
          <CodeText className="mt-2" text={delivery.answer === '' ? 'An answer without words.' : delivery.answer} />
        </details>
      )}
    </div>
  )
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="contents">
      <dt className="text-muted sm:leading-6">{label}</dt>
      <dd className="min-w-0 wrap-anywhere max-sm:mb-1 sm:leading-6">{children}</dd>
    </div>
  )
}

function AllowedBy({ job, delivery }: { job: JobView; delivery: DeliveryView }) {
  const event = job.events.find(({ seq }) => seq === delivery.acceptedSeq)
  const where = delivery.round === null ? 'the policy of its workflow' : `review round ${delivery.round}`
  if (event === undefined) return <>{where}</>
  return (
    <>
      {where}
      {event.by.kind !== 'system' && (
        <>
          , <bdi>{event.by.name}</bdi>
        </>
      )}
      , <Time value={event.at} format="exact" />
    </>
  )
}

/** Of which attempt, and whether a person edited it. */
function resultWords({ result, earlierResults }: JobView, { resultHash }: DeliveryView): string {
  const found = [...(result === null ? [] : [result]), ...earlierResults].find(({ hash }) => hash === resultHash)
  if (found === undefined) return ''
  return found.revision === 0 ? `of attempt ${found.attempt}` : `of attempt ${found.attempt}, edit ${found.revision}`
}

const END_WORDS: Record<DeliveryView['log'][number]['end'], string> = {
  delivered: 'Delivered',
  again: 'Not delivered',
  refused: 'Refused',
  unknown: 'Not known',
}

function Log({ delivery }: { delivery: DeliveryView }) {
  return (
    <section aria-label={`Tries of delivery ${delivery.number}`}>
      <h4 className="text-sm text-muted">Tries, all under one id and with the same bytes</h4>
      <ol className="mt-1 divide-y divide-line rounded-md border border-line text-sm">
        {delivery.log.map(({ number, at, milliseconds, end, httpStatus, code }) => (
          <li
            key={number}
            className="grid grid-cols-[1.5rem_minmax(0,1fr)] gap-x-3 gap-y-0.5 px-3 py-2 sm:grid-cols-[1.5rem_13rem_minmax(0,1fr)]"
          >
            <span className="text-faint tabular-nums">{number}</span>
            <span className="tabular-nums">
              <Time value={at} format="exact" />
            </span>
            <span className="max-sm:col-start-2 wrap-anywhere">
              {END_WORDS[end]}
              {httpStatus !== null && `, HTTP ${httpStatus}`}
              {milliseconds !== null && `, after ${(milliseconds / 1_000).toFixed(1)} s`}.{' '}
              <span className="text-muted">{deliveryCodeWords(code)}</span>{' '}
              {code !== null && <code className="text-xs text-faint">{code}</code>}
            </span>
          </li>
        ))}
      </ol>
    </section>
  )
}
