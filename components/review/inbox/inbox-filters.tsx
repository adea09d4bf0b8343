'use client'
import { ChevronDown, Rows3, Search, X } from 'lucide-react'
import type { RefObject } from 'react'
import { Button } from '@/components/ui/button'
import { cn } from '@/components/ui/cn'
import { Input } from '@/components/ui/input'
import { Menu, MenuRadioGroup, MenuRadioItem } from '@/components/ui/menu'
import { useSearchWords } from '@/components/ui/use-search-words'
import { type InboxQuery, inboxKinds, isInboxFiltered } from '@/lib/review/inbox-query'
import type { Inbox } from '@/lib/review/view'
import type { ChangeInbox } from './use-inbox-query'
import { KIND_WORDS, RISK_WORDS } from './words'

export type InboxFiltersProps = {
  query: InboxQuery
  flat: boolean
  change: ChangeInbox
  workflows: Inbox['workflows']
  searchRef: RefObject<HTMLInputElement | null>
  /** Told when a menu opens or closes: meanwhile nothing in the list may move. */
  onMenu: (open: boolean) => void
}

const ANY = 'any'
const chosenClass = 'border-accent bg-accent-soft text-accent-ink hover:bg-accent-soft'

/** What of a view is shown: all of it in the address. */
export function InboxFilters({ query, flat, change, workflows, searchRef, onMenu }: InboxFiltersProps) {
  return (
    <search className="flex flex-wrap items-center gap-2 py-3">
      <SearchField value={query.q} change={change} inputRef={searchRef} />
      <One
        label="Workflow"
        items={workflows.map(({ key, name, count }) => ({ value: key, label: name, count }))}
        chosen={query.workflow}
        onChange={(workflow) => change({ workflow })}
        onMenu={onMenu}
      />
      <One
        label="Kind"
        items={inboxKinds.map((value) => ({ value, label: KIND_WORDS[value] }))}
        chosen={query.kind}
        onChange={(kind) => change({ kind: inboxKinds.find((one) => one === kind) ?? null })}
        onMenu={onMenu}
      />
      <One
        label="Risk"
        items={[2, 1, 0].map((risk) => ({ value: String(risk), label: RISK_WORDS[risk] ?? '' }))}
        chosen={query.risk === null ? null : String(query.risk)}
        onChange={(risk) => change({ risk: risk === null ? null : Number(risk) })}
        onMenu={onMenu}
      />
      {query.workflow === null && (
        <Button aria-pressed={!flat} onClick={() => change({ flat: !flat })} className={cn(!flat && 'bg-sunken')}>
          <Rows3 aria-hidden />
          <span className="max-sm:sr-only">By workflow</span>
        </Button>
      )}
      {isInboxFiltered(query) && (
        <Button variant="ghost" onClick={() => change({ workflow: null, kind: null, risk: null, q: '' })}>
          <X aria-hidden />
          Clear filters
        </Button>
      )}
    </search>
  )
}

type OneProps = {
  label: string
  items: readonly { value: string; label: string; count?: number }[]
  chosen: string | null
  onChange: (chosen: string | null) => void
  onMenu: (open: boolean) => void
}

function One({ label, items, chosen, onChange, onMenu }: OneProps) {
  const words = items.find(({ value }) => value === chosen)?.label ?? chosen
  return (
    <Menu
      onOpenChange={onMenu}
      trigger={
        <Button className={cn('max-w-64', chosen !== null && chosenClass)}>
          <span className="truncate">
            {label}
            {words !== null && `: ${words}`}
          </span>
          <ChevronDown aria-hidden className="size-3.5!" />
        </Button>
      }
    >
      <MenuRadioGroup value={chosen ?? ANY} onValueChange={(value: string) => onChange(value === ANY ? null : value)}>
        <MenuRadioItem value={ANY} closeOnClick>
          Any
        </MenuRadioItem>
        {items.map((item) => (
          <MenuRadioItem key={item.value} value={item.value} closeOnClick>
            <span className="flex-1">{item.label}</span>
            {item.count !== undefined && <span className="text-faint tabular-nums">{item.count}</span>}
          </MenuRadioItem>
        ))}
      </MenuRadioGroup>
    </Menu>
  )
}

type SearchFieldProps = { value: string; change: ChangeInbox; inputRef: RefObject<HTMLInputElement | null> }

function SearchField({ value, change, inputRef }: SearchFieldProps) {
  const [words, setWords] = useSearchWords(value, change)
  return (
    <div className="relative min-w-0 flex-1 basis-56 sm:max-w-72">
      <Search
        aria-hidden
        className="pointer-events-none absolute top-1/2 left-2.5 size-4 -translate-y-1/2 text-faint"
      />
      <Input
        ref={inputRef}
        type="search"
        aria-label="Search the inbox"
        placeholder="Title or number"
        value={words}
        onChange={(event) => setWords(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape' && words === '') event.currentTarget.blur()
        }}
        className="pl-8"
      />
    </div>
  )
}
