'use client'
import { CirclePlay, DoorClosed, DoorOpen, Gauge, OctagonPause } from 'lucide-react'
import type { ReactNode } from 'react'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { Panel, PanelHeader } from '@/components/ui/panel'
import { Time } from '@/components/ui/time'
import type { QueueState } from '@/lib/queues/view'
import { limitWords } from '@/lib/queues/words'
import type { QueueActions } from './actions'
import { LimitsDialog } from './limits-dialog'
import { SayWhy } from './say-why'

type QueueControlsProps = {
  queue: QueueState
  /** The name of its workflow. */
  name: string
  /** Null for whoever only reads. */
  actions: QueueActions | null
}

/** How a queue is set, and what a lead can change of it: sending, new jobs, limits. */
export function QueueControls({ queue, name, actions }: QueueControlsProps) {
  return (
    <Panel aria-labelledby="queue-controls">
      <PanelHeader id="queue-controls" title="Sending and limits" />
      <dl className="divide-y divide-line">
        <Part
          term="Sending"
          icon={queue.stop === null ? <CirclePlay /> : <OctagonPause className="text-attention-ink" />}
          action={actions && <SendingAction queue={queue} name={name} actions={actions} />}
        >
          <Sending queue={queue} />
        </Part>
        <Part
          term="New jobs"
          icon={queue.takesJobs ? <DoorOpen /> : <DoorClosed className="text-attention-ink" />}
          action={actions && <NewJobsAction queue={queue} name={name} actions={actions} />}
        >
          <NewJobs queue={queue} />
        </Part>
        <Part
          term="Limits"
          icon={<Gauge />}
          action={actions && <LimitsDialog key={keyOf(queue)} queue={queue} name={name} limit={actions.limit} />}
        >
          <p className="font-medium first-letter:uppercase">{limitWords(queue)}</p>
        </Part>
      </dl>
    </Panel>
  )
}

/** A dialog that was filled in for other limits begins anew. */
const keyOf = ({ mostLive, sendsPerMinute }: QueueState) => `${mostLive} ${sendsPerMinute}`

function Part(props: { term: string; icon: ReactNode; action: ReactNode; children: ReactNode }) {
  const { term, icon, action, children } = props
  return (
    <div className="flex flex-wrap items-start gap-x-4 gap-y-2 px-4 py-3">
      <dt className="flex w-28 shrink-0 items-center gap-2 text-muted [&_svg]:size-4 [&_svg]:shrink-0">
        {icon}
        {term}
      </dt>
      <dd className="flex min-w-0 flex-1 basis-56 flex-wrap items-start justify-between gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1 basis-56">{children}</div>
        {action && <div className="flex shrink-0 gap-2">{action}</div>}
      </dd>
    </div>
  )
}

function Sending({ queue: { stop } }: { queue: QueueState }) {
  if (stop === null) return <p className="font-medium">What waits is sent as its turn comes</p>
  const isPaused = stop.by !== null
  return (
    <>
      <p className="font-medium">
        {isPaused ? 'Paused' : 'Stands still'} since <Time value={stop.since} format="clock" />
        {isPaused ? ` by ${stop.by}` : ''}
      </p>
      <p className="text-sm text-muted wrap-anywhere">{stop.note === null ? stop.sentence : <bdi>{stop.note}</bdi>}</p>
      <p className="text-sm text-muted">Nothing is sent, what runs is looked at, and no deadline passes.</p>
    </>
  )
}

function SendingAction({ queue, name, actions }: { queue: QueueState; name: string; actions: QueueActions }) {
  return (
    <>
      <PauseDialog queue={queue} name={name} pause={actions.pause} />
      <ResumeButton queue={queue} name={name} resume={actions.resume} />
    </>
  )
}

