'use client'
import { ArrowUpRight, ChevronsUp, ChevronUp } from 'lucide-react'
import Link from 'next/link'
import { JobTitle } from '@/components/jobs/job-title'
import { cn } from '@/components/ui/cn'
import { Time } from '@/components/ui/time'
import type { InboxItem } from '@/lib/review/view'
import { leavesWords, RISK_WORDS, resultMark } from './words'

/** What must be done, or why it is not there to do; beneath, who and what happens if nobody does. */
export function ToDo({ item }: { item: InboxItem }) {
  const { what, who, otherwise } = item.nextAction
  const waits = item.why !== null
  return (
    <>
      <span title={what} className={cn('block @4xl:truncate', waits ? 'text-muted' : 'font-medium')}>
        {what}
      </span>
      <span title={item.why ?? undefined} className="block text-xs text-muted @4xl:truncate">
        {item.why ?? `${who}${otherwise === null ? '' : `, or ${otherwise}`}`}
      </span>
    </>
  )
}

/** Title first; the number, what kind of result it is, and who asked beneath. */
export function JobCell({ item, showWorkflow }: { item: InboxItem; showWorkflow: boolean }) {
  const { icon: Mark, label } = resultMark(item.resultKind)
  return (
    <>
      <Link
        href={`/review/${item.number}`}
        prefetch={false}
        dir="auto"
        data-row-link={item.id}
        title={item.title}
        className="block text-left font-medium outline-none @4xl:truncate @max-4xl:line-clamp-2"
      >
        <JobTitle title={item.title} />
      </Link>
      <span className="flex min-w-0 items-center gap-1 text-xs text-muted">
        <Mark aria-hidden className="size-3.5 shrink-0 text-faint" />
        <span className="truncate">
          {label} · <span className="font-mono">#{item.number}</span>
          {showWorkflow && ` · ${item.workflow.name}`} · {item.requester?.name ?? 'a service'}
        </span>
      </span>
    </>
  )
}

const riskClass = ['', 'text-attention-ink', 'font-medium text-danger-ink'] as const

/** How much care it asks for, and why. Normal risk says nothing to the eye. */
export function Risk({ round }: Pick<InboxItem, 'round'>) {
  const risk = round?.risk ?? 0
  const reason = round?.reason ?? null
  if (risk === 0 && reason === null) return <span className="sr-only">{RISK_WORDS[0]}</span>
  const Mark = risk === 2 ? ChevronsUp : ChevronUp
  return (
    <>
      <span className={cn('flex items-center gap-1 whitespace-nowrap', riskClass[risk])}>
        {risk > 0 && <Mark aria-hidden className="size-4 shrink-0" />}
        {risk > 0 ? RISK_WORDS[risk] : <span className="text-muted">{round?.isSample ? 'Sample' : 'Normal risk'}</span>}
      </span>
      {reason !== null && (
        <span title={reason} className="block text-xs text-muted @4xl:truncate">
          {reason}
        </span>
      )}
    </>
  )
}

/** What approving it lets out of the house. */
export function Leaves({ item }: { item: InboxItem }) {
  const leaves = leavesWords(item)
  if (leaves === null) {
    return <span className="text-faint @max-4xl:sr-only">{item.round?.kind === 'result' ? 'nothing leaves' : ''}</span>
  }
  return (
    <>
      <span className="flex items-center gap-1 whitespace-nowrap">
        <ArrowUpRight aria-hidden className="size-3.5 shrink-0 text-faint" />
        {leaves.what}
        <span className="sr-only"> leaves when it is approved</span>
      </span>
      <span title={leaves.to} className="block truncate text-xs text-muted">
        <bdi>{leaves.to}</bdi>
      </span>
    </>
  )
}

/** Since when it waits, beneath when it is due. */
export function Waits({ item }: { item: InboxItem }) {
  return (
    <span className="block text-xs whitespace-nowrap text-muted">
      waits <Time value={item.round?.openedAt ?? item.changedAt} format="age" />
    </span>
  )
}
