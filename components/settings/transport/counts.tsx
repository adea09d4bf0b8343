import { type ReactNode, useId } from 'react'
import { Panel, PanelBody, PanelHeader } from '@/components/ui/panel'
import { Time } from '@/components/ui/time'
import type { TransportView } from '@/lib/webhooks/transport-view'
import { REFUSED } from './words'

/** What came in the last 24 hours besides the plain case, and what was turned away. */
export function TransportCounts({ counts }: { counts: TransportView['counts'] }) {
  const heading = useId()
  const refused = counts.refused.reduce((sum, { count }) => sum + count, 0)
  return (
    <Panel aria-labelledby={heading}>
      <PanelHeader id={heading} title="In the last 24 hours" hint="Tests of the way in are not counted." />
      <PanelBody>
        <dl className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-6 gap-y-1.5">
          <Count label="Received and stored" value={counts.received} />
          <Count label="Came more than once" hint="Taken once; the rest changed nothing." value={counts.doubled} />
          <Count label="Late" hint="Signed more than a minute before it came." value={counts.late} />
          <Count
            label="Named a lost answer"
            hint="The job went on with it, or its cost was kept."
            value={counts.adopted}
          />
          <Count label="Not settled yet" hint="The provider is asked whose it is." value={counts.open} />
          <Count
            label="About somebody else’s response"
            hint="Other programs share the project at OpenAI."
            value={counts.notOurs}
          />
          <Count
            label="Of other types"
            hint="Batches, evals and so on: kept, and nothing follows."
            value={counts.otherTypes}
          />
          <Count label="Refused" hint="Changed nothing at all." value={refused} loud={refused > 0} />
          {counts.refused.map(({ reason, count, lastAt }) => (
            <Count
              key={reason}
              label={
                <span className="block pl-4 text-muted">
                  {REFUSED[reason]}, last <Time value={lastAt} />
                </span>
              }
              value={count}
            />
          ))}
        </dl>
      </PanelBody>
    </Panel>
  )
}

function Count(props: { label: ReactNode; hint?: string; value: number; loud?: boolean }) {
  const { label, hint, value, loud } = props
  const tone = value === 0 ? 'text-faint' : loud ? 'font-medium text-attention-ink' : ''
  return (
    <>
      <dt>
        {label}
        {hint && <span className="block text-sm text-muted">{hint}</span>}
      </dt>
      <dd className={`text-right tabular-nums ${tone}`}>{value.toLocaleString('en')}</dd>
    </>
  )
}