function PauseDialog({ queue, name, pause }: { queue: QueueState; name: string; pause: QueueActions['pause'] }) {
  return (
    <SayWhy
      trigger={
        <Button size="sm">
          Pause…<span className="sr-only"> sending of {name}</span>
        </Button>
      }
      title={`Pause sending of ${name}?`}
      description="Nothing of it is sent until a lead resumes it."
      label="Pause sending"
      pendingLabel="Pausing…"
      give={(note) => pause(queue.workflowKey, note)}
      overtaken={queue.stop === null ? null : 'Sending stands still meanwhile.'}
    >
      <ul className="list-disc pl-5">
        <li>Calls that run already go on, and are looked at.</li>
        <li>New jobs may be started; they wait with the others.</li>
        <li>No deadline passes meanwhile: each moves by the time for which it stood still.</li>
      </ul>
    </SayWhy>
  )
}

function ResumeButton({ queue, name, resume }: { queue: QueueState; name: string; resume: QueueActions['resume'] }) {
  const waiting = queue.stop?.waiting ?? 0
  return (
    <SayWhy
      trigger={
        <Button size="sm" variant="primary">
          Resume…<span className="sr-only"> sending of {name}</span>
        </Button>
      }
      title={`Resume sending of ${name}?`}
      description={`${waiting === 1 ? 'The job that waits is' : `The ${waiting.toLocaleString('en')} jobs that wait are`} sent, as fast as limits allow.`}
      label="Resume sending"
      pendingLabel="Resuming…"
      give={(note) => resume(queue.workflowKey, note)}
      overtaken={queue.stop === null ? 'Sending was resumed meanwhile.' : null}
    />
  )
}

function NewJobs({ queue: { takesJobs, drained } }: { queue: QueueState }) {
  if (takesJobs) return <p className="font-medium">It takes new jobs</p>
  return (
    <>
      <p className="font-medium">
        It takes no new jobs since <Time value={drained?.at ?? null} format="clock" />
        {drained?.by == null ? '' : `, by ${drained.by}`}
      </p>
      {drained?.note != null && (
        <p className="text-sm text-muted wrap-anywhere">
          <bdi>{drained.note}</bdi>
        </p>
      )}
      <p className="text-sm text-muted">Those that it has are finished, retries among them.</p>
    </>
  )
}

function NewJobsAction({ queue, name, actions }: { queue: QueueState; name: string; actions: QueueActions }) {
  const { workflowKey, takesJobs } = queue
  return (
    <>
      <SayWhy
        trigger={
          <Button size="sm">
            Take jobs again…<span className="sr-only"> for {name}</span>
          </Button>
        }
        title={`Let ${name} take new jobs again?`}
        description="The form offers it again, and the API starts jobs with it."
        label="Take jobs again"
        pendingLabel="Opening…"
        give={(note) => actions.open(workflowKey, note)}
        overtaken={takesJobs ? 'It takes new jobs again meanwhile.' : null}
      />
      <SayWhy
        trigger={
          <Button size="sm">
            Drain…<span className="sr-only"> {name}</span>
          </Button>
        }
        title={`Drain ${name}?`}
        description="It takes no new jobs until a lead lets it, and finishes those that it has."
        label="Drain it"
        pendingLabel="Draining…"
        give={(note) => actions.drain(workflowKey, note)}
        overtaken={takesJobs ? null : 'It takes no new jobs meanwhile.'}
      >
        <ul className="list-disc pl-5">
          <li>The form says so and why, and the API refuses with 409.</li>
          <li>Jobs that are queued or run, retries and reviews go on.</li>
        </ul>
      </SayWhy>
    </>
  )
}

/**
 * The same in one line, for a row: only what is not as usual, and the one button that is pressed in a hurry. That
 * sending stands still is said beside it, by what is read again and again.
 */
export function QueueControlsCompact({ queue, name, actions }: QueueControlsProps) {
  const { takesJobs, mostLive, sendsPerMinute } = queue
  return (
    <div className="flex flex-wrap items-center gap-1.5">
      {!takesJobs && (
        <Badge tone="attention">
          <DoorClosed aria-hidden />
          No new jobs
        </Badge>
      )}
      {mostLive !== null && <Badge tone="outline">{mostLive.toLocaleString('en')} at once</Badge>}
      {sendsPerMinute !== null && <Badge tone="outline">{sendsPerMinute.toLocaleString('en')} a minute</Badge>}
      {actions !== null && <SendingAction queue={queue} name={name} actions={actions} />}
    </div>
  )
}
