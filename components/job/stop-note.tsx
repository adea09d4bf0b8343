import { OctagonPause } from 'lucide-react'
import { Callout } from '@/components/ui/callout'
import { Time } from '@/components/ui/time'
import type { QueueStopView } from '@/lib/jobs/view'

/** Says on the page of a job that sending of its workflow stands still, and that nothing is lost by it. */
export function StopNote({ stop }: { stop: QueueStopView }) {
  return (
    <Callout
      tone="attention"
      icon={OctagonPause}
      title={`Sending of ${stop.workflow.name} stands still`}
      className="mb-3"
      role="status"
    >
      <p>
        {stop.sentence} Since <Time value={stop.since} format="exact" />.{' '}
        {stop.waiting === 1 ? '1 job waits' : `${stop.waiting.toLocaleString('en')} jobs wait`}, nothing is lost, and no
        deadline runs until a lead resumes it.
      </p>
    </Callout>
  )
}
