'use client'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { CheckCheck, ListChecks } from 'lucide-react'
import Link from 'next/link'
import { useEffect, useEffectEvent, useRef, useState } from 'react'
import type { Draft } from '@/components/job/commands/command-ask'
import { DONE } from '@/components/job/commands/command-words'
import type { GiveJobCommand } from '@/components/job/commands/use-give'
import { JobSkeleton } from '@/components/job/job-skeleton'
import { type Answers, NO_ANSWERS } from '@/components/job/permission/answer-drafts'
import { deskOptions, documentTextOptions, jobOptions, leavingOptions } from '@/components/job/queries'
import { Button } from '@/components/ui/button'
import { Drawer } from '@/components/ui/drawer'
import { EmptyState } from '@/components/ui/empty-state'
import { LinkButton } from '@/components/ui/link-button'
import { useToast } from '@/components/ui/toast'
import type { JobView } from '@/lib/jobs/view'
import type { Command } from '@/lib/lifecycle/table'
import { type InboxQuery, inboxQueryParams } from '@/lib/review/inbox-query'
import type { Inbox, InboxItem } from '@/lib/review/view'
import { type Approved, UndoBar } from '../decide/undo-bar'
import { KeyMap } from '../keyboard/key-map'
import { useKeys } from '../keyboard/use-keys'
import { usePresence } from '../presence/use-presence'
import { DeskItem } from './desk-item'
import { QUEUE_MS, queueOptions, skipItem } from './queries'
import { QueueList } from './queue-list'
import { doneAmong, itemAt, itemsAhead, type QueueItem } from './queue-order'

/** What is on the desk is asked for this often, in milliseconds: an unchanged answer costs the server no query. */
const POLL_MS = 4_000
/** So many items are read ahead, so that the next one is there at the press of a key. */
const AHEAD = 2

export type DeskProps = {
  /** The job as the server read it at `readAt`, in milliseconds since 1970. */
  initial: JobView
  readAt: number
  /** False where a very large result was left out of `initial`: it is read at once. */
  isWhole: boolean
  /** Which part of the inbox is worked down. */
  query: InboxQuery
  queue: Inbox
  person: { id: string; name: string }
  /** This person is told of stopped queues at the top of every page. */
  mayResume: boolean
  giveJobCommand: GiveJobCommand
}

