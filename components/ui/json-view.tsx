'use client'
import { useVirtualizer } from '@tanstack/react-virtual'
import { ChevronRight } from 'lucide-react'
import { type KeyboardEvent, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { cn } from './cn'
import { type BranchRow, type LeafRow, MOST_ROWS, type RangeRow, type Row, rowsOf } from './json-rows'
import { PlainText } from './plain-text'

/** Fewer rows are drawn all: they can be searched and printed. Of more, only those in sight are. */
const MOST_DRAWN = 300
/** Characters of a text that are shown at first. */
const textLimit = 500
/** A name that is longer would push its value out of sight. */
const nameLimit = 100
/** Of a text, when all of it is asked for: what is longer is felt in the browser, and the payload has it. */
const wholeLimit = 100_000

/** As a row of one line is drawn, in pixels. */
const ROW = 24
/** Below this level rows move no further to the right; how deep they are is said instead. */
const DEEPEST_INDENT = 16

export type JsonViewProps = {
  value: unknown
  /** How many levels are unfolded at first. */
  depth?: number
  className?: string
}

/**
 * A JSON value as a tree that folds. Rows are made only where they are unfolded and drawn only where they are seen, so
 * depth and size cost nothing.
 */
export function JsonView({ value, depth = 2, className }: JsonViewProps) {
  const [toggled, setToggled] = useState<ReadonlySet<string>>(new Set())
  const [whole, setWhole] = useState<ReadonlySet<string>>(new Set())
  const rows = useMemo(() => rowsOf(value, depth, toggled), [value, depth, toggled])
  const box = useRef<HTMLDivElement>(null)
  const pressed = useRef<number | null>(null)
  const isLong = rows.length > MOST_DRAWN
  const virtual = useVirtualizer({
    count: isLong ? rows.length : 0,
    getScrollElement: () => box.current,
    estimateSize: () => ROW,
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: 20,
    // Before the box is measured, and on the server: as tall as it can be.
    initialRect: { width: 800, height: 800 },
  })

  // A list that becomes long begins to scroll: what was pressed stays in sight, and keeps the focus.
  useLayoutEffect(() => {
    if (isLong && pressed.current !== null) virtual.scrollToIndex(pressed.current, { align: 'center' })
  }, [isLong, virtual])

  function toggle(index: number, id: string) {
    pressed.current = index
    setToggled((before) => withToggled(before, id))
  }

  const drawn = isLong ? virtual.getVirtualItems().map(({ index }) => index) : rows.map((_row, index) => index)
  const first = isLong ? virtual.getVirtualItems().at(0) : undefined
  const last = isLong ? virtual.getVirtualItems().at(-1) : undefined
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys belong to the rows inside
    <div
      ref={box}
      onKeyDown={moveByArrow}
      {...(isLong && { tabIndex: 0, role: 'region', 'aria-label': `JSON, ${rows.length.toLocaleString('en')} rows` })}
      className={cn('overflow-x-auto font-mono text-sm', isLong && 'max-h-[70dvh] overflow-y-auto', className)}
    >
      <ul
        style={
          isLong
            ? { paddingTop: first?.start ?? 0, paddingBottom: virtual.getTotalSize() - (last?.end ?? 0) }
            : undefined
        }
      >
        {drawn.map((index) => {
          const row = rows[index]
          if (row === undefined) return null
          return (
            <li
              key={row.id}
              data-index={index}
              ref={isLong ? virtual.measureElement : undefined}
              {...(isLong && { 'aria-setsize': rows.length, 'aria-posinset': index + 1 })}
              style={{ paddingLeft: `${Math.min(row.level, DEEPEST_INDENT) * 16}px` }}
            >
              <RowView
                row={row}
                isWhole={whole.has(row.id)}
                onToggle={() => toggle(index, row.id)}
                onWhole={() => setWhole((before) => new Set([...before, row.id]))}
              />
            </li>
          )
        })}
      </ul>
      {rows.length === MOST_ROWS && (
        <p className="py-2 font-sans text-muted">
          The first {MOST_ROWS.toLocaleString('en')} rows are shown. Fold something to see what comes after it.
        </p>
      )}
    </div>
  )
}

