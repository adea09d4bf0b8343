import { Check, CircleHelp, LoaderCircle, OctagonX } from 'lucide-react'
import { cn } from '@/components/ui/cn'
import type { BulkCommand } from '@/lib/review/inbox-bulk'
import type { InboxItem } from '@/lib/review/view'
import { ItemLink } from './bulk-preview'
import { BULK_WORDS } from './bulk-words'
import type { Outcome } from './use-bulk'

export type BulkOutcomesProps = {
  command: BulkCommand
  items: readonly InboxItem[]
  outcomes: ReadonlyMap<string, Outcome>
  isRunning: boolean
}

/** What became of each, with a way to look at it. */
export function BulkOutcomes({ command, items, outcomes, isRunning }: BulkOutcomesProps) {
  const found = [...outcomes.values()]
  const done = found.filter(({ ok }) => ok === true).length
  const words = BULK_WORDS[command]
  const summary = isRunning
    ? `${words.doing}: ${found.length} of ${items.length}`
    : `${done} of ${items.length} done${done === items.length ? '' : `, ${items.length - done} not`}`
  return (
    <div className="flex flex-col gap-3">
      <p role="status" className="font-medium tabular-nums">
        {summary}
      </p>
      {isRunning && (
        <progress aria-label={words.doing} value={found.length} max={items.length} className="h-1 w-full accent-ink" />
      )}
      <ul className="flex max-h-[50dvh] flex-col divide-y divide-line overflow-y-auto rounded-md border border-line">
        {items.map((item) => (
          <li key={item.id} className="flex flex-col gap-0.5 px-3 py-2">
            <ItemLink item={item} />
            <OutcomeLine command={command} outcome={outcomes.get(item.id)} />
          </li>
        ))}
      </ul>
    </div>
  )
}

function OutcomeLine({ command, outcome }: { command: BulkCommand; outcome: Outcome | undefined }) {
  const { icon: Icon, className, words } = lineOf(command, outcome)
  return (
    <span className={cn('flex items-start gap-1.5 text-sm', className)}>
      <Icon aria-hidden className="mt-0.5 size-4 shrink-0" />
      <span className="min-w-0 wrap-anywhere">{words}</span>
    </span>
  )
}

function lineOf(command: BulkCommand, outcome: Outcome | undefined) {
  if (outcome === undefined) return { icon: LoaderCircle, className: 'text-faint', words: 'Waits for its turn' }
  if (outcome.ok === null) return { icon: CircleHelp, className: 'text-attention-ink', words: outcome.why }
  if (!outcome.ok) return { icon: OctagonX, className: 'text-danger-ink', words: outcome.problem.detail }
  return { icon: Check, className: 'text-success-ink', words: BULK_WORDS[command].done[outcome.command] ?? 'Done' }
}
