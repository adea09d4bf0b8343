'use client'
import { useState } from 'react'
import { Panel, PanelHeader } from '@/components/ui/panel'
import type { JobView } from '@/lib/jobs/view'
import type { Command } from '@/lib/lifecycle/table'
import type { GiveJobCommand } from '../commands/use-give'
import { DeliveryDialog, type DeliveryDraft } from './delivery-dialog'
import { DeliveryEntry } from './delivery-entry'
import type { DeliveryCommand } from './delivery-facts'
import { SentBytesDialog } from './sent-bytes'

export type DeliveriesProps = {
  job: JobView
  /** What this person may do now, `undo` among it while it is possible. */
  commands: readonly Command[]
  onCommand: (command: Command) => void
  giveJobCommand: GiveJobCommand
}

/** What is typed for one command about one delivery is no other's. */
type Drafts = Record<string, DeliveryDraft>
const EMPTY: DeliveryDraft = { note: '', reference: '' }

/** What left or leaves because of decisions, the newest first. Nothing where nothing ever did. */
export function Deliveries({ job, commands, onCommand, giveJobCommand }: DeliveriesProps) {
  const [asked, setAsked] = useState<{ id: string; command: DeliveryCommand } | null>(null)
  const [shown, setShown] = useState<string | null>(null)
  const [drafts, setDrafts] = useState<Drafts>({})
  if (job.deliveries.length === 0) return null
  const about = job.deliveries.find(({ id }) => id === asked?.id)
  const read = job.deliveries.find(({ id }) => id === shown)
  const key = asked === null ? '' : `${asked.command} ${asked.id}`

  function close(done: boolean) {
    if (done) setDrafts((before) => ({ ...before, [key]: EMPTY }))
    setAsked(null)
    // The button that was pressed may be gone: to the delivery that it was about.
    if (done && about !== undefined) {
      requestAnimationFrame(() => document.getElementById(`delivery-${about.number}`)?.focus())
    }
  }

  return (
    <Panel aria-labelledby="deliveries" className="mt-4">
      <PanelHeader id="deliveries" title={job.deliveries.length === 1 ? 'Delivery' : 'Deliveries'} />
      <ol className="divide-y divide-line">
        {job.deliveries.toReversed().map((delivery, index) => (
          <li key={delivery.id}>
            <DeliveryEntry
              job={job}
              delivery={delivery}
              mayUndo={index === 0 && commands.includes('undo')}
              onUndo={() => onCommand('undo')}
              onCommand={(command) => setAsked({ id: delivery.id, command })}
              onShowBytes={() => setShown(delivery.id)}
            />
          </li>
        ))}
      </ol>
      {read !== undefined && <SentBytesDialog jobId={job.id} delivery={read} onClose={() => setShown(null)} />}
      {asked !== null && about !== undefined && (
        <DeliveryDialog
          key={key}
          job={job}
          delivery={about}
          command={asked.command}
          draft={drafts[key] ?? EMPTY}
          onDraft={(draft) => setDrafts((before) => ({ ...before, [key]: draft }))}
          giveJobCommand={giveJobCommand}
          onClose={close}
        />
      )}
    </Panel>
  )
}
