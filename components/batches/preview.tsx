'use client'
import { useRouter } from 'next/navigation'
import { useId, useState, useTransition } from 'react'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { CheckboxField } from '@/components/ui/checkbox'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { answerOf } from '@/components/ui/no-answer'
import { Panel, PanelBody, PanelHeader } from '@/components/ui/panel'
import { Textarea } from '@/components/ui/textarea'
import { useToast } from '@/components/ui/toast'
import type { BatchView } from '@/lib/batches/view'
import { dollars } from '@/lib/money/micros'
import { limitWords } from '@/lib/queues/words'
import type { BatchActions } from './actions'
import { amountWords } from './words'

/** What a retry of all means, before anything is retried; and the way to start it. */
export function Preview({ batch, start }: { batch: BatchView; start: BatchActions['start'] | null }) {
  const { counts, excluded } = batch
  return (
    <>
      <div className="grid gap-4 lg:grid-cols-2">
        <Panel aria-labelledby="means">
          <PanelHeader
            id="means"
            title={`${counts.ready.toLocaleString('en')} ${counts.ready === 1 ? 'job' : 'jobs'} would be retried`}
            hint="Exactly those that are listed below. What fails from now on is not among them."
          />
          <dl className="divide-y divide-line">
            <Fact term="Paid so far">{amountWords(batch.paid, batch.paid.unknown === 1 ? 'call' : 'calls')}</Fact>
            <Fact term="May cost at most">
              {amountWords(batch.worst, batch.worst.unknown === 1 ? 'job' : 'jobs')}
              <span className="block text-sm text-muted">One more call each, at its worst case.</span>
            </Fact>
            {batch.budgets.map((budget) => (
              <Fact key={budget.label} term={`Budget of ${budget.label}`}>
                {dollars(budget.leftUsd)} left of {dollars(budget.limitUsd)}
                {budget.leftUsd < batch.worst.usd && (
                  <span className="block text-sm text-attention-ink">
                    It may not be enough for all. Sending stops when it is used up, and the rest waits.
                  </span>
                )}
              </Fact>
            ))}
            {batch.queue !== null && (
              <Fact term="Limits">
                <span className="block first-letter:uppercase">{limitWords(batch.queue)}</span>
              </Fact>
            )}
          </dl>
        </Panel>
        <Panel aria-labelledby="left-out">
          <PanelHeader
            id="left-out"
            title={
              counts.excluded === 0
                ? 'None is left out'
                : `${counts.excluded.toLocaleString('en')} ${counts.excluded === 1 ? 'is' : 'are'} left out`
            }
            hint={
              counts.excluded === 0 ? 'Every job that stands stopped by it can be retried.' : 'They stay as they are.'
            }
          />
          {excluded.length > 0 && (
            <ul className="divide-y divide-line">
              {excluded.map(({ code, jobs, why }) => (
                <li key={code} className="flex gap-3 px-4 py-2.5">
                  <strong className="w-12 shrink-0 text-right font-semibold tabular-nums">
                    {jobs.toLocaleString('en')}
                  </strong>
                  <span className="min-w-0">{why}</span>
                </li>
              ))}
            </ul>
          )}
        </Panel>
      </div>
      {batch.isCut && (
        <Callout tone="attention" title="There are more">
          One retry takes the oldest {(counts.ready + counts.excluded).toLocaleString('en')}. Look at the rest when
          these are done.
        </Callout>
      )}
      {batch.standsStill && (
        <Callout tone="attention" title={`Sending of ${batch.workflow.name} stands still`}>
          It can be started, and begins when a lead resumes sending.
        </Callout>
      )}
      {start === null ? (
        <Callout title="Only whoever chose these jobs starts it">
          Look at the failure yourself to choose them anew.
        </Callout>
      ) : (
        counts.ready > 0 && <StartForm batch={batch} start={start} />
      )}
    </>
  )
}

function Fact({ term, children }: { term: string; children: React.ReactNode }) {
  return (
    <div className="flex flex-wrap gap-x-4 gap-y-0.5 px-4 py-2.5">
      <dt className="w-44 shrink-0 text-muted">{term}</dt>
      <dd className="min-w-0 flex-1 basis-48 tabular-nums">{children}</dd>
    </div>
  )
}

function StartForm({ batch, start }: { batch: BatchView; start: BatchActions['start'] }) {
  const [note, setNote] = useState('')
  const [perMinute, setPerMinute] = useState('')
  const [knowingly, setKnowingly] = useState(false)
  const [errors, setErrors] = useState<Record<string, string>>({})
  const [refusal, setRefusal] = useState<string | null>(null)
  const [pending, go] = useTransition()
  const id = useId()
  const toast = useToast()
  const router = useRouter()
  const jobs = batch.counts.ready

  function submit() {
    go(async () => {
      const rate = perMinute.trim() === '' ? null : Number(perMinute)
      const outcome = await answerOf(() => start(batch.id, { note, perMinute: rate, knowingly }))
      if (!outcome.ok) {
        setErrors(outcome.errors)
        setRefusal(Object.keys(outcome.errors).length === 0 ? outcome.message : null)
        return
      }
      toast({ title: outcome.message, tone: 'success' })
      router.refresh()
    })
  }

  return (
    <Panel aria-labelledby={id}>
      <PanelHeader
        id={id}
        title="Start it"
        hint="They are queued a few at a time, and sent as limits and budgets allow. It can be paused."
      />
      <PanelBody>
        <form
          noValidate
          className="flex max-w-xl flex-col gap-3"
          onSubmit={(event) => {
            event.preventDefault()
            if (!pending) submit()
          }}
        >
          {batch.asksToKnow && (
            <div>
              <CheckboxField
                checked={knowingly}
                onCheckedChange={setKnowingly}
                aria-invalid={errors.knowingly !== undefined}
                label="I know that the same input is sent again as it is"
                hint="It was refused for what it says. Unless something else was mended, it is refused again."
              />
              {errors.knowingly !== undefined && (
                <p role="alert" className="text-sm text-danger-ink">
                  {errors.knowingly}
                </p>
              )}
            </div>
          )}
          <Field
            label="Retries in a minute"
            name="perMinute"
            optional
            hint="Empty: as fast as limits and budgets let them be sent."
            error={errors.perMinute}
          >
            <Input
              inputMode="numeric"
              value={perMinute}
              onChange={(event) => setPerMinute(event.target.value)}
              className="w-32"
            />
          </Field>
          <Field
            label="Reason"
            name="note"
            hint="Kept in the history of the queue and of each job."
            error={errors.note}
          >
            <Textarea rows={2} maxLength={2_000} value={note} onChange={(event) => setNote(event.target.value)} />
          </Field>
          {refusal !== null && (
            <Callout tone="danger" role="alert">
              {refusal}
            </Callout>
          )}
          <Button type="submit" variant="primary" className="w-fit" pending={pending} pendingLabel="Starting…">
            {jobs === 1 ? 'Retry 1 job' : `Retry ${jobs.toLocaleString('en')} jobs`}
          </Button>
        </form>
      </PanelBody>
    </Panel>
  )
}
