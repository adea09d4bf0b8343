'use client'
import Link from 'next/link'
import { JobTitle } from '@/components/jobs/job-title'
import { ProviderMark } from '@/components/jobs/provider-mark'
import { JobStateMark } from '@/components/jobs/state-mark'
import { cn } from '@/components/ui/cn'
import { CopyButton } from '@/components/ui/copy-button'
import { Time } from '@/components/ui/time'
import type { JobView } from '@/lib/jobs/view'
import { isSettled, type State } from '@/lib/lifecycle/table'
import { CaseFile } from './case-file/case-file'
import { Freshness } from './freshness'

/** Marks with a box stand on the edge of the text; those without hang over it by their padding. */
const BOXED: Partial<Record<State, string>> = { awaiting_review: 'ml-0', failed: 'ml-0', expired: 'ml-0' }

/** A title of more characters is set smaller, so that what to do next stays in sight. */
const LONG_TITLE = 120

export type JobHeaderProps = {
  job: JobView
  mayReadWorkflow: boolean
  /** As it stood at a moment: nothing is refreshed. */
  isPast?: boolean
}

/** Which job this is, where it stands for us, and, apart from that, what OpenAI says. */
export function JobHeader({ job, mayReadWorkflow, isPast = false }: JobHeaderProps) {
  const { number, title, workflow, requester, reference } = job
  const settled = isSettled(job.state)
  return (
    <header className="flex flex-col gap-1.5 pb-4">
      <h1 className={cn('wrap-anywhere', title.length > LONG_TITLE ? 'text-lg' : 'text-xl')}>
        <span className="font-normal text-faint">#{number}&ensp;</span>
        <bdi>
          <JobTitle title={title} />
        </bdi>
      </h1>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
        <JobStateMark state={job.state} className={cn('order-1', BOXED[job.state])} />
        <LatestAnswer job={job} />
        {/* On a phone it stands beside our state, and what OpenAI says in a line of its own. */}
        {!isPast && (
          <div className="order-2 ml-auto sm:order-3">
            <Freshness id={job.id} />
          </div>
        )}
      </div>
      <dl className="flex flex-wrap gap-x-4 gap-y-0.5 text-sm text-muted">
        <Fact label="Workflow">
          {mayReadWorkflow ? (
            <Link href={`/workflows/${workflow.key}?version=${workflow.version}`} className="link">
              {workflow.name} v{workflow.version}
            </Link>
          ) : (
            `${workflow.name} v${workflow.version}`
          )}
        </Fact>
        <Fact label="Asked by">{requester?.name ?? 'a service'}</Fact>
        {reference !== null && (
          <Fact label="Reference">
            <bdi className="wrap-anywhere">{reference}</bdi>
          </Fact>
        )}
        <Fact label="Age">
          <Time value={job.createdAt} format="age" />
        </Fact>
        {settled ? (
          <Fact label="Settled">
            <Time value={job.settledAt} />
          </Fact>
        ) : (
          <Fact label="Deadline">
            {job.stop !== null && job.state !== 'awaiting_review' ? (
              'waits for its queue'
            ) : (
              <Time value={job.dueAt} format="clock" unknown="none" />
            )}
          </Fact>
        )}
        <Fact label="Id">
          <code title={job.id} className="text-xs">
            {job.id.slice(0, 8)}…
          </code>
          <CopyButton value={job.id} label="Copy the job’s id" className="-my-1 h-6 w-6" />
        </Fact>
      </dl>
      <div className="-ml-1.5 flex flex-wrap">
        <CaseFile jobId={job.id} number={number} />
      </div>
    </header>
  )
}

function Fact({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <div className="flex min-w-0 items-center gap-1">
      <dt className="text-faint">{label}</dt>
      <dd className="flex min-w-0 items-center text-muted">{children}</dd>
    </div>
  )
}

function LatestAnswer({ job }: { job: JobView }) {
  const attempt = job.attempts[0]
  const at = attempt?.finishedAt ?? attempt?.seenFinalAt ?? null
  return (
    <span className="order-3 inline-flex items-center gap-1.5 sm:order-2">
      <ProviderMark status={job.providerStatus} />
      {at !== null && (
        <span className="font-mono text-xs text-muted">
          <span className="sr-only">at </span>
          <Time value={at} format="clock" />
        </span>
      )}
      {attempt?.provider === 'sandbox' && <span className="text-xs text-muted">sandbox, no model</span>}
    </span>
  )
}
