'use client'
import { useQuery } from '@tanstack/react-query'
import { Bell } from 'lucide-react'
import { usePathname } from 'next/navigation'
import { useEffect, useRef, useState } from 'react'
import { cn } from '@/components/ui/cn'
import { Drawer } from '@/components/ui/drawer'
import { Popover } from '@/components/ui/popover'
import type { NoticeList as Notices } from '@/lib/notices/view'
import { NoticeFooter, NoticeList } from './notice-list'
import { countWords, newsWords, noticesOptions, noticesPolling, seenHere, useMarkRead } from './notice-queries'

const countClass =
  'rounded-full bg-attention-soft px-1.5 text-xs font-semibold text-attention-ink tabular-nums empty:hidden'

/** The bell of the side bar, with what it opens beside it. `wordClass` hides its words where the bar is narrow. */
export function NoticeBell({ className, wordClass }: { className?: string; wordClass?: string }) {
  const { open, onOpenChange, list, markRead, onLeave } = useBell()
  return (
    <Popover
      open={open}
      onOpenChange={onOpenChange}
      side="right"
      title="Notices"
      className="flex max-h-[min(36rem,calc(100dvh-2rem))] w-96 flex-col gap-2"
      trigger={
        <button type="button" title="Notices" className={cn('relative', className)}>
          <Bell aria-hidden />
          <span className={cn(wordClass, 'flex-1')}>Notices</span>
          <Count
            unread={list.unread}
            className="max-xl:absolute max-xl:-top-0.5 max-xl:-right-1 max-xl:px-1 group-data-folded/bar:absolute group-data-folded/bar:-top-0.5 group-data-folded/bar:-right-1 group-data-folded/bar:px-1"
          />
        </button>
      }
    >
      <NoticeList
        markRead={markRead}
        onLeave={onLeave}
        className="-mx-3 min-h-0 overflow-y-auto overscroll-contain border-y border-line"
      />
      <NoticeFooter list={list} markRead={markRead} onLeave={onLeave} />
    </Popover>
  )
}

/** The bell of a phone's bottom bar, with a sheet. */
export function NoticeTab({ className }: { className?: string }) {
  const { open, onOpenChange, list, markRead, onLeave } = useBell()
  return (
    <Drawer
      open={open}
      onOpenChange={onOpenChange}
      title="Notices"
      footer={<NoticeFooter list={list} markRead={markRead} onLeave={onLeave} />}
      trigger={
        <button type="button" className={cn('relative', className)}>
          <Bell aria-hidden />
          Notices
          <Count unread={list.unread} className="absolute top-1 left-[calc(50%+0.375rem)]" />
        </button>
      }
    >
      <NoticeList markRead={markRead} onLeave={onLeave} className="-mx-4 border-t border-line [&>li]:px-4" />
    </Drawer>
  )
}

/** Says politely what came since the last look, wherever on the page one is. Once in the shell: it also keeps asking. */
export function NoticeNews() {
  const { data } = useQuery(noticesPolling)
  const before = useRef<Notices>(undefined)
  const [news, setNews] = useState<{ words: string; count: number } | null>(null)
  useEffect(() => {
    if (data === undefined) return
    const words = newsWords(before.current, data)
    before.current = data
    if (words !== null) setNews((last) => ({ words, count: (last?.count ?? 0) + 1 }))
  }, [data])
  useReadHere(data)
  return (
    <div role="status" className="sr-only">
      {/* A new element each time: the same words twice are read twice. */}
      {news !== null && <p key={news.count}>{news.words}</p>}
    </div>
  )
}

/** Marks as read what leads to the page that is being looked at: nobody gets a letter about what is before them. */
function useReadHere(list: Notices | undefined) {
  const pathname = usePathname()
  const markRead = useMarkRead()
  const tried = useRef(new Set<string>())
  useEffect(() => {
    if (list === undefined) return
    // Each once: a mark that the server did not take is not sent again and again.
    const ids = seenHere(list, pathname).filter((id) => !tried.current.has(id))
    if (ids.length === 0) return
    const mark = () => {
      if (document.visibilityState !== 'visible') return
      for (const id of ids) tried.current.add(id)
      markRead({ ids })
    }
    mark()
    // Where the page lies behind another, as soon as it is looked at.
    document.addEventListener('visibilitychange', mark, { once: true })
    return () => document.removeEventListener('visibilitychange', mark)
  }, [list, pathname, markRead])
}

const NONE: Notices = { unread: 0, items: [] }

function useBell() {
  const [open, setOpen] = useState(false)
  const { data: list = NONE, refetch } = useQuery(noticesOptions)
  const markRead = useMarkRead()
  function onOpenChange(next: boolean) {
    setOpen(next)
    // What came in the last seconds is in what is opened.
    if (next) void refetch()
  }
  return { open, onOpenChange, onLeave: () => setOpen(false), list, markRead }
}

function Count({ unread, className }: { unread: number; className: string }) {
  if (unread === 0) return null
  return (
    <span className={cn(countClass, className)}>
      {countWords(unread)}
      <span className="sr-only"> unread</span>
    </span>
  )
}
