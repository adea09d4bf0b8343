'use client'
import { ChevronRight } from 'lucide-react'
import { type ReactNode, useId, useState } from 'react'
import { cn } from './cn'
import { PlainText } from './plain-text'

/** Children of one node drawn at a time, and characters of one text: a 10 MB value must not freeze the page. */
const pageSize = 100
const textLimit = 500
/** A name that is longer would push its value out of sight. */
const nameLimit = 100
/** Of a text, when all of it is asked for: what is longer is felt in the browser, and the payload has it. */
const wholeLimit = 100_000

export type JsonViewProps = {
  value: unknown
  /** How many levels are unfolded at first. */
  depth?: number
  className?: string
}

/** A JSON value as a tree that folds. Children are made only when they are unfolded, so depth and size cost nothing. */
export function JsonView({ value, depth = 2, className }: JsonViewProps) {
  return (
    <div className={cn('overflow-x-auto font-mono text-sm', className)}>
      <Node value={value} depth={depth} />
    </div>
  )
}

function Node({ name, value, depth }: { name?: string; value: unknown; depth: number }) {
  if (value !== null && typeof value === 'object') return <Branch name={name} value={value} depth={depth} />
  return (
    <div className="flex gap-1.5 py-px pl-5">
      <Key name={name} />
      <Leaf value={value} />
    </div>
  )
}

function Branch({ name, value, depth }: { name?: string; value: object; depth: number }) {
  const [open, setOpen] = useState(depth > 0)
  const [shown, setShown] = useState(pageSize)
  const id = useId()
  const isArray = Array.isArray(value)
  const entries = Object.entries(value)
  const size = isArray ? `[${entries.length}]` : `{${entries.length}}`
  if (entries.length === 0) {
    return (
      <div className="flex gap-1.5 py-px pl-5">
        <Key name={name} />
        <span className="text-faint">{isArray ? '[ ] empty' : '{ } empty'}</span>
      </div>
    )
  }
  return (
    <div>
      <button
        type="button"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => setOpen(!open)}
        className="flex min-h-6 max-w-full items-center gap-1.5 rounded-sm pr-1.5 text-left hover:bg-hover"
      >
        <ChevronRight
          aria-hidden
          className={cn('size-3.5 shrink-0 text-faint transition-[rotate]', open && 'rotate-90')}
        />
        <Key name={name} />
        <span className="text-faint">
          <span aria-hidden>{size}</span>
          <span className="sr-only">
            {isArray ? 'list' : 'object'} of {entries.length}
          </span>
        </span>
      </button>
      {open && (
        <div id={id} className="ml-[7px] border-l border-line pl-2">
          {entries.slice(0, shown).map(([key, child]) => (
            <Node key={key} name={key} value={child} depth={depth - 1} />
          ))}
          {shown < entries.length && (
            <More onClick={() => setShown(shown + pageSize)}>
              Show {Math.min(pageSize, entries.length - shown)} more of {entries.length.toLocaleString('en')}
            </More>
          )}
        </div>
      )}
    </div>
  )
}

function Key({ name }: { name?: string }) {
  if (name === undefined) return null
  const cut = name.length > nameLimit
  return (
    <span className={cn('text-muted', cut ? 'wrap-anywhere' : 'shrink-0')}>
      <bdi>
        <PlainText>{cut ? `${start(name, nameLimit)}…` : name}</PlainText>
      </bdi>
      :
    </span>
  )
}

function Leaf({ value }: { value: unknown }) {
  const [whole, setWhole] = useState(false)
  if (typeof value !== 'string') return <span className="text-accent-ink">{String(value)}</span>
  const limit = whole ? wholeLimit : textLimit
  const cut = value.length > limit
  return (
    <span className="min-w-0 whitespace-pre-wrap text-ink wrap-anywhere">
      "
      <bdi>
        <PlainText>{cut ? `${start(value, limit)}…` : value}</PlainText>
      </bdi>
      "
      {cut && !whole && (
        <More onClick={() => setWhole(true)}>
          Show {value.length > wholeLimit ? `${wholeLimit.toLocaleString('en')} of` : 'all'}{' '}
          {value.length.toLocaleString('en')} characters
        </More>
      )}
    </span>
  )
}

/** The first so many UTF-16 units, without half of a character at the end. */
const start = (text: string, length: number) => text.slice(0, length).replace(/[\ud800-\udbff]$/, '')

function More({ onClick, children }: { onClick: () => void; children: ReactNode }) {
  return (
    <button type="button" onClick={onClick} className="link ml-1.5 min-h-6 font-sans">
      {children}
    </button>
  )
}
