'use client'
import { Search, X } from 'lucide-react'
import { type KeyboardEvent, useId, useRef, useState } from 'react'
import { cn } from '@/components/ui/cn'
import { popupClass } from '@/components/ui/popup-styles'
import { chipWords } from '@/lib/search/chips'
import type { Suggestion } from '@/lib/search/complete'
import { writePart } from '@/lib/search/filter'
import { type BoxState, settle } from './box-state'
import { taken, useSuggestions } from './use-suggestions'

export type SearchBoxProps = {
  state: BoxState
  onChange: (state: BoxState) => void
  /** Enter, with nothing of the list chosen. */
  onSubmit: (state: BoxState) => void
  /** Ids of the sentences that say what is wrong. */
  describedBy?: string
  invalid?: boolean
}

/** One field for words and filters. Filters become chips; the list below it says what a filter may go on with. */
export function SearchBox({ state, onChange, onSubmit, describedBy, invalid }: SearchBoxProps) {
  const id = useId()
  const input = useRef<HTMLInputElement>(null)
  const [isOpen, setIsOpen] = useState(false)
  const { known, items, active, setActive } = useSuggestions(state.draft, isOpen)
  const shown = isOpen && items.length > 0

  function write(draft: string) {
    setIsOpen(true)
    setActive(-1)
    onChange(settle({ ...state, draft }))
  }
  function take(suggestion: Suggestion) {
    setActive(-1)
    onChange(settle({ ...state, draft: taken(state.draft, suggestion) }))
    setIsOpen(!suggestion.isWhole)
    input.current?.focus()
  }
  function remove(index: number) {
    onChange({ ...state, chips: state.chips.filter((_, at) => at !== index) })
    input.current?.focus()
  }

  function onKeyDown(event: KeyboardEvent<HTMLInputElement>) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step !== undefined) {
      event.preventDefault()
      if (!shown) setIsOpen(true)
      // Before the first comes the field itself.
      else setActive(((active + 1 + step + items.length + 1) % (items.length + 1)) - 1)
      return
    }
    const chosen = shown ? items[active] : undefined
    if (event.key === 'Enter' && !event.nativeEvent.isComposing) {
      event.preventDefault()
      if (chosen !== undefined) return take(chosen)
      setIsOpen(false)
      return onSubmit(settle(state, true))
    }
    if (event.key === 'Escape' && shown) {
      event.preventDefault()
      event.stopPropagation()
      setIsOpen(false)
      return
    }
    const last = state.chips.at(-1)
    if (event.key === 'Backspace' && state.draft === '' && last !== undefined) {
      event.preventDefault()
      // Back to text, where it can be changed.
      onChange({ chips: state.chips.slice(0, -1), draft: writePart(last) })
      setIsOpen(true)
    }
  }

  return (
    <search className="relative min-w-0 flex-1 max-sm:basis-full">
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: for the mouse alone: the field itself takes the keys */}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: for the mouse alone: the field itself takes the keys */}
      <div
        onClick={(event) => event.target === event.currentTarget && input.current?.focus()}
        className={cn(
          'flex min-h-10 cursor-text flex-wrap items-center gap-1.5 rounded-md border border-line-strong bg-surface px-2.5 py-1 transition-colors hover:border-muted',
          'has-[input:focus-visible]:border-accent has-[input:focus-visible]:outline-2 has-[input:focus-visible]:outline-accent',
          invalid && 'border-danger',
        )}
      >
        <Search aria-hidden className="pointer-events-none size-4 shrink-0 text-faint" />
        {state.chips.length > 0 && (
          <ul aria-label="Filters" className="contents">
            {state.chips.map((chip, index) => (
              <li
                key={writePart(chip)}
                className="flex h-6 max-w-full items-center gap-1 rounded-sm bg-accent-soft pl-2 text-sm text-accent-ink pointer-coarse:h-8"
              >
                <span className="truncate">{chipWords(chip, known)}</span>
                <button
                  type="button"
                  onClick={() => remove(index)}
                  aria-label={`Remove ${chipWords(chip, known)}`}
                  className="flex h-6 w-6 shrink-0 items-center justify-center rounded-sm hover:bg-hover pointer-coarse:h-8 pointer-coarse:w-8"
                >
                  <X aria-hidden className="size-3.5" />
                </button>
              </li>
            ))}
          </ul>
        )}
        <input
          ref={input}
          type="text"
          role="combobox"
          aria-label="Search jobs"
          aria-expanded={shown}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={shown && active >= 0 ? `${id}-${active}` : undefined}
          aria-describedby={describedBy}
          aria-invalid={invalid || undefined}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          enterKeyHint="search"
          placeholder={
            state.chips.length === 0 ? 'Words, a number, an id, or a filter such as state:failed' : undefined
          }
          value={state.draft}
          onChange={(event) => write(event.currentTarget.value)}
          onFocus={() => setIsOpen(state.draft !== '')}
          onBlur={() => setIsOpen(false)}
          onKeyDown={onKeyDown}
          className="h-7 min-w-40 flex-1 bg-transparent text-base outline-hidden placeholder:text-faint pointer-coarse:text-read"
        />
        {(state.chips.length > 0 || state.draft !== '') && (
          <button
            type="button"
            onClick={() => {
              onChange({ chips: [], draft: '' })
              input.current?.focus()
            }}
            aria-label="Clear the search"
            className="flex size-7 shrink-0 items-center justify-center rounded-sm text-muted hover:bg-hover hover:text-ink"
          >
            <X aria-hidden className="size-4" />
          </button>
        )}
      </div>
      <div
        id={`${id}-list`}
        role="listbox"
        aria-label="Filters to add"
        // The field keeps the focus.
        onMouseDown={(event) => event.preventDefault()}
        className={cn(
          popupClass,
          'absolute inset-x-0 top-full z-40 mt-1 max-h-80 overflow-y-auto p-1',
          !shown && 'hidden',
        )}
      >
        {items.map((item, index) => (
          <div
            key={item.text}
            id={`${id}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === active}
            onClick={() => take(item)}
            onKeyDown={undefined}
            className={cn(
              'flex min-h-8 cursor-default items-baseline gap-3 rounded-sm px-2 py-1.5 hover:bg-hover pointer-coarse:min-h-10',
              index === active && 'bg-hover',
            )}
          >
            <span className="shrink-0 font-mono text-sm">{item.label}</span>
            <span className="min-w-0 truncate text-sm text-muted">{item.hint}</span>
          </div>
        ))}
      </div>
      <span role="status" className="sr-only">
        {shown ? `${items.length} to choose from` : ''}
      </span>
    </search>
  )
}
