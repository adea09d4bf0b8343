'use client'
import { LongText } from '@/components/job/long-text'
import { Callout } from '@/components/ui/callout'
import { Time } from '@/components/ui/time'
import { whatLeft } from '@/lib/jobs/delivery-words'
import type { JobView } from '@/lib/jobs/view'
import { states } from '@/lib/lifecycle/table'
import { lastTryAt, WAYS } from '../deliveries/delivery-facts'
import { Destination } from '../deliveries/destination'

/** So much of what a receiver answered is shown here: all of it stands with the delivery. In UTF-16 units. */
const ANSWER_SHOWN = 400

/** Why a job is settled: the words of the event that did it, and of its note. */
export function WhyItSettled({ job }: { job: JobView }) {
  const last = job.events.findLast(({ from, to }) => from !== to)
  if (last === undefined) return null
  return (
    <section aria-labelledby="why-settled">
      <h3 id="why-settled" className="text-sm font-medium text-muted">
        Why it is {states[job.state].label.toLowerCase()}
      </h3>
      <p>
        <bdi>{last.sentence.replace(/\.$/, '')}</bdi>, <Time value={last.at} format="exact" />.
      </p>
      {last.note !== null && (
        <p dir="auto" className="whitespace-pre-wrap text-muted wrap-anywhere">
          “{last.note}”
        </p>
      )}
      {last.isNoteErased && <p className="text-muted">The words that came with it have been erased.</p>}
    </section>
  )
}

/** What has left already, when, to whom, and what its receiver answered; what has not, and is held back. */
export function WhatWasSent({ job }: { job: Pick<JobView, 'deliveries'> }) {
  const left = job.deliveries.flatMap((delivery) => {
    const words = whatLeft(delivery)
    return words === null ? [] : [{ delivery, words }]
  })
  const waiting = job.deliveries.filter(({ state }) => state === 'pending')
  return (
    <section aria-labelledby="sent-before">
      <h3 id="sent-before" className="text-sm font-medium text-muted">
        What was sent
      </h3>
      {left.length === 0 && waiting.length === 0 && <p>Nothing has left.</p>}
      <ul>
        {left.map(({ delivery, words }) => (
          <li key={delivery.id} className="mt-1 border-l-2 border-attention/60 pl-3">
            <p>
              {words} {WAYS[delivery.kind]} <Destination {...delivery} />,{' '}
              <Time value={lastTryAt(delivery)} format="exact" />.
              {delivery.corrects !== null && ` It corrects delivery ${delivery.corrects}.`}
            </p>
            <Answer delivery={delivery} />
          </li>
        ))}
        {waiting.map((delivery) => (
          <li key={delivery.id} className="mt-1 border-l-2 border-line pl-3">
            Not sent yet, and held back by reopening: {WAYS[delivery.kind]} <Destination {...delivery} />
          </li>
        ))}
      </ul>
    </section>
  )
}

function Answer({ delivery }: { delivery: JobView['deliveries'][number] }) {
  const { answer, httpStatus, reference, kind } = delivery
  if (reference !== null) {
    return (
      <p className="text-muted">
        Confirmed with the reference <bdi>“{reference}”</bdi>.
      </p>
    )
  }
  if (answer === null || answer.trim() === '') {
    return (
      <p className="text-muted">
        {httpStatus === null
          ? kind === 'http'
            ? 'What the receiver answered is not known.'
            : 'It gave no answer of its own.'
          : `The receiver answered with status ${httpStatus}, and without words.`}
      </p>
    )
  }
  return (
    <>
      <p className="text-muted">
        {httpStatus === null ? 'The receiver answered:' : `The receiver answered with status ${httpStatus}:`}
      </p>
      <LongText
        text={answer.slice(0, ANSWER_SHOWN).toWellFormed()}
        portion={ANSWER_SHOWN}
        className="text-sm text-muted"
      />
    </>
  )
}

/** What reopening does and what it does not do, before it is done. */
export function WhatReopeningDoes({ job }: { job: Pick<JobView, 'deliveries' | 'reviews'> }) {
  const hasLeft = job.deliveries.some((delivery) => whatLeft(delivery) !== null)
  return (
    <Callout title="What reopening does">
      <ul className="mt-1 list-disc pl-4">
        <li>It opens a new round on the kept result. What was decided before stays, readable beside it.</li>
        <li>Those who decided, and whoever asked for the job, are told.</li>
        {hasLeft && (
          <li>
            It recalls nothing. If something is approved again, it is sent again, and says which delivery it corrects.
          </li>
        )}
        <li>It calls no model and costs nothing. It needs no copy at the provider.</li>
      </ul>
    </Callout>
  )
}