function withToggled(toggled: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(toggled)
  if (!next.delete(id)) next.add(id)
  return next
}

/** Up and down lead from branch to branch, left folds and right unfolds. */
function moveByArrow(event: KeyboardEvent<HTMLElement>) {
  const from = event.target instanceof HTMLElement ? event.target.closest<HTMLElement>('[data-branch]') : null
  if (from === null) return
  const isOpen = from.ariaExpanded === 'true'
  if ((event.key === 'ArrowRight' && !isOpen) || (event.key === 'ArrowLeft' && isOpen)) {
    event.preventDefault()
    from.click()
    return
  }
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
  if (step === 0) return
  const branches = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-branch]')]
  const next = branches[branches.indexOf(from) + step]
  if (next === undefined) return
  event.preventDefault()
  event.stopPropagation()
  next.focus()
}

type RowProps = { row: Row; isWhole: boolean; onToggle: () => void; onWhole: () => void }

function RowView({ row, isWhole, onToggle, onWhole }: RowProps) {
  if (row.kind !== 'leaf' && row.size > 0) return <Branch row={row} onToggle={onToggle} />
  return (
    <div className="flex min-h-6 gap-1.5 py-px pl-5">
      <Depth level={row.level} />
      <Key name={row.name} />
      {row.kind === 'leaf' ? (
        <Leaf row={row} isWhole={isWhole} onWhole={onWhole} />
      ) : (
        <span className="text-faint">{row.kind === 'branch' && row.isArray ? '[ ] empty' : '{ } empty'}</span>
      )}
    </div>
  )
}

function Branch({ row, onToggle }: { row: BranchRow | RangeRow; onToggle: () => void }) {
  const size = row.size.toLocaleString('en')
  const isList = row.kind === 'range' || row.isArray
  return (
    <button
      type="button"
      data-branch
      aria-expanded={row.isOpen}
      onClick={onToggle}
      className="flex min-h-6 max-w-full items-center gap-1.5 rounded-sm pr-1.5 text-left hover:bg-hover"
    >
      <ChevronRight
        aria-hidden
        className={cn('size-3.5 shrink-0 text-faint transition-[rotate]', row.isOpen && 'rotate-90')}
      />
      <Depth level={row.level} />
      <Key name={row.name} />
      <span className="text-faint">
        <span aria-hidden>{isList ? `[${size}]` : `{${size}}`}</span>
        <span className="sr-only select-none">
          {row.kind === 'range' ? 'range' : isList ? 'list' : 'object'} of {size}
        </span>
      </span>
    </button>
  )
}

function Depth({ level }: { level: number }) {
  if (level === 0) return null
  // What is copied is the JSON.
  if (level <= DEEPEST_INDENT) return <span className="sr-only select-none">level {level} </span>
  return <span className="shrink-0 text-faint select-none">level {level}</span>
}

function Key({ name }: { name: string | null }) {
  if (name === null) return null
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

function Leaf({ row: { value }, isWhole, onWhole }: { row: LeafRow; isWhole: boolean; onWhole: () => void }) {
  if (typeof value !== 'string') return <span className="text-accent-ink">{String(value)}</span>
  const limit = isWhole ? wholeLimit : textLimit
  const cut = value.length > limit
  return (
    <span className="min-w-0 whitespace-pre-wrap text-ink wrap-anywhere">
      "
      <bdi>
        <PlainText>{cut ? `${start(value, limit)}…` : value}</PlainText>
      </bdi>
      "
      {cut && !isWhole && (
        <button type="button" onClick={onWhole} className="link ml-1.5 min-h-6 font-sans">
          Show {value.length > wholeLimit ? `${wholeLimit.toLocaleString('en')} of` : 'all'}{' '}
          {value.length.toLocaleString('en')} characters
        </button>
      )}
    </span>
  )
}

/** The first so many UTF-16 units, without half of a character at the end. */
const start = (text: string, length: number) => text.slice(0, length).replace(/[\ud800-\udbff]$/, '')
