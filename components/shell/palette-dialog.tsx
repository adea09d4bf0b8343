'use client'
import { Dialog } from '@base-ui/react/dialog'
import { useQuery } from '@tanstack/react-query'
import { Command } from 'cmdk'
import { Check, CornerDownLeft, Filter, Hash, Search } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useTheme } from 'next-themes'
import { useEffect, useState } from 'react'
import { JobStateMark } from '@/components/jobs/state-mark'
import { Marked } from '@/components/search/marked'
import { knownOptions, searchOptions } from '@/components/search/queries'
import { PLACE_WORDS } from '@/components/search/result-list'
import { taken } from '@/components/search/use-suggestions'
import { totalWords } from '@/components/search/words'
import { cn } from '@/components/ui/cn'
import { asksBeforeLeaving } from '@/components/ui/leave-guards'
import { backdropClass } from '@/components/ui/modal-styles'
import { suggest } from '@/lib/search/complete'
import { searchHref } from '@/lib/search/query'
import type { SearchItem } from '@/lib/search/view'
import { jobNumberIn } from './job-number'
import { placesFor, type ShellPerson } from './places'
import { themes } from './themes'

const itemClass =
  'flex min-h-9 items-center gap-2.5 rounded-sm px-2.5 py-1.5 data-[selected=true]:bg-hover [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-faint'
const groupClass =
  '[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:text-faint'

/** How long after the last key the search goes out, in milliseconds. */
const PAUSE_MS = 200
/** Enough to see whether it is the right search. */
const SHOWN = 5

export type PaletteDialogProps = { person: ShellPerson; open: boolean; onOpenChange: (open: boolean) => void }

