import Link from 'next/link'
import { useId } from 'react'
import { Badge } from '@/components/ui/badge'
import { EmptyState } from '@/components/ui/empty-state'
import { Panel, PanelHeader } from '@/components/ui/panel'
import { Time } from '@/components/ui/time'
import type { ReceiptView } from '@/lib/webhooks/transport-view'
import { lateness, receiptWords } from './words'

/** The webhooks that came last, newest first. */
export function ReceiptList({ receipts }: { receipts: readonly ReceiptView[] }) {
  const heading = useId()
  return (
    <Panel aria-labelledby={heading}>
      <PanelHeader id={heading} title="Newest webhooks" hint="At most 50. What was refused is only counted." />
      {receipts.length === 0 ? (
        <EmptyState title="None has come yet" hint="Once webhooks are set up, each one that comes is listed here." />
      ) : (
        <ul className="divide-y divide-line">
          {receipts.map((receipt) => (
            <Receipt key={receipt.id} receipt={receipt} />
          ))}
        </ul>
      )}
    </Panel>
  )
}

function Receipt({ receipt }: { receipt: ReceiptView }) {
  const { webhookId, type, receivedAt, eventAt, isLate, times, jobNumber } = receipt
  const late = eventAt === null ? null : Math.max(0, Date.parse(receivedAt) - Date.parse(eventAt))
  return (
    <li className="flex flex-wrap items-baseline gap-x-4 gap-y-0.5 px-4 py-2">
      <p className="min-w-0 flex-1 basis-72">
        <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <code className="text-sm wrap-anywhere">{type}</code>
          {times > 1 && <Badge tone="outline">came {times.toLocaleString('en')} times</Badge>}
          {isLate && <Badge tone="attention">late</Badge>}
        </span>
        <span className="block text-sm text-muted">
          {jobNumber !== null && (
            <>
              <Link href={`/jobs/${jobNumber}`} className="link">
                #{jobNumber}
              </Link>
              {': '}
            </>
          )}
          {receiptWords(receipt)}
        </span>
      </p>
      <p className="text-sm text-muted sm:text-right">
        <Time value={receivedAt} />
        {late !== null && <span className="block text-xs text-faint">{lateness(late)} after it happened</span>}
      </p>
      <p className="w-full font-mono text-xs wrap-anywhere text-faint">{webhookId}</p>
    </li>
  )
}
