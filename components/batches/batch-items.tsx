import Link from 'next/link'
import { JobTitle } from '@/components/jobs/job-title'
import { JobStateMark } from '@/components/jobs/state-mark'
import { Badge } from '@/components/ui/badge'
import { cn } from '@/components/ui/cn'
import { EmptyState } from '@/components/ui/empty-state'
import { LinkButton } from '@/components/ui/link-button'
import { Panel, PanelHeader } from '@/components/ui/panel'
import { Time } from '@/components/ui/time'
import { type BatchItem, type BatchOutcome, batchOutcomes } from '@/lib/batches/view'
import { dollars } from '@/lib/money/micros'
import { OUTCOME_LABELS } from './words'

type BatchItemsProps = {
  batchId: string
  items: readonly BatchItem[]
  next: number | null
  outcome: BatchOutcome | null
  counts: Record<BatchOutcome, number>
  isDraft: boolean
}

const TONES: Record<BatchOutcome, 'neutral' | 'success' | 'danger' | 'outline'> = {
  ready: 'outline',
  retried: 'success',
  refused: 'danger',
  moved_on: 'neutral',
  left: 'neutral',
  excluded: 'neutral',
}

/** The jobs of a retry in their order, with what became of each. */
export function BatchItems({ batchId, items, next, outcome, counts, isDraft }: BatchItemsProps) {
  const base = `/queues/batches/${batchId}`
  return (
    <Panel aria-labelledby="items">
      <PanelHeader id="items" title="Jobs" hint={isDraft ? 'As they stood when they were chosen.' : undefined} />
      <nav aria-label="Show jobs" className="flex flex-wrap gap-1 border-b border-line px-3 py-2">
        <Choice href={base} isChosen={outcome === null} label="All" />
        {batchOutcomes
          .filter((one) => counts[one] > 0)
          .map((one) => (
            <Choice
              key={one}
              href={`${base}?outcome=${one}`}
              isChosen={outcome === one}
              label={`${OUTCOME_LABELS[one]} ${counts[one].toLocaleString('en')}`}
            />
          ))}
      </nav>
      {items.length === 0 ? (
        <EmptyState level={3} title="No job stands here" hint="Choose another of the lists above." />
      ) : (
        <ul className="divide-y divide-line">
          {items.map((item) => (
            <li key={item.number} className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2">
              <span className="w-24">
                <Badge tone={TONES[item.outcome]}>{OUTCOME_LABELS[item.outcome]}</Badge>
              </span>
              <Link
                href={`/jobs/${item.number}`}
                className="flex min-w-0 flex-1 basis-56 items-baseline gap-2 hover:underline"
              >
                <span className="shrink-0 text-muted tabular-nums">#{item.number}</span>
                <span className="min-w-0 truncate">
                  <JobTitle title={item.title} />
                </span>
              </Link>
              <span className="text-sm text-muted tabular-nums">
                {item.worstUsd === null ? 'cost not known' : `up to ${dollars(item.worstUsd)}`}
              </span>
              <JobStateMark state={item.state} />
              {item.at !== null && (
                <Time value={item.at} className="w-20 text-right text-sm text-muted max-sm:hidden" />
              )}
              {item.why !== null && <p className="w-full text-sm text-muted">{item.why}</p>}
            </li>
          ))}
        </ul>
      )}
      {next !== null && (
        <div className="border-t border-line px-4 py-2">
          <LinkButton href={`${base}?${outcome === null ? '' : `outcome=${outcome}&`}after=${next}`} size="sm">
            Next jobs
          </LinkButton>
        </div>
      )}
    </Panel>
  )
}

function Choice({ href, isChosen, label }: { href: string; isChosen: boolean; label: string }) {
  return (
    <Link
      href={href}
      aria-current={isChosen ? 'true' : undefined}
      className={cn(
        'rounded-sm px-2 py-1 text-sm tabular-nums',
        isChosen ? 'bg-hover font-medium text-ink' : 'text-muted hover:text-ink',
      )}
    >
      {label}
    </Link>
  )
}
