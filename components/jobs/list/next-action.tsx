'use client'
import { cn } from '@/components/ui/cn'
import { Time } from '@/components/ui/time'
import type { JobRow } from '@/lib/jobs/view'
import type { NextActionKind } from '@/lib/lifecycle/next-action'
import { HeartbeatLines } from './heartbeats'

/** Whether a person must do something now: only then does it speak up. */
const needsPerson: Record<NextActionKind, boolean> = {
  resolve_unknown: true,
  look_into_trouble: true,
  answer_permission: true,
  decide: true,
  retry_or_abandon: true,
  wait_backoff: false,
  wait_send: false,
  wait_run: false,
  wait_resume: true,
  none: false,
  settle_delivery: true,
  hand_over: true,
  wait_deliver: false,
}

/** What must be done, by whom, by when, and what happens otherwise. Of a running job: how the watch over it goes. */
export function NextAction({ job }: { job: JobRow }) {
  const { kind, what } = job.nextAction
  if (job.state === 'running') return <HeartbeatLines jobId={job.id} otherwise={what} />
  return (
    <>
      <span
        title={what}
        className={cn('block @4xl:truncate', needsPerson[kind] ? 'font-medium text-ink' : 'text-muted')}
      >
        {what}
      </span>
      <span className="block min-h-4 text-xs text-muted @4xl:truncate">
        <WhoAndWhen job={job} />
      </span>
    </>
  )
}

function WhoAndWhen({ job }: { job: JobRow }) {
  const { kind, who, dueAt, otherwise } = job.nextAction
  if (needsPerson[kind]) {
    return (
      <>
        {who}
        {dueAt !== null && (
          <>
            {' by '}
            <Time value={dueAt} format="clock" />
            {otherwise !== null && `, then ${otherwise}`}
          </>
        )}
      </>
    )
  }
  if (job.settledAt !== null) {
    return (
      <>
        Settled <Time value={job.settledAt} />
      </>
    )
  }
  if (kind === 'wait_backoff' && dueAt !== null) {
    return (
      <>
        Next try <Time value={dueAt} />
      </>
    )
  }
  return 'Nobody has to do anything'
}
