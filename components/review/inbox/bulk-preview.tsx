import { TriangleAlert } from 'lucide-react'
import Link from 'next/link'
import type { InboxItem } from '@/lib/review/view'
import { countBy } from './selection'
import { KIND_WORDS, leavesWords, RISKS_WORDS, resultMark } from './words'

export type Refused = { item: InboxItem; why: string }

/** What is about to be decided on, by workflow, kind and risk, and what is left out and why. */
export function BulkPreview({ meant, refused }: { meant: readonly InboxItem[]; refused: readonly Refused[] }) {
  const leaving = meant.filter((item) => leavesWords(item) !== null)
  const lines: [string, [string, number][]][] = [
    ['Workflow', countBy(meant, ({ workflow }) => workflow.name)],
    ['Kind', countBy(meant, kindOf)],
    ['Risk', countBy(meant, ({ round }) => RISKS_WORDS[round?.risk ?? 0] ?? '')],
    ['Leaves', countBy(leaving, (item) => leavesWords(item)?.what ?? '')],
  ]
  return (
    <div className="flex flex-col gap-3">
      {meant.length > 0 && (
        <dl className="grid grid-cols-[5rem_1fr] gap-x-3 gap-y-1 rounded-md border border-line bg-sunken px-3 py-2">
          {lines.map(([label, counts]) => (
            <div key={label} className="contents">
              <dt className="text-muted">{label}</dt>
              <dd className="tabular-nums">
                {counts.length === 0 ? 'nothing' : counts.map(([name, count]) => `${count} ${name}`).join(', ')}
              </dd>
            </div>
          ))}
        </dl>
      )}
      {refused.length > 0 && (
        <section aria-label="Left out">
          <h3 className="flex items-center gap-1.5 font-medium text-attention-ink">
            <TriangleAlert aria-hidden className="size-4" />
            {refused.length === 1 ? '1 is left out' : `${refused.length} are left out`}
          </h3>
          <ul className="mt-1 flex max-h-40 flex-col gap-1 overflow-y-auto">
            {refused.map(({ item, why }) => (
              <li key={item.id} className="text-sm">
                <ItemLink item={item} /> <span className="text-muted">{why}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  )
}

/** Opens in another tab: what was typed here stays. */
export function ItemLink({ item }: { item: InboxItem }) {
  return (
    <Link href={`/review/${item.number}`} target="_blank" prefetch={false} className="link">
      <span className="font-mono">#{item.number}</span> <bdi>{item.title}</bdi>
      <span className="sr-only"> (opens in another tab)</span>
    </Link>
  )
}

function kindOf({ round, resultKind }: InboxItem): string {
  if (round === null) return KIND_WORDS.delivery
  if (round.kind === 'result') return resultMark(resultKind).label.toLowerCase()
  return KIND_WORDS[round.kind as keyof typeof KIND_WORDS].toLowerCase()
}
