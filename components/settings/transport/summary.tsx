import { useId } from 'react'
import { Panel, PanelBody, PanelHeader } from '@/components/ui/panel'
import { Time } from '@/components/ui/time'
import type { Lag, TransportView } from '@/lib/webhooks/transport-view'
import { inUse, lagWords } from './words'

/** Which way news of the responses comes now, why, and how late. */
export function TransportSummary({ view }: { view: TransportView }) {
  const heading = useId()
  const { title, why } = inUse(view)
  return (
    <Panel aria-labelledby={heading}>
      <PanelHeader
        id={heading}
        title={title}
        hint={
          <>
            As of <Time value={view.asOf} format="exact" />
          </>
        }
      />
      <PanelBody className="flex flex-col gap-4">
        <p className="max-w-[75ch]">{why}</p>
        <table className="w-full border-separate border-spacing-0 text-left">
          <caption className="pb-1 text-left text-sm text-muted">
            How late news came in the last 24 hours: from when it happened, by the provider’s clock, until it was known
            here.
          </caption>
          <thead className="text-sm text-faint">
            <tr>
              {['Way', 'Median', 'At worst', 'Count'].map((label, index) => (
                <th
                  key={label}
                  scope="col"
                  className={`h-8 border-b border-line font-medium ${index === 0 ? '' : 'pl-3 text-right'}`}
                >
                  {label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody className="tabular-nums">
            <LagRow label="By webhook" lag={view.lag.webhooks} />
            <LagRow label="By a look" lag={view.lag.looks} />
          </tbody>
        </table>
      </PanelBody>
    </Panel>
  )
}

function LagRow({ label, lag }: { label: string; lag: Lag | null }) {
  const { median, worst, count } = lagWords(lag)
  return (
    <tr>
      <th scope="row" className="h-9 border-b border-line font-normal whitespace-nowrap">
        {label}
      </th>
      {[median, worst, count].map((words, index) => (
        <td
          // biome-ignore lint/suspicious/noArrayIndexKey: three cells that never move
          key={index}
          className={`h-9 border-b border-line pl-3 text-right ${lag === null ? 'text-faint' : ''}`}
        >
          {words}
        </td>
      ))}
    </tr>
  )
}
