'use client'
import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { SayWhy } from '@/components/queues/controls/say-why'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { ChangeList } from '@/components/ui/change-list'
import { PageHeader } from '@/components/ui/page-header'
import { Panel } from '@/components/ui/panel'
import { Progress } from '@/components/ui/progress'
import { Remark } from '@/components/ui/remark'
import { Time } from '@/components/ui/time'
import { useRedrawn } from '@/components/ui/use-redrawn'
import type { BatchItem, BatchOutcome, BatchView } from '@/lib/batches/view'
import type { BatchState } from '@/lib/failures/view'
import type { BatchActions } from './actions'
import { BatchItems } from './batch-items'
import { Preview } from './preview'
import { OUTCOME_LABELS, STATE_LABELS } from './words'

type BatchPageProps = {
  batch: BatchView
  items: readonly BatchItem[]
  /** The position of the last of these, where there are more. */
  next: number | null
  outcome: BatchOutcome | null
  /** Null for whoever only reads. */
  actions: BatchActions | null
  /** Whether this person looked at it first: only they start it. */
  isTheirs: boolean
}

/** A retry of many: what it means, how far it is, and what became of each job. */
export function BatchPage({ batch, items, next, outcome, actions, isTheirs }: BatchPageProps) {
  useFreshWhile(batch.state === 'running')
  const isDraft = batch.state === 'draft'
  return (
    <>
      <PageHeader
        title={isDraft ? 'A retry of all: what it means' : 'Retry of many'}
        hint={
          <>
            <Link href={`/queues/failures/${batch.group.id}`} className="underline underline-offset-2">
              {batch.group.sentence}
            </Link>{' '}
            {batch.workflow.name}, chosen by <bdi>{batch.by.name}</bdi> <Time value={batch.createdAt} />.
          </>
        }
        actions={!isDraft && actions && <Commands batch={batch} change={actions.change} />}
      />
      <div className="flex flex-col gap-4">
        {isDraft ? (
          <Preview batch={batch} start={isTheirs ? (actions?.start ?? null) : null} />
        ) : (
          <Standing batch={batch} />
        )}
        <BatchItems
          batchId={batch.id}
          items={items}
          next={next}
          outcome={outcome}
          counts={batch.counts}
          isDraft={isDraft}
        />
        <ChangeList
          title="History of this retry"
          changes={batch.changes}
          sentence={({ by, kind }) => (
            <>
              <bdi>{by ?? 'Holdpoint'}</bdi> {DID[kind] ?? kind}
            </>
          )}
        />
      </div>
    </>
  )
}

const FRESH_MS = 2_000

/** Draws the page anew while something happens on it and the server answers, and not while nobody looks. */
function useFreshWhile(isUnderWay: boolean) {
  const { dataUpdatedAt } = useQuery({
    queryKey: ['batch-clock'],
    queryFn: async ({ signal }) => {
      const answer = await fetch('/api/health/ready', { signal })
      if (!answer.ok) throw new Error(`the server is not ready (${answer.status})`)
      return Date.now()
    },
    enabled: isUnderWay,
    refetchInterval: FRESH_MS,
  })
  useRedrawn(isUnderWay, dataUpdatedAt)
}

const TONES: Record<BatchState, 'neutral' | 'informative' | 'attention' | 'success'> = {
  draft: 'neutral',
  running: 'informative',
  paused: 'attention',
  cancelled: 'neutral',
  done: 'success',
}

function Standing({ batch }: { batch: BatchView }) {
  const { counts, state } = batch
  const chosen = counts.ready + counts.retried + counts.refused + counts.moved_on + counts.left
  const done = chosen - counts.ready
  return (
    <Panel aria-labelledby="standing">
      <div className="flex flex-col gap-3 px-4 py-3">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <h2 id="standing" className="text-lg font-semibold tabular-nums">
            {done.toLocaleString('en')} of {chosen.toLocaleString('en')} {chosen === 1 ? 'job' : 'jobs'} dealt with
          </h2>
          <Badge tone={TONES[state]}>{STATE_LABELS[state]}</Badge>
          <span className="text-sm text-muted">
            {batch.perMinute === null
              ? 'As fast as limits and budgets let them be sent'
              : `At most ${batch.perMinute.toLocaleString('en')} a minute`}
          </span>
        </div>
        <Progress label="Jobs dealt with" value={done} max={Math.max(1, chosen)} />
        {batch.note !== null && <Remark>{batch.note}</Remark>}
        <dl className="flex flex-wrap gap-x-8 gap-y-2">
          {(['retried', 'refused', 'moved_on', 'left', 'ready', 'excluded'] as const).map((outcome) => (
            <div key={outcome}>
              <dt className="text-sm text-muted">{OUTCOME_LABELS[outcome]}</dt>
              <dd className="text-lg tabular-nums">{counts[outcome].toLocaleString('en')}</dd>
            </div>
          ))}
        </dl>
        {state === 'running' && batch.standsStill && (
          <Callout tone="attention" role="status" title={`Sending of ${batch.workflow.name} stands still`}>
            It goes on by itself when a lead resumes it.
          </Callout>
        )}
      </div>
    </Panel>
  )
}

function Commands({ batch, change }: { batch: BatchView; change: BatchActions['change'] }) {
  const { state, id, counts } = batch
  const isOver = state !== 'running' && state !== 'paused'
  const meanwhile = `Meanwhile it is ${STATE_LABELS[state].toLowerCase()}.`
  return (
    <>
      <SayWhy
        trigger={<Button>Pause…</Button>}
        title="Pause this retry?"
        description="No further job is retried until a lead resumes it. What was retried goes on."
        label="Pause"
        pendingLabel="Pausing…"
        give={(note) => change(id, 'pause', note)}
        overtaken={state === 'running' ? null : meanwhile}
      />
      <SayWhy
        trigger={<Button variant="primary">Resume…</Button>}
        title="Resume this retry?"
        description={`${jobWords(counts.ready)} left. From now on they are retried in your name.`}
        label="Resume"
        pendingLabel="Resuming…"
        give={(note) => change(id, 'resume', note)}
        overtaken={state === 'paused' ? null : meanwhile}
      />
      <SayWhy
        trigger={<Button>Cancel the rest…</Button>}
        title="Cancel the rest?"
        description={`${jobWords(counts.ready)} left, and stay as they are. What was retried stays retried.`}
        label="Cancel the rest"
        pendingLabel="Cancelling…"
        danger
        give={(note) => change(id, 'cancel', note)}
        overtaken={isOver ? meanwhile : null}
      />
    </>
  )
}

function jobWords(jobs: number): string {
  return jobs === 1 ? '1 job is' : `${jobs.toLocaleString('en')} jobs are`
}

const DID: Record<string, string> = {
  started: 'started it',
  paused: 'paused it',
  resumed: 'resumed it',
  cancelled: 'cancelled the rest',
  done: 'is done with it',
}
