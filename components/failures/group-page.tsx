'use client'
import { CircleCheck, EyeOff } from 'lucide-react'
import Link from 'next/link'
import { useState } from 'react'
import { outcomeWords, STATE_LABELS } from '@/components/batches/words'
import { JobTitle } from '@/components/jobs/job-title'
import { JobStateMark } from '@/components/jobs/state-mark'
import { SayWhy } from '@/components/queues/controls/say-why'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { ChangeList } from '@/components/ui/change-list'
import { EmptyState } from '@/components/ui/empty-state'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { PageHeader } from '@/components/ui/page-header'
import { Panel, PanelBody, PanelHeader } from '@/components/ui/panel'
import { Time } from '@/components/ui/time'
import type { GroupChange, GroupView } from '@/lib/failures/view'
import type { FailureActions } from './actions'
import { RetryAll } from './retry-all'
import { TrendChart } from './trend'

/** One group of failures: what it is, whether it goes on, which jobs it holds up, and what people said of it. */
export function GroupPage({ group, actions }: { group: GroupView; actions: FailureActions | null }) {
  return (
    <>
      <PageHeader
        title={group.sentence}
        hint={
          <>
            <Link href={`/queues/${encodeURIComponent(group.workflow.key)}`} className="underline underline-offset-2">
              {group.workflow.name}
            </Link>
            , {group.where}.{' '}
            <code className="text-xs wrap-anywhere">
              {[group.failureClass, group.code].filter(Boolean).join(' · ')}
            </code>
          </>
        }
        actions={actions && <Actions group={group} actions={actions} />}
      />
      <div className="flex flex-col gap-4">
        <Standing group={group} />
        <div className="grid gap-4 lg:grid-cols-2">
          <Panel aria-labelledby="trend">
            <PanelHeader
              id="trend"
              title="The last 30 days"
              hint={
                <>
                  {group.seen.toLocaleString('en')} in all, first <Time value={group.firstSeenAt} />, last{' '}
                  <Time value={group.lastSeenAt} />.
                </>
              }
            />
            <PanelBody>
              <TrendChart points={group.days} />
            </PanelBody>
          </Panel>
          <Jobs group={group} />
        </div>
        <Batches group={group} />
        <ChangeList title="What people said of it" changes={group.changes} sentence={WhatWasSaid} />
      </div>
    </>
  )
}

function Actions({ group, actions }: { group: GroupView; actions: FailureActions }) {
  return (
    <>
      {group.state !== 'open' && (
        <SayWhy
          trigger={<Button>Open again…</Button>}
          title="Open it again?"
          description="It stands among the failures that need somebody."
          label="Open it again"
          pendingLabel="Opening…"
          give={(note) => actions.open(group.id, note)}
        />
      )}
      {group.state !== 'ignored' && <Ignore group={group} ignore={actions.ignore} />}
      {group.state !== 'resolved' && (
        <SayWhy
          trigger={<Button>Resolve…</Button>}
          title="Resolve it?"
          description="It leaves the list. When it is seen again it opens by itself."
          label="Resolve it"
          pendingLabel="Resolving…"
          give={(note) => actions.resolve(group.id, note)}
        />
      )}
      {group.standing > 0 && <RetryAll group={group} choose={actions.choose} />}
    </>
  )
}

function Ignore({ group, ignore }: { group: GroupView; ignore: FailureActions['ignore'] }) {
  const [until, setUntil] = useState('')
  return (
    <SayWhy
      trigger={<Button>Ignore…</Button>}
      title="Ignore it?"
      description="It leaves the list and goes on being counted."
      label="Ignore it"
      pendingLabel="Ignoring…"
      give={(note) => ignore(group.id, until === '' ? null : new Date(until).toISOString(), note)}
    >
      {(errors) => (
        <Field label="Until" name="until" optional hint="In your own time zone. Empty: for good." error={errors.until}>
          <Input
            type="datetime-local"
            value={until}
            onChange={(event) => setUntil(event.target.value)}
            className="w-fit"
          />
        </Field>
      )}
    </SayWhy>
  )
}

function Standing({ group }: { group: GroupView }) {
  const last = group.changes[0]
  if (group.state === 'open') {
    return last?.by === null ? (
      <Callout tone="attention" title="It was seen again" role="status">
        It was resolved, and opened by itself <Time value={last.at} />.
      </Callout>
    ) : null
  }
  const isResolved = group.state === 'resolved'
  return (
    <Callout icon={isResolved ? CircleCheck : EyeOff} title={isResolved ? 'Resolved' : 'Ignored'}>
      {isResolved ? (
        'It opens by itself when it is seen again.'
      ) : group.ignoredUntil === null ? (
        'For good. It is counted, and nobody is asked to look.'
      ) : (
        <>
          Until <Time value={group.ignoredUntil} format="exact" />. It is counted meanwhile.
        </>
      )}
    </Callout>
  )
}

function Jobs({ group }: { group: GroupView }) {
  const { jobs, standing } = group
  return (
    <Panel aria-labelledby="jobs">
      <PanelHeader
        id="jobs"
        title={
          standing === 1 ? '1 job stands stopped by it' : `${standing.toLocaleString('en')} jobs stand stopped by it`
        }
        hint={standing > jobs.length ? `The newest ${jobs.length} of them.` : undefined}
      />
      {jobs.length === 0 ? (
        <EmptyState level={3} title="No job waits because of it" hint="Those that met it went on, or were decided." />
      ) : (
        <ul className="divide-y divide-line">
          {jobs.map((job) => (
            <li key={job.number} className="flex items-center gap-3 px-4 py-2">
              <Link href={`/jobs/${job.number}`} className="flex min-w-0 flex-1 items-baseline gap-2 hover:underline">
                <span className="shrink-0 text-muted tabular-nums">#{job.number}</span>
                <span className="min-w-0 truncate">
                  <JobTitle title={job.title} />
                </span>
              </Link>
              <JobStateMark state={job.state} />
              <Time value={job.changedAt} className="w-20 shrink-0 text-right text-sm text-muted max-sm:hidden" />
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}

function Batches({ group: { batches } }: { group: GroupView }) {
  if (batches.length === 0) return null
  return (
    <Panel aria-labelledby="batches">
      <PanelHeader id="batches" title="Retries of all of it" />
      <ul className="divide-y divide-line">
        {batches.map((batch) => (
          <li key={batch.id} className="flex flex-wrap items-baseline gap-x-4 gap-y-0.5 px-4 py-2.5">
            <Link href={`/queues/batches/${batch.id}`} className="font-medium hover:underline">
              {batch.jobs.toLocaleString('en')} {batch.jobs === 1 ? 'job' : 'jobs'}, by <bdi>{batch.by}</bdi>
            </Link>
            <span>{STATE_LABELS[batch.state]}</span>
            <span className="text-muted">{outcomeWords(batch.outcomes)}</span>
            <Time value={batch.at} className="ml-auto text-sm text-muted" />
          </li>
        ))}
      </ul>
    </Panel>
  )
}

const DID: Record<GroupChange['state'], string> = {
  open: 'opened it again',
  resolved: 'resolved it',
  ignored: 'ignored it',
}

/** It opens by itself when it is seen again after it was resolved. */
function WhatWasSaid({ by, state, until }: GroupChange) {
  return (
    <>
      {by === null ? (
        'It was seen again, and opened by itself'
      ) : (
        <>
          <bdi>{by}</bdi> {DID[state]}
        </>
      )}
      {until !== null && (
        <>
          {' '}
          until <Time value={until} format="exact" />
        </>
      )}
    </>
  )
}
