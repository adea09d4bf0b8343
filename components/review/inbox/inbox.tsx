'use client'
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { ArrowUp, Keyboard } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useRef, useState } from 'react'
import { failureWords } from '@/components/jobs/list/refresh-words'
import { useShownRows } from '@/components/jobs/list/use-shown-rows'
import { KeyMap } from '@/components/review/keyboard/key-map'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { cn } from '@/components/ui/cn'
import { IconButton } from '@/components/ui/icon-button'
import { PageHeader } from '@/components/ui/page-header'
import { useToast } from '@/components/ui/toast'
import type { GiveCommand, Problem } from '@/lib/jobs/view'
import type { BulkCommand } from '@/lib/review/inbox-bulk'
import { isInboxFiltered } from '@/lib/review/inbox-query'
import type { InboxItem } from '@/lib/review/view'
import { BulkDialog, type Choices } from './bulk-dialog'
import { Freshness } from './freshness'
import { groupsOf } from './groups'
import { InboxEmpty } from './inbox-empty'
import { InboxFilters } from './inbox-filters'
import { InboxSkeleton } from './inbox-skeleton'
import { InboxTable } from './inbox-table'
import { InboxTabs } from './inbox-tabs'
import { newsWords, totalWords } from './news-words'
import { INBOX_EVERY_MS, inboxOptions, reviewKeys } from './queries'
import { between, NOTHING, type Selection, withItems } from './selection'
import { SelectionBar } from './selection-bar'
import { TakeNextButton } from './take-next-button'
import type { DecideInBulk } from './use-bulk'
import { useInboxKeys } from './use-inbox-keys'
import { type ChangeInbox, useInboxQuery } from './use-inbox-query'

export type InboxProps = {
  /** The id of the person who looks. */
  me: string
  mayApprove: boolean
  mayAssign: boolean
  choices: Choices
  give: (jobId: string, ask: GiveCommand) => Promise<{ ok: true } | { ok: false; problem: Problem }>
  decide: DecideInBulk
}

const none: InboxItem[] = []

