import Link from 'next/link'
import { outcomeWords } from '@/components/batches/words'
import { EmptyState } from '@/components/ui/empty-state'
import { Panel, PanelHeader } from '@/components/ui/panel'
import { Remark } from '@/components/ui/remark'
import { Time } from '@/components/ui/time'
import type { QueueLine } from '@/lib/queues/view'

/** Who changed what of a queue, when and why, the newest first. */
export function QueueHistory({ lines, more }: { lines: readonly QueueLine[]; more: boolean }) {
  return (
    <Panel aria-labelledby="queue-history">
      <PanelHeader id="queue-history" title="History of this queue" hint="Who changed what, when and why." />
      {lines.length === 0 ? (
        <EmptyState
          level={3}
          title="Nothing was changed yet"
          hint="It sends what waits, as fast as the provider allows."
        />
      ) : (
        <ol className="divide-y divide-line">
          {lines.map((line) => (
            <li key={line.id} className="flex flex-wrap gap-x-4 gap-y-0.5 px-4 py-2.5">
              <Time value={line.at} format="exact" className="w-44 shrink-0 text-sm text-muted tabular-nums" />
              <div className="min-w-0 flex-1 basis-64">
                <p>
                  <bdi>{line.sentence}</bdi>{' '}
                  {line.batch !== null && (
                    <Link href={`/queues/batches/${line.batch.id}`} className="text-accent-ink underline">
                      {outcomeWords(line.batch.outcomes)}
                    </Link>
                  )}
                </p>
                {line.note !== null && <Remark className="mt-0.5">{line.note}</Remark>}
              </div>
            </li>
          ))}
        </ol>
      )}
      {more && (
        <p className="border-t border-line px-4 py-2 text-sm text-muted">Older changes are kept, and not shown here.</p>
      )}
    </Panel>
  )
}
