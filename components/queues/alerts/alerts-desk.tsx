'use client'
import { useQuery } from '@tanstack/react-query'
import { BellOff } from 'lucide-react'
import Link from 'next/link'
import { useState } from 'react'
import { failureWords, freshWords } from '@/components/jobs/list/refresh-words'
import { Callout } from '@/components/ui/callout'
import { useClock } from '@/components/ui/clock'
import { EmptyState } from '@/components/ui/empty-state'
import { Panel, PanelHeader } from '@/components/ui/panel'
import { Time } from '@/components/ui/time'
import type { AlertOutcome } from '@/lib/alerts/outcome'
import type { AlertsView, AlertView } from '@/lib/alerts/view'
import { AcknowledgeDialog } from './acknowledge-dialog'
import { AlertItem } from './alert-item'
import { alertPageOptions } from './queries'

export type Acknowledge = (id: string, note: string) => Promise<AlertOutcome>

type Props = {
  initial: AlertsView
  /** False on a page of older ones. */
  isFirstPage: boolean
  /** Those of all rules, or of these. */
  mayAcknowledge: 'all' | readonly string[]
  acknowledge: Acknowledge
}

/** What is open, what was, and how fresh that is. */
export function AlertsDesk({ initial, isFirstPage, mayAcknowledge, acknowledge }: Props) {
  const { data, error, dataUpdatedAt } = useQuery({ ...alertPageOptions, initialData: initial })
  // Held here: the dialog stays while its alert is acknowledged by somebody else, or ends.
  const [asked, setAsked] = useState<AlertView | null>(null)
  const fresh = useClock((now) => freshWords({ readAt: dataUpdatedAt, error, paused: null }, now))
  const { open, checked, isStale } = data
  // Older pages stand still: what closed moves nobody's place.
  const { closed, older } = isFirstPage ? data : initial
  const may = (ruleId: string) => mayAcknowledge === 'all' || mayAcknowledge.includes(ruleId)
  return (
    <>
      {isStale && (
        <Callout tone="attention" title="Nobody looks at the rules" role="status">
          {checked === null ? (
            'They have never been looked at.'
          ) : (
            <>
              They were last looked at <Time value={checked.at} /> by the {checked.by}.
            </>
          )}{' '}
          What is shown may be out of date. Every worker and every web server looks: see whether any of them is well.
        </Callout>
      )}
      {isFirstPage && (
        <Panel aria-labelledby="open-alerts">
          <PanelHeader
            id="open-alerts"
            title="Open"
            hint={
              error === null ? (
                <span suppressHydrationWarning>{fresh}</span>
              ) : (
                `${failureWords(error)}. This may be out of date.`
              )
            }
          />
          {open.length === 0 ? (
            <EmptyState
              icon={BellOff}
              level={3}
              title="No alert is open"
              hint={isStale ? undefined : 'Nothing that the rules below look for is there.'}
              className="py-8"
            />
          ) : (
            <ul className="divide-y divide-line">
              {open.map((alert) => (
                <AlertItem key={alert.id} alert={alert} ask={may(alert.ruleId) ? () => setAsked(alert) : null} />
              ))}
            </ul>
          )}
        </Panel>
      )}
      {(closed.length > 0 || !isFirstPage) && (
        <Panel aria-labelledby="closed-alerts">
          <PanelHeader id="closed-alerts" title={isFirstPage ? 'Over' : 'Over, longer ago'} />
          {closed.length === 0 ? (
            <EmptyState level={3} title="There are no older ones" className="py-8" />
          ) : (
            <ul className="divide-y divide-line">
              {closed.map((alert) => (
                <AlertItem key={alert.id} alert={alert} ask={null} />
              ))}
            </ul>
          )}
          {(older !== null || !isFirstPage) && (
            <p className="flex gap-4 border-t border-line px-4 py-2">
              {!isFirstPage && (
                <Link href="/queues/alerts" className="link">
                  The newest
                </Link>
              )}
              {older !== null && (
                <Link href={`/queues/alerts?${new URLSearchParams({ before: older })}`} className="link">
                  Older ones
                </Link>
              )}
            </p>
          )}
        </Panel>
      )}
      <AcknowledgeDialog
        asked={asked}
        acknowledge={acknowledge}
        overtaken={asked === null ? null : overtakenOf(open.find(({ id }) => id === asked.id))}
        close={(id) => setAsked((now) => (now?.id === id ? null : now))}
      />
    </>
  )
}

/** What came in between, where somebody was about to acknowledge it. `alert` absent: it is not open any more. */
function overtakenOf(alert: AlertView | undefined): string | null {
  if (alert === undefined) return 'It is over already.'
  return alert.acknowledged === null ? null : `${alert.acknowledged.by} acknowledged it before you.`
}