/** What waits for people: polls, changes rows in place, and moves nothing unless somebody asks. */
export function Inbox({ me, mayApprove, mayAssign, choices, give, decide }: InboxProps) {
  const { query, flat, change } = useInboxQuery()
  const [selection, setSelection] = useState<Selection>(NOTHING)
  const [openMenus, setOpenMenus] = useState(0)
  const [command, setCommand] = useState<BulkCommand | null>(null)
  const [mapOpen, setMapOpen] = useState(false)
  // Raised when the list is to be taken as it is now, whatever stood there.
  const [reading, setReading] = useState(0)
  const lastSelected = useRef<string | null>(null)
  const claiming = useRef(new Set<string>())
  const search = useRef<HTMLInputElement>(null)
  const list = useRef<HTMLDivElement>(null)
  const client = useQueryClient()
  const router = useRouter()
  const toast = useToast()

  const paused = selection.size > 0 ? 'selection' : openMenus > 0 ? 'menu' : null
  const { data, error, dataUpdatedAt, isPlaceholderData, refetch } = useQuery({
    ...inboxOptions(query),
    placeholderData: keepPreviousData,
    // In a hidden tab it rests by itself, and asks as soon as it is seen again.
    refetchInterval: paused === null ? INBOX_EVERY_MS : false,
    refetchOnWindowFocus: paused === null,
  })
  const question = JSON.stringify([query, reading])
  const { rows, update, ...news } = useShownRows(isPlaceholderData ? 'waiting' : question, data?.items ?? none)
  const grouped = !flat && query.workflow === null
  const groups = grouped
    ? groupsOf(rows, data?.workflows ?? [])
    : [{ key: 'all', name: '', count: rows.length, items: rows }]
  const inOrder = groups.flatMap(({ items }) => items)
  const waiting = paused === null && !isPlaceholderData ? newsWords(news) : null

  const ask: ChangeInbox = (next) => {
    // Going on to another page keeps what was selected; another question does not.
    if (!('after' in next)) setSelection(NOTHING)
    change(next)
  }

  /** After something that this person did: the list as it is now, at once. */
  async function readAgain() {
    await client.invalidateQueries({ queryKey: reviewKeys.all })
    setReading((count) => count + 1)
  }

  async function claim(item: InboxItem) {
    // A second press before the first shows would ask for the same again.
    if (claiming.current.has(item.id)) return
    claiming.current.add(item.id)
    const holds = item.claims.some(({ by }) => by.id === me)
    const answer = await give(item.id, { command: holds ? 'release' : 'claim' }).catch(() => null)
    if (answer === null) {
      const description = `It may or may not have been recorded. Look who holds #${item.number} before you try again.`
      toast({ title: 'No answer came', description, tone: 'danger' })
    } else if (!answer.ok) {
      const { detail } = answer.problem
      toast({ title: holds ? 'It was not released' : 'You do not hold it', description: detail, tone: 'danger' })
    } else {
      toast({ title: holds ? `You released #${item.number}` : `You hold #${item.number}` })
    }
    await readAgain()
    claiming.current.delete(item.id)
  }

  function select(item: InboxItem, range: boolean) {
    const on = !selection.has(item.id)
    const meant = range ? between(inOrder, lastSelected.current, item.id) : [item]
    lastSelected.current = item.id
    setSelection((now) => withItems(now, meant, range || on))
  }

  const offered: BulkCommand[] = [
    ...(mayApprove ? (['approve'] as const) : []),
    'retry',
    'abandon',
    ...(mayAssign ? (['assign'] as const) : []),
    'snooze',
  ]
  const begin = (wanted: BulkCommand) => {
    if (selection.size > 0 && offered.includes(wanted)) setCommand(wanted)
  }

  useInboxKeys({
    rows: inOrder,
    list,
    enabled: command === null && !mapOpen,
    onSelect: (item) => select(item, false),
    onOpen: (item) => router.push(`/review/${item.number}`),
    onClaim: (item) => void claim(item),
    onSearch: () => search.current?.focus(),
    onMap: () => setMapOpen(true),
    onApprove: () => begin('approve'),
    onRequest: () => begin('retry'),
    onAbandon: () => begin('abandon'),
  })

  return (
    <>
      <PageHeader
        className="pb-3"
        title="Review"
        actions={
          <>
            <Freshness readAt={dataUpdatedAt} error={error} paused={paused} onCheck={refetch} />
            <IconButton label="Show the keys" onClick={() => setMapOpen(true)} className="max-sm:hidden">
              <Keyboard aria-hidden />
            </IconButton>
            <TakeNextButton workflow={query.workflow} readAgain={() => void readAgain()} />
          </>
        }
      />
      <InboxTabs view={query.view} counts={data?.counts} onView={(view) => ask({ view })} />
      <InboxFilters
        query={query}
        flat={flat}
        change={ask}
        workflows={data?.workflows ?? []}
        searchRef={search}
        onMenu={(open) => setOpenMenus((count) => Math.max(0, count + (open ? 1 : -1)))}
      />
      <div className="-mt-1.5 flex min-h-9 items-center gap-3 pb-1.5 text-sm text-muted">
        <p className="tabular-nums">{data === undefined ? ' ' : totalWords(data.counts[query.view])}</p>
        <div role="status" className="ml-auto">
          {waiting !== null && (
            <Button size="sm" onClick={update} className="border-accent text-accent-ink">
              <ArrowUp aria-hidden />
              {waiting}
            </Button>
          )}
        </div>
      </div>
      <div
        ref={list}
        aria-busy={isPlaceholderData || data === undefined}
        className={cn(
          '@container overflow-clip rounded-md border border-line bg-surface',
          isPlaceholderData && 'opacity-70',
        )}
      >
        {data === undefined && error === null && <InboxSkeleton />}
        {data === undefined && error !== null && (
          <Callout tone="danger" title={`${failureWords(error)}.`} className="m-4">
            The inbox is asked for again by itself. Nothing that was stored is lost.
          </Callout>
        )}
        {data !== undefined && !isPlaceholderData && rows.length === 0 && (
          <InboxEmpty
            view={query.view}
            filtered={isInboxFiltered(query)}
            later={query.after !== null}
            counts={data.counts}
            onClear={() => ask({ workflow: null, kind: null, risk: null, q: '' })}
            onAnyone={() => ask({ view: 'anyone' })}
          />
        )}
        {rows.length > 0 && (
          <InboxTable
            groups={groups}
            grouped={grouped}
            left={news.left}
            stale={error !== null}
            selected={new Set(selection.keys())}
            me={me}
            onSelect={select}
            onSelectAll={(items, on) => setSelection((now) => withItems(now, items, on))}
            onClaim={(item) => void claim(item)}
            onOnlyWorkflow={(workflow) => ask({ workflow })}
          />
        )}
      </div>
      <Pages
        first={query.after === null}
        next={data?.nextCursor ?? null}
        onFirst={() => ask({ after: null })}
        onNext={(after) => ask({ after })}
      />
      <SelectionBar
        count={selection.size}
        elsewhere={[...selection.keys()].filter((id) => !rows.some((row) => row.id === id)).length}
        offered={offered}
        onCommand={begin}
        onClear={() => setSelection(NOTHING)}
      />
      {command !== null && (
        <BulkDialog
          command={command}
          items={[...selection.values()]}
          choices={choices}
          decide={decide}
          onClose={(done) => {
            setCommand(null)
            if (!done) return
            setSelection(NOTHING)
            void readAgain()
          }}
        />
      )}
      <KeyMap place="inbox" open={mapOpen} onOpenChange={setMapOpen} />
    </>
  )
}

type PagesProps = { first: boolean; next: string | null; onFirst: () => void; onNext: (cursor: string) => void }

/** Pages follow keys, not numbers: what is on the next one does not shift when something arrives. */
function Pages({ first, next, onFirst, onNext }: PagesProps) {
  if (first && next === null) return null
  return (
    <nav aria-label="Pages" className="flex justify-end gap-2 pt-3">
      {!first && <Button onClick={onFirst}>Back to the first page</Button>}
      <Button disabled={next === null} onClick={() => next !== null && onNext(next)}>
        Next page
      </Button>
    </nav>
  )
}
