import { CircleCheck } from 'lucide-react'
import type { Metadata } from 'next'
import Link from 'next/link'
import { GroupList } from '@/components/failures/group-list'
import { cn } from '@/components/ui/cn'
import { EmptyState } from '@/components/ui/empty-state'
import { LinkButton } from '@/components/ui/link-button'
import { PageHeader } from '@/components/ui/page-header'
import { Panel } from '@/components/ui/panel'
import { NotForYou } from '@/components/workflows/not-for-you'
import { readsEverything } from '@/lib/access/can'
import { requireActor } from '@/lib/access/session.server'
import { listGroups } from '@/lib/failures/store.server'
import { type GroupState, groupStates } from '@/lib/failures/view'
import { workflowNames } from '@/lib/money/stops.server'
import { db } from '@/lib/store/db.server'
import { sanitiseText } from '@/lib/store/sanitise'

export const metadata: Metadata = { title: 'Failures' }

const MOST = 50
const LABELS: Record<GroupState, string> = { open: 'Open', resolved: 'Resolved', ignored: 'Ignored' }
const EMPTY: Record<GroupState, { title: string; hint: string }> = {
  open: {
    title: 'No failure needs anybody',
    hint: 'What fails stands here within a second, with others that failed alike.',
  },
  resolved: {
    title: 'None is resolved',
    hint: 'A lead resolves a failure when it is mended. Seen again, it opens by itself.',
  },
  ignored: { title: 'None is ignored', hint: 'A lead ignores what is known and harmless, for a time or for good.' },
}

export default async function FailuresPage({ searchParams }: PageProps<'/queues/failures'>) {
  const actor = await requireActor('/queues/failures')
  if (!readsEverything(actor)) {
    return (
      <NotForYou
        page="Failures"
        title="This page is for those who see every job"
        hint="Why your own job stopped stands on its page."
      />
    )
  }
  const params = await searchParams
  const state = groupStates.find((one) => one === params.state) ?? 'open'
  const workflow = typeof params.workflow === 'string' ? sanitiseText(params.workflow) : null
  const after = typeof params.after === 'string' ? sanitiseText(params.after) : null
  const [{ groups, nextCursor, counts }, names] = await Promise.all([
    listGroups(db(), { state, workflow, after, most: MOST }, new Date()),
    workflowNames(db(), workflow === null ? [] : [workflow]),
  ])
  const kept = workflow === null ? '' : `&workflow=${encodeURIComponent(workflow)}`
  return (
    <div>
      <PageHeader
        title="Failures"
        hint="Those that are alike stand together: by workflow, class, code and where they were met."
      />
      {workflow !== null && (
        <p className="pb-3">
          Only those of <bdi className="font-medium">{names.get(workflow) ?? workflow}</bdi>.{' '}
          <Link href={`/queues/failures?state=${state}`} className="link">
            Show those of all workflows
          </Link>
        </p>
      )}
      <nav aria-label="Show failures" className="flex flex-wrap gap-1 pb-3">
        {groupStates.map((one) => (
          <Link
            key={one}
            href={`/queues/failures?state=${one}${kept}`}
            aria-current={one === state ? 'true' : undefined}
            className={cn(
              'rounded-sm px-2 py-1 tabular-nums',
              one === state ? 'bg-hover font-medium text-ink' : 'text-muted hover:text-ink',
            )}
          >
            {LABELS[one]} {counts[one].toLocaleString('en')}
          </Link>
        ))}
      </nav>
      {groups.length === 0 ? (
        <Panel>
          <EmptyState icon={CircleCheck} {...EMPTY[state]} />
        </Panel>
      ) : (
        <GroupList groups={groups} />
      )}
      {nextCursor !== null && (
        <div className="pt-3">
          <LinkButton href={`/queues/failures?state=${state}${kept}&after=${nextCursor}`}>Older failures</LinkButton>
        </div>
      )}
    </div>
  )
}
