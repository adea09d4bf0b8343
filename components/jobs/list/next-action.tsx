'use client'
import { cn } from '@/components/ui/cn'
import { Time } from '@/components/ui/time'
import type { JobRow } from '@/lib/jobs/view'
import type { NextActionKind } from '@/lib/lifecycle/next-action'
import { HeartbeatLine } from './heartbeats'

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
  none: false,
}

/** What must be done, by whom, by when, and what happens otherwise. Under a running job: how the watch over it goes. */
export function NextAction({ job }: { job: JobRow }) {
  const { kind, who, what, dueAt, otherwise } = job.nextAction
  const urgent = needsPerson[kind]
  return (
    <>
      <span title={what} className={cn('block md:truncate', urgent ? 'font-medium text-ink' : 'text-muted')}>
        {what}
      </span>
      {job.state === 'running' ? (
        <HeartbeatLine jobId={job.id} className="md:truncate" />
      ) : (
        <span className="block text-xs text-muted md:truncate">
          {urgent && who}
          {urgent && dueAt !== null && (
            <>
              {' '}
              by <Time value={dueAt} format="clock" />
              {otherwise !== null && `, then ${otherwise}`}
            </>
          )}
          {!urgent && job.settledAt !== null && (
            <>
              Settled <Time value={job.settledAt} />
            </>
          )}
          {!urgent && job.settledAt === null && who === 'Nobody' && 'Nobody has to do anything'}
        </span>
      )}
    </>
  )
}
