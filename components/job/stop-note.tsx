import { OctagonPause } from 'lucide-react'
import { Callout } from '@/components/ui/callout'
import { Time } from '@/components/ui/time'
import type { QueueStopView } from '@/lib/jobs/view'
import type { State } from '@/lib/lifecycle/table'

/**
 * Says on the page of a job that sending of its workflow stands still, and what that means for this job: clocks stand
 * still only for what is queued.
 */
export function StopNote({ stop, state }: { stop: QueueStopView; state: State }) {
  return (
    <Callout
      tone="attention"
      icon={OctagonPause}
      title={`Sending of ${stop.workflow.name} ${stop.by === null ? 'stands still' : 'is paused'}`}
      className="mb-3"
      role="status"
    >
      <p>
        {stop.by === null ? stop.sentence : <Paused by={stop.by} note={stop.note} />} Since{' '}
        <Time value={stop.since} format="exact" />.{' '}
        {stop.waiting === 1 ? '1 job waits' : `${stop.waiting.toLocaleString('en')} jobs wait`}
        {state === 'queued'
          ? ', nothing is lost, and no deadline runs until a lead resumes it.'
          : '. This one does not, but whatever is sent for it next waits until a lead resumes it.'}
      </p>
    </Callout>
  )
}

function Paused({ by, note }: { by: string; note: string | null }) {
  return (
    <>
      <bdi>{by}</bdi> paused it: <bdi className="wrap-anywhere">{note}</bdi>
    </>
  )
}
