'use client'
import { type KeyboardEvent, useId, useLayoutEffect, useRef, useState } from 'react'
import { cn } from '@/components/ui/cn'
import { itemClass, popupClass } from '@/components/ui/popup-styles'
import { Textarea } from '@/components/ui/textarea'
import { fittingPeople, type MentionPerson, stillMentioned, type Typed, typedMention, withMention } from './mention'

export type MentionTextareaProps = {
  /** Who can be mentioned: those who may read the job. */
  people: readonly MentionPerson[]
  value: string
  /** Those who are told: chosen from the list, with their names still in the text. */
  mentions: readonly MentionPerson[]
  onChange: (value: string, mentions: MentionPerson[]) => void
  name?: string
  rows?: number
  maxLength?: number
  required?: boolean
}

/**
 * A text in which people can be named after an @. Its list is that of a combobox: arrows choose, Enter and Tab take,
 * Escape closes. The field stays a text box of several lines, which ARIA in HTML lets no combobox be. Inside a `Field`
 * its label, hint and error are wired.
 */
export function MentionTextarea(props: MentionTextareaProps) {
  const { people, value, mentions, onChange, ...rest } = props
  const [typed, setTyped] = useState<Typed | null>(null)
  const [active, setActive] = useState(0)
  const box = useRef<HTMLDivElement>(null)
  const nextCursor = useRef<number | null>(null)
  const listId = useId()
  const found = typed === null ? [] : fittingPeople(people, typed.query)
  const isOpen = found.length > 0
  const current = Math.min(active, found.length - 1)

  useLayoutEffect(() => {
    const field = box.current?.querySelector('textarea')
    if (nextCursor.current === null || field == null) return
    field.setSelectionRange(nextCursor.current, nextCursor.current)
    nextCursor.current = null
  })

  function write(text: string, among: readonly MentionPerson[]) {
    onChange(text, stillMentioned(text, among))
  }

  function look(field: HTMLTextAreaElement) {
    setTyped(typedMention(field.value, field.selectionStart))
    setActive(0)
  }

  function choose(person: MentionPerson) {
    if (typed === null) return
    const { text, cursor } = withMention(value, typed, person)
    nextCursor.current = cursor
    setTyped(null)
    write(text, [...mentions, person])
  }

  function press(event: KeyboardEvent<HTMLTextAreaElement>) {
    // While a word is still being composed, its keys are those of the writing system.
    if (!isOpen || event.nativeEvent.isComposing) return
    const person = found[current]
    if (event.key === 'ArrowDown') setActive((current + 1) % found.length)
    else if (event.key === 'ArrowUp') setActive((current + found.length - 1) % found.length)
    else if ((event.key === 'Enter' || event.key === 'Tab') && person !== undefined) choose(person)
    else if (event.key === 'Escape') {
      // Not also the dialog around it.
      event.stopPropagation()
      setTyped(null)
    } else return
    event.preventDefault()
  }

  return (
    <div ref={box} className="relative flex flex-col">
      <Textarea
        {...rest}
        value={value}
        aria-autocomplete="list"
        aria-haspopup="listbox"
        aria-controls={isOpen ? listId : undefined}
        aria-activedescendant={isOpen ? `${listId}-${current}` : undefined}
        onChange={(event) => {
          write(event.target.value, mentions)
          look(event.target)
        }}
        onKeyDown={press}
        onClick={(event) => look(event.currentTarget)}
        onBlur={() => setTyped(null)}
      />
      {isOpen && (
        <ul
          id={listId}
          // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: the list of a combobox is a listbox
          role="listbox"
          aria-label="People"
          // In the flow: what floats is cut off by the dialog that scrolls around it.
          className={cn(popupClass, 'mt-1 max-h-40 max-w-80 overflow-y-auto p-1')}
          ref={showWhole}
        >
          {found.map((person, index) => (
            <li
              key={person.id}
              id={`${listId}-${index}`}
              // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: the list of a combobox has options
              role="option"
              tabIndex={-1}
              aria-selected={index === current}
              data-highlighted={index === current ? '' : undefined}
              className={itemClass}
              // Before the field would lose the focus.
              onPointerDown={(event) => {
                event.preventDefault()
                choose(person)
              }}
              onPointerMove={() => setActive(index)}
            >
              <bdi className="min-w-0 truncate">{person.name}</bdi>
            </li>
          ))}
        </ul>
      )}
      <p role="status" className="sr-only">
        {isOpen ? (found.length === 1 ? 'One person fits.' : `${found.length} people fit.`) : ''}
      </p>
      <p className="text-sm text-muted empty:hidden">
        {mentions.length > 0 && `Told of it: ${new Intl.ListFormat('en').format(mentions.map(({ name }) => name))}.`}
      </p>
    </div>
  )
}

function showWhole(list: HTMLElement | null) {
  list?.scrollIntoView({ block: 'nearest' })
}
