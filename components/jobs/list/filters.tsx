'use client'
import { ArrowDownUp, ChevronDown, Search, TextSearch, X } from 'lucide-react'
import { Button } from '@/components/ui/button'
import { cn } from '@/components/ui/cn'
import { Input } from '@/components/ui/input'
import { LinkButton } from '@/components/ui/link-button'
import { Menu, MenuCheckboxItem, MenuRadioGroup, MenuRadioItem } from '@/components/ui/menu'
import { useSearchWords } from '@/components/ui/use-search-words'
import type { JobQuery, JobSort } from '@/lib/jobs/query'
import { type State, stateNames, states } from '@/lib/lifecycle/table'
import { readSearch } from '@/lib/search/filter'
import { narrowedBy } from '@/lib/search/narrowed'
import { searchHref } from '@/lib/search/query'
import { type ChangeQuery, isFiltered, UNFILTERED } from './use-list-query'

const sortWords: Record<JobSort, string> = {
  newest: 'Newest first',
  oldest: 'Oldest first',
  next: 'Most urgent first',
  changed: 'Last changed first',
}

export type FiltersProps = {
  query: JobQuery
  change: ChangeQuery
  workflows: readonly { key: string; name: string }[]
  /** Told when a menu opens or closes: meanwhile nothing in the list may move. */
  onMenu: (open: boolean) => void
}

/** What of the list is shown and in which order: all of it in the address. */
export function Filters({ query, change, workflows, onMenu }: FiltersProps) {
  return (
    <search className="flex flex-wrap items-center gap-2">
      <SearchField value={query.q} change={change} />
      <Many<State>
        label="State"
        items={stateNames.map((value) => ({ value, label: states[value].label }))}
        chosen={query.state}
        onChange={(state) => change({ state })}
        onMenu={onMenu}
      />
      <Many
        label="Workflow"
        items={workflows.map(({ key, name }) => ({ value: key, label: name }))}
        chosen={query.workflow}
        onChange={(workflow) => change({ workflow, version: null })}
        onMenu={onMenu}
      />
      {query.version !== null && (
        <Button onClick={() => change({ version: null })} className={chosenClass}>
          <span className="sr-only">Only </span>
          Version {query.version}
          <X aria-hidden className="size-3.5!" />
          <span className="sr-only">: show all versions</span>
        </Button>
      )}
      <Button
        aria-pressed={query.mine}
        onClick={() => change({ mine: !query.mine })}
        className={cn(query.mine && chosenClass)}
      >
        Mine
      </Button>
      <Menu
        onOpenChange={onMenu}
        trigger={
          <Button className={cn(query.sort !== 'newest' && chosenClass)}>
            <ArrowDownUp aria-hidden />
            <span className="sr-only">Order: </span>
            {sortWords[query.q !== '' && query.sort !== 'oldest' ? 'newest' : query.sort]}
          </Button>
        }
      >
        <MenuRadioGroup value={query.sort} onValueChange={(sort) => change({ sort: sort as JobSort })}>
          {sortsFor(query).map(([value, label]) => (
            <MenuRadioItem key={value} value={value} closeOnClick>
              {label}
            </MenuRadioItem>
          ))}
        </MenuRadioGroup>
      </Menu>
      {isFiltered(query) && (
        <Button variant="ghost" onClick={() => change(UNFILTERED)}>
          <X aria-hidden />
          Clear filters
        </Button>
      )}
      {query.q !== '' && (
        <LinkButton href={searchFor(query)} variant="ghost">
          <TextSearch aria-hidden />
          See where it matches
        </LinkButton>
      )}
      {readSearch(query.q).problems.map(({ start, message }) => (
        <p key={start} role="status" className="basis-full text-sm text-danger-ink">
          {message}
        </p>
      ))}
    </search>
  )
}

/** What was found comes by number: sorting all of it would take too long. */
function sortsFor({ q }: JobQuery): [string, string][] {
  return Object.entries(sortWords).filter(([value]) => q === '' || value === 'newest' || value === 'oldest')
}

/** The same question on the page that says where each job matches. */
function searchFor(query: JobQuery): string {
  return searchHref(`${narrowedBy(query)} ${query.q}`.trim())
}

const chosenClass = 'border-accent bg-accent-soft text-accent-ink hover:bg-accent-soft'

type ManyProps<Value extends string> = {
  label: string
  items: readonly { value: Value; label: string }[]
  chosen: readonly Value[]
  onChange: (chosen: Value[]) => void
  onMenu: (open: boolean) => void
}

/** Any of several. The button says what is chosen. */
function Many<Value extends string>({ label, items, chosen, onChange, onMenu }: ManyProps<Value>) {
  const words = items.filter((item) => chosen.includes(item.value)).map((item) => item.label)
  return (
    <Menu
      onOpenChange={onMenu}
      trigger={
        <Button className={cn('max-w-64', chosen.length > 0 && chosenClass)}>
          <span className="truncate">
            {label}
            {words.length > 0 && `: ${words.length > 2 ? `${words.length} chosen` : words.join(', ')}`}
          </span>
          <ChevronDown aria-hidden className="size-3.5!" />
        </Button>
      }
    >
      {items.map((item) => (
        <MenuCheckboxItem
          key={item.value}
          checked={chosen.includes(item.value)}
          onCheckedChange={(on) =>
            onChange(on ? [...chosen, item.value] : chosen.filter((value) => value !== item.value))
          }
        >
          {item.label}
        </MenuCheckboxItem>
      ))}
    </Menu>
  )
}

function SearchField({ value, change }: { value: string; change: ChangeQuery }) {
  const [words, setWords] = useSearchWords(value, change)
  return (
    <div className="relative min-w-0 flex-1 basis-56 sm:max-w-80">
      <Search
        aria-hidden
        className="pointer-events-none absolute top-1/2 left-2.5 size-4 -translate-y-1/2 text-faint"
      />
      <Input
        type="search"
        aria-label="Search jobs"
        placeholder="Words, a number or a filter"
        value={words}
        onChange={(event) => setWords(event.currentTarget.value)}
        className="pl-8"
      />
    </div>
  )
}