/** The reviewer's desk: what waits, one item of it to decide on, and the evidence, on one screen and by keyboard. */
export function Desk(props: DeskProps) {
  const { initial, readAt, isWhole, person, mayResume, giveJobCommand } = props
  const client = useQueryClient()
  const toast = useToast()
  const [query, setQuery] = useState(props.query)
  const [current, setCurrent] = useState<QueueItem | null>(initial)
  const [decidedAt, setDecidedAt] = useState<ReadonlyMap<string, number>>(new Map())
  const [approved, setApproved] = useState<Approved | null>(null)
  const [drafts, setDrafts] = useState<Record<string, Partial<Record<Command, Draft>>>>({})
  const [answers, setAnswers] = useState<Record<string, Answers>>({})
  const [search, setSearch] = useState('')
  const [open, setOpen] = useState<'item' | 'keys' | 'list' | null>(null)
  const heading = useRef<HTMLHeadingElement>(null)
  const searchField = useRef<HTMLInputElement>(null)
  const known = useRef(new Map<number, string>([[initial.number, initial.id]]))
  const place = useRef(0)
  const onDesk = useRef(initial.id)

  const isFirstList = query === props.query
  const {
    data: inbox,
    error: listError,
    refetch: readList,
  } = useQuery({
    ...queueOptions(query),
    ...(isFirstList ? { initialData: props.queue, initialDataUpdatedAt: readAt } : {}),
    refetchInterval: QUEUE_MS,
  })
  const items = inbox?.items ?? []
  const done = doneAmong(items, decidedAt)
  const at = items.findIndex(({ id }) => id === current?.id)
  const id = current?.id ?? ''
  const isInitial = id === initial.id
  const {
    data: job,
    error,
    isPlaceholderData,
    refetch,
  } = useQuery({
    ...jobOptions(id),
    enabled: current !== null,
    // Not whole: never kept beyond this page, and read at once.
    ...(isInitial && isWhole ? { initialData: initial, initialDataUpdatedAt: readAt } : {}),
    ...(isInitial && !isWhole ? { placeholderData: initial } : {}),
    refetchInterval: POLL_MS,
  })
  // Nobody decides on what is not there to be read yet.
  const isReady = job !== undefined && !isPlaceholderData
  const presence = usePresence(current?.id ?? null)
  const listens = open === null

  useEffect(() => {
    if (at >= 0) place.current = at
    for (const item of items) known.current.set(item.number, item.id)
  }, [at, items])

  useEffect(() => {
    onDesk.current = id
  }, [id])

  const where = { id, place: at >= 0 ? at : place.current, done }
  const next = itemAt(items, where, 1)
  const ahead = itemsAhead(items, where, AHEAD)
  const aheadKey = ahead.map((item) => item.id).join()

  const readAhead = useEffectEvent(async () => {
    for (const item of ahead) {
      void client.prefetchQuery(deskOptions(item.id))
      const hash = item.round?.deliveryHash
      if (hash) void client.prefetchQuery(leavingOptions(item.id, hash))
      await client.prefetchQuery({ ...jobOptions(item.id), staleTime: POLL_MS })
      const cited = client.getQueryData(jobOptions(item.id).queryKey)?.evidence[0]?.citations[0]?.documentId
      if (cited) void client.prefetchQuery(documentTextOptions(cited))
    }
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: again when other items come next
  useEffect(() => {
    void readAhead()
  }, [aheadKey])

  function address(number: number): string {
    const params = inboxQueryParams({ ...query, after: null }).toString()
    return `/review/${number}${params === '' ? '' : `?${params}`}`
  }

  function go(item: QueueItem) {
    setOpen(null)
    setSearch('')
    if (item.id !== id) {
      known.current.set(item.number, item.id)
      setCurrent({ id: item.id, number: item.number })
      window.history.pushState(null, '', address(item.number))
    }
    land()
  }

  /** On the heading of what is on the desk now: read out, and the focus is never lost. */
  function land() {
    requestAnimationFrame(() => {
      window.scrollTo({ top: 0 })
      holdFocus(() => heading.current)
    })
  }

  const goBack = useEffectEvent(() => {
    const number = Number(/^\/review\/(\d+)$/.exec(window.location.pathname)?.[1])
    const jobId = known.current.get(number)
    if (jobId === undefined) return
    // What was open belongs to the item that goes.
    if (jobId !== id) setOpen(null)
    setCurrent({ id: jobId, number })
    land()
  })
  useEffect(() => {
    const listen = () => goBack()
    window.addEventListener('popstate', listen)
    return () => window.removeEventListener('popstate', listen)
  }, [])

  const title = job === undefined ? null : `#${job.number} ${job.title}`
  useEffect(() => {
    if (title !== null) document.title = `${title} · Review`
  }, [title])

  function skip() {
    if (next === null || current === null) return
    void skipItem(current.id)
    go(next)
  }

  function decided(of: JobView, command: Command, goesOn: boolean) {
    // The decision is an event of its own, which may not be read yet.
    const version = Math.max(client.getQueryData(jobOptions(of.id).queryKey)?.version ?? 0, of.version + 1)
    setDecidedAt((before) => new Map(before).set(of.id, version))
    void client.invalidateQueries({ queryKey: ['review'] })
    if (command === 'approve') setApproved({ id: of.id, number: of.number, title: of.title, at: Date.now() })
    else toast({ title: `#${of.number}: ${DONE[command] ?? 'Done.'}`, tone: 'success' })
    // Whoever went to another item while it was on its way stays there.
    if (onDesk.current !== of.id) return
    if (goesOn && next !== null) go(next)
    else land()
  }

  function undone(of: Approved) {
    setApproved(null)
    setDecidedAt((before) => new Map([...before].filter(([jobId]) => jobId !== of.id)))
    toast({ title: `#${of.number}: ${DONE.undo ?? 'Taken back.'}`, tone: 'success' })
    void client.invalidateQueries({ queryKey: ['review'] })
    go(of)
  }

  function step(by: 1 | -1) {
    const item = itemAt(items, where, by)
    if (item !== null) go(item)
  }

  useKeys(
    'desk',
    {
      next: () => step(1),
      previous: () => step(-1),
      skip,
      map: () => setOpen('keys'),
      search: () => {
        // The list is folded where there is no room beside the item.
        if (searchField.current?.checkVisibility() === true) searchField.current.focus()
        else setOpen('list')
      },
    },
    listens,
  )

  const undoBar = approved !== null && (
    <UndoBar
      key={approved.id}
      approved={approved}
      giveJobCommand={giveJobCommand}
      listens={listens}
      onUndone={undone}
    />
  )
  const wanted = search.trim().toLowerCase()
  const found = items.filter(({ title: words, number, workflow }) =>
    `#${number} ${words} ${workflow.name}`.toLowerCase().includes(wanted),
  )
  const list = {
    inbox,
    error: listError,
    onRetry: () => void readList(),
    items: found,
    view: query.view,
    onView: (view: InboxQuery['view']) => setQuery({ ...query, view }),
    search,
    onSearch: setSearch,
    currentId: id,
    done,
    onOpen: (item: InboxItem) => go(item),
  }
  return (
    <div className="grid min-w-0 flex-1 items-stretch gap-x-6 xl:grid-cols-[17.5rem_minmax(0,1fr)]">
      <nav
        aria-label="Items that wait"
        className="sticky top-4 flex h-[calc(100dvh-2rem)] min-h-0 flex-col gap-2 max-xl:hidden"
      >
        <p className="flex items-baseline justify-between gap-2">
          <Link href="/review" className="link font-medium">
            Review
          </Link>
          <Position at={at} count={items.length} />
        </p>
        <QueueList {...list} searchRef={searchField} />
      </nav>
      <div className="flex min-w-0 flex-1 flex-col">
        <div className="mb-2 flex items-center gap-3 xl:hidden">
          <Button size="sm" onClick={() => setOpen('list')}>
            <ListChecks aria-hidden />
            Items
          </Button>
          <Position at={at} count={items.length} />
        </div>
        {isReady && job !== undefined ? (
          <DeskItem
            key={job.id}
            live={job}
            person={person}
            presence={presence}
            headingRef={heading}
            drafts={drafts[job.id] ?? {}}
            onDraft={(command, draft) =>
              setDrafts((before) => ({ ...before, [job.id]: { ...before[job.id], [command]: draft } }))
            }
            answers={answers[job.id] ?? NO_ANSWERS}
            onAnswers={(given) => setAnswers((before) => ({ ...before, [job.id]: given }))}
            hasNext={next !== null}
            onNext={skip}
            onKeys={() => setOpen('keys')}
            listens={listens}
            onOpenChange={(isOpen) => {
              if (onDesk.current === job.id) setOpen(isOpen ? 'item' : null)
            }}
            giveJobCommand={giveJobCommand}
            mayResume={mayResume}
            onDecided={decided}
          >
            {undoBar}
          </DeskItem>
        ) : error !== null ? (
          <EmptyState
            icon={CheckCheck}
            title="This item could not be read"
            hint="It may be away, or the server was not reached. The other items are still there."
            actions={
              <>
                <Button onClick={() => void refetch()}>Try again</Button>
                <LinkButton href="/review">Go to the inbox</LinkButton>
              </>
            }
          />
        ) : (
          <JobSkeleton />
        )}
        {/* What was approved can be taken back while the next item is still being read, too. */}
        {!isReady && undoBar}
      </div>
      <Drawer open={open === 'list'} onOpenChange={(isOpen) => setOpen(isOpen ? 'list' : null)} title="Items that wait">
        <div className="flex h-[60dvh] flex-col">
          <QueueList {...list} />
        </div>
      </Drawer>
      <KeyMap place="desk" open={open === 'keys'} onOpenChange={(isOpen) => setOpen(isOpen ? 'keys' : null)} />
    </div>
  )
}

function Position({ at, count }: { at: number; count: number }) {
  if (count === 0) return null
  return (
    <span className="text-sm text-muted tabular-nums">
      {at >= 0 ? `${(at + 1).toLocaleString('en')} of ` : ''}
      {count.toLocaleString('en')}
      {at >= 0 ? '' : ' waiting'}
    </span>
  )
}

/** For so many frames the focus is put back: a dialog that closes gives it, late, to where it was before. */
const FRAMES_HELD = 30
/** For so many milliseconds it is waited for, where what comes next is not there to be read yet. */
const LONGEST_WAIT = 20_000

/** Puts the focus on what `find` finds, and keeps it there until what is closing has closed, or somebody goes on. */
function holdFocus(find: () => HTMLElement | null, left = FRAMES_HELD, until = Date.now() + LONGEST_WAIT) {
  const wanted = find()
  const current = document.activeElement
  // Whoever types, or has opened the next dialog, has gone on.
  const isBusy = current?.closest(
    'input, textarea, select, [contenteditable], [role="menu"], [role="listbox"], [role$="dialog"]:not([data-closed])',
  )
  if (wanted !== null && wanted !== current && !isBusy) wanted.focus({ preventScroll: true })
  const isAwaited = wanted === null && (current === null || current === document.body) && Date.now() < until
  const rest = isAwaited ? left : left - 1
  if (rest > 0) requestAnimationFrame(() => holdFocus(find, rest, until))
}