/** One field for finding any job and for going anywhere. It speaks the language of the search page. */
export function PaletteDialog({ person, open, onOpenChange }: PaletteDialogProps) {
  const router = useRouter()
  const { theme, setTheme } = useTheme()
  const [words, setWords] = useState('')
  const text = words.trim()
  const number = jobNumberIn(words)
  const asked = useSettled(text)
  const query = { q: asked, sort: 'newest', after: null, limit: SHOWN } as const
  const { data: answer } = useQuery({ ...searchOptions(query), enabled: open && asked !== '' })
  // Of other words than stand there now nothing is offered: Enter would open a job that nobody asked for.
  const data = asked === text ? answer : undefined
  const { data: known } = useQuery({ ...knownOptions, enabled: open && text !== '' })
  const found = text === '' || data === undefined ? [] : [...data.exact, ...data.items].slice(0, SHOWN)
  // The job that was typed by its number stands at the top already.
  const others = found.filter(({ job }) => job.number !== number)
  const filters = text === '' ? [] : suggest(words, words.length, known).slice(0, 4)
  const fits = (label: string) => label.toLowerCase().includes(text.toLowerCase())
  const places = placesFor(person).filter(({ label, group }) =>
    fits(group === 'settings' ? `Settings ${label}` : label),
  )
  const shades = themes.filter(({ label }) => fits(`Theme ${label}`))

  function run(action: () => void) {
    onOpenChange(false)
    setWords('')
    action()
  }
  const go = (href: string) =>
    run(() => {
      if (!asksBeforeLeaving(href)) router.push(href)
    })

  return (
    <Dialog.Root open={open} onOpenChange={(next) => onOpenChange(next)}>
      <Dialog.Portal>
        <Dialog.Backdrop className={backdropClass} />
        <Dialog.Popup
          aria-label="Find or go to"
          className="fixed top-[12dvh] left-1/2 z-50 w-[min(40rem,calc(100vw-2rem))] -translate-x-1/2 overflow-hidden rounded-lg border border-line bg-raised text-ink shadow-float outline-hidden"
        >
          <Command label="Find or go to" loop shouldFilter={false}>
            <div className="flex items-center gap-2.5 border-b border-line px-3.5">
              <Search aria-hidden className="size-4 shrink-0 text-faint" />
              <Command.Input
                value={words}
                onValueChange={setWords}
                placeholder="A job’s number, id or words, a filter, or a page"
                className="h-12 w-full bg-transparent text-read outline-hidden placeholder:text-faint"
              />
            </div>
            <Command.List className="max-h-[min(28rem,62dvh)] overflow-y-auto p-1.5">
              {text !== '' && (
                <Command.Group heading="Jobs" className={groupClass}>
                  {number !== null && (
                    <Command.Item value="number" onSelect={() => go(`/jobs/${number}`)} className={itemClass}>
                      <Hash aria-hidden />
                      Open job #{number}
                    </Command.Item>
                  )}
                  {others.map((item) => (
                    <Command.Item
                      key={item.job.id}
                      value={`job ${item.job.id}`}
                      onSelect={() => go(`/jobs/${item.job.number}`)}
                      className={itemClass}
                    >
                      <Found {...item} />
                    </Command.Item>
                  ))}
                  <Command.Item value="all" onSelect={() => go(searchHref(text))} className={itemClass}>
                    <CornerDownLeft aria-hidden />
                    <span className="min-w-0 truncate">
                      See all results for “<bdi>{text}</bdi>”
                    </span>
                    {data !== undefined && (
                      <span className="ml-auto shrink-0 text-xs text-muted">{totalWords(data)}</span>
                    )}
                  </Command.Item>
                </Command.Group>
              )}
              {filters.length > 0 && (
                <Command.Group heading="Filters" className={groupClass}>
                  {filters.map((item) => (
                    <Command.Item
                      key={item.text}
                      value={`filter ${item.text}`}
                      onSelect={() => setWords(taken(words, item))}
                      className={itemClass}
                    >
                      <Filter aria-hidden />
                      <span className="shrink-0 font-mono text-sm">{item.label}</span>
                      <span className="min-w-0 truncate text-sm text-muted">{item.hint}</span>
                    </Command.Item>
                  ))}
                </Command.Group>
              )}
              {places.length > 0 && (
                <Command.Group heading="Pages" className={groupClass}>
                  {places.map(({ key, href, label, icon: Icon, group }) => (
                    <Command.Item key={key} value={`page ${key}`} onSelect={() => go(href)} className={itemClass}>
                      <Icon aria-hidden />
                      {group === 'settings' && <span className="text-muted">Settings</span>}
                      {label}
                    </Command.Item>
                  ))}
                </Command.Group>
              )}
              {shades.length > 0 && (
                <Command.Group heading="Theme" className={groupClass}>
                  {shades.map(({ value, label }) => (
                    <Command.Item
                      key={value}
                      value={`theme ${value}`}
                      onSelect={() => run(() => setTheme(value))}
                      className={itemClass}
                    >
                      <Check aria-hidden className={cn(theme !== value && 'invisible')} />
                      {label}
                    </Command.Item>
                  ))}
                </Command.Group>
              )}
            </Command.List>
          </Command>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

/** One line and what tells it from others: where the words stand. */
function Found({ job, title, matches: [match] }: SearchItem) {
  return (
    <span className="flex min-w-0 flex-1 items-center gap-3">
      <span className="min-w-0 flex-1">
        <bdi dir="auto" className="block truncate">
          <Marked pieces={title} />
        </bdi>
        <span className="block truncate text-xs text-muted">
          <span className="font-mono">#{job.number}</span> · {job.workflow.name}
          {match !== undefined && (
            <>
              {' '}
              · {match.name ?? PLACE_WORDS[match.in]}:{' '}
              {match.pieces !== null && (
                <bdi>
                  <Marked pieces={match.pieces} />
                </bdi>
              )}
            </>
          )}
        </span>
      </span>
      <JobStateMark state={job.state} className="shrink-0 text-sm max-sm:hidden" />
    </span>
  )
}

/** `text` as it was when nobody had typed for a moment. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), PAUSE_MS)
    return () => clearTimeout(timer)
  }, [text])
  return settled
}
