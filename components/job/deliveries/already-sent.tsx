import { ArrowUpRight } from 'lucide-react'
import { Callout } from '@/components/ui/callout'
import { Time } from '@/components/ui/time'
import { whatLeft } from '@/lib/jobs/delivery-words'
import type { JobView } from '@/lib/jobs/view'
import { lastTryAt, WAYS } from './delivery-facts'
import { Destination } from './destination'

export type AlreadySentProps = { job: Pick<JobView, 'state' | 'deliveries' | 'allowedCommands'>; className?: string }

/**
 * What of a job that is no longer accepted has left already, and to whom, and what is held back: no decision takes the
 * one back, and the next one decides about the other. Nothing where there is neither.
 */
export function AlreadySent({ job, className }: AlreadySentProps) {
  if (job.state === 'completed') return null
  const left = job.deliveries.flatMap((delivery) => {
    const words = whatLeft(delivery)
    return words === null ? [] : [{ delivery, words }]
  })
  const heldBack = job.deliveries.filter(({ state }) => state === 'pending')
  if (left.length === 0 && heldBack.length === 0) return null
  return (
    <Callout
      tone="attention"
      icon={ArrowUpRight}
      className={className}
      title={left.length > 0 ? 'Some of this has left already' : 'What was accepted has not left yet'}
    >
      <ul className="flex flex-col gap-0.5">
        {left.map(({ delivery, words }) => (
          <li key={delivery.id}>
            {words} {WAYS[delivery.kind]} <Destination {...delivery} />,{' '}
            <Time value={lastTryAt(delivery)} format="exact" />.
          </li>
        ))}
        {heldBack.map((delivery) => (
          <li key={delivery.id}>
            Held back: {WAYS[delivery.kind]} <Destination {...delivery} />
          </li>
        ))}
      </ul>
      {job.state === 'awaiting_review' && <p className="mt-1">{consequence(left.length > 0, heldBack.length > 0)}</p>}
    </Callout>
  )
}

function consequence(hasLeft: boolean, isHeldBack: boolean): string {
  const before = hasLeft ? 'No decision takes back what has left. Approving lets another delivery leave. ' : ''
  if (isHeldBack) return `${before}Upholding lets what is held back go on; any other decision withdraws it.`
  return `${before}Upholding sends nothing.`
}
