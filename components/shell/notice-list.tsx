'use client'
import { useQuery } from '@tanstack/react-query'
import {
  AlarmClock,
  AtSign,
  BellOff,
  BellRing,
  Check,
  CircleAlert,
  CircleCheck,
  Hand,
  Inbox,
  type LucideIcon,
  OctagonPause,
  OctagonX,
  RotateCcw,
  SendHorizontal,
  Siren,
  Users,
} from 'lucide-react'
import Link from 'next/link'
import { type Ref, useRef } from 'react'
import { failureWords } from '@/components/jobs/list/refresh-words'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { cn } from '@/components/ui/cn'
import { EmptyState } from '@/components/ui/empty-state'
import { IconButton } from '@/components/ui/icon-button'
import { Skeleton } from '@/components/ui/skeleton'
import { Time } from '@/components/ui/time'
import type { NoticeList as Notices, NoticeView } from '@/lib/notices/view'
import { type MarkRead, noticesOptions } from './notice-queries'

const ICONS: Record<NoticeView['kind'], LucideIcon> = {
  job_stopped: CircleAlert,
  queue_stopped: OctagonPause,
  job_done: CircleCheck,
  job_failed: OctagonX,
  assigned: Hand,
  mentioned: AtSign,
  review_waits: Inbox,
  due_soon: AlarmClock,
  escalated: Siren,
  delivery_failed: SendHorizontal,
  changed_under_you: Users,
  reopened: RotateCcw,
  alert: BellRing,
}

type NoticesProps = {
  markRead: MarkRead
  /** Somebody went where a notice leads. */
  onLeave: () => void
}

/** What the person was told, the newest first: in a popover on a wide screen, in a sheet on a phone. */
export function NoticeList({ markRead, onLeave, className }: NoticesProps & { className: string }) {
  const { data, error, errorUpdateCount, refetch, isFetching } = useQuery(noticesOptions)
  if (data === undefined) {
    // The button stays, with the focus, while it is tried again: the error is forgotten then.
    if (errorUpdateCount === 0) return <Loading />
    return (
      <Callout
        tone="danger"
        title="Your notices could not be read."
        role="alert"
        actions={
          <Button size="sm" pending={isFetching} pendingLabel="Trying…" onClick={() => refetch()}>
            Try again
          </Button>
        }
      >
        {error === null ? 'They are being read again' : failureWords(error)}.
      </Callout>
    )
  }
  if (data.items.length === 0) {
    const hint =
      'What becomes of your jobs, and what waits for you, is said here. You choose what under Settings, Notices.'
    return <EmptyState icon={BellOff} title="No notices" hint={hint} level={3} className="px-3 py-8" />
  }
  return (
    <>
      {error !== null && (
        <p className="pb-2 text-sm text-danger-ink">{failureWords(error)}. This may be out of date.</p>
      )}
      <ul className={cn('divide-y divide-line', className)}>
        {data.items.map((notice) => (
          <Notice key={notice.id} notice={notice} markRead={markRead} onLeave={onLeave} />
        ))}
      </ul>
    </>
  )
}

/** Marks what is listed, and all that is older. */
function MarkAllRead({ list, markRead }: { list: Notices; markRead: MarkRead }) {
  const [newest] = list.items
  if (newest === undefined) return <span />
  const isDone = list.unread === 0
  return (
    <Button
      size="sm"
      variant="ghost"
      // Not `disabled`: whoever just pressed it by keyboard keeps the focus.
      aria-disabled={isDone}
      className={cn('self-start', isDone && 'opacity-55')}
      onClick={() => {
        if (!isDone) markRead({ all: true, upTo: newest.at })
      }}
    >
      <Check aria-hidden />
      {isDone ? 'All are read' : 'Mark all as read'}
    </Button>
  )
}

/** What is below the notices: all are read, and where to choose what one is told. */
export function NoticeFooter({ list, markRead, onLeave }: NoticesProps & { list: Notices }) {
  return (
    <div className="flex w-full flex-wrap items-center justify-between gap-x-3 gap-y-1">
      <MarkAllRead list={list} markRead={markRead} />
      <Link href="/settings/notices" onClick={onLeave} className="link py-1 text-sm pointer-coarse:py-2">
        Choose what you are told
      </Link>
    </div>
  )
}

function Notice({ notice, markRead, onLeave }: NoticesProps & { notice: NoticeView }) {
  const { id, kind, heading, sentence, job, href, at, readAt } = notice
  const isUnread = readAt === null
  const Icon = ICONS[kind]
  const headingRef = useRef<HTMLElement>(null)
  const mark = () => {
    if (isUnread) markRead({ ids: [id] })
  }
  function markHere() {
    // The button goes with the mark: whoever pressed it by keyboard stays at this notice.
    headingRef.current?.focus()
    mark()
  }
  return (
    <li className="relative flex items-start gap-2.5 px-3 py-2.5 has-[a:hover]:bg-hover">
      <Icon aria-hidden className={cn('mt-0.5 size-4 shrink-0', isUnread ? 'text-attention' : 'text-faint')} />
      <div className="min-w-0 flex-1 wrap-anywhere">
        <p className={cn('text-ink', isUnread && 'font-semibold')}>
          {isUnread && <span className="sr-only">Unread: </span>}
          {href === null ? (
            <span ref={headingRef} tabIndex={-1} className="outline-hidden">
              {heading}
            </span>
          ) : (
            // The whole line leads there: the link covers it, and the button stands above the link.
            <Link
              ref={headingRef as Ref<HTMLAnchorElement>}
              href={href}
              onClick={mark}
              onNavigate={onLeave}
              className="after:absolute after:inset-0"
            >
              {heading}
            </Link>
          )}
        </p>
        {job !== null && (
          <p className="line-clamp-2 text-muted">
            {kind === 'queue_stopped' && `Met by job ${job.number}: `}
            {kind === 'review_waits' && `First, job ${job.number}: `}
            <bdi>{job.title}</bdi>
          </p>
        )}
        <p className="mt-0.5 text-sm text-muted">{sentence}</p>
        <p className="mt-0.5 text-xs text-faint">
          <Time value={at} />
        </p>
      </div>
      {isUnread && (
        <IconButton size="sm" side="left" label={`Mark as read: ${heading}`} onClick={markHere} className="relative">
          <Check aria-hidden />
        </IconButton>
      )}
    </li>
  )
}

function Loading() {
  return (
    <div role="status" className="flex flex-col gap-4 py-2">
      <span className="sr-only">Your notices are being read.</span>
      {['w-48', 'w-40', 'w-44'].map((width) => (
        <div key={width} className="flex flex-col gap-1.5">
          <Skeleton className={width} />
          <Skeleton className="w-full" />
        </div>
      ))}
    </div>
  )
}
