'use client'
import { type ReactNode, useState } from 'react'
import { Button } from '@/components/ui/button'

/** So many at once are drawn without being felt. */
const PORTION = 100
/** Where more are left, the end is a press away too. */
const FAR = 500

/** The first of many things, and ways to the next ones and to the last. `draw` gives a thing its own key. */
export function Portion<T>(props: {
  items: readonly T[]
  draw: (item: T, index: number) => ReactNode
  /** The list around them. */
  wrap: (children: ReactNode) => ReactNode
  /** What they are, in the plural. */
  noun: string
}) {
  const { items, draw, wrap, noun } = props
  const [shown, setShown] = useState(PORTION)
  const [showsEnd, setShowsEnd] = useState(false)
  const end = showsEnd ? Math.max(shown, items.length - PORTION) : items.length
  const left = end - shown
  return (
    <>
      {wrap(items.slice(0, shown).map(draw))}
      {left > 0 && (
        <p className="my-2 ml-3 flex flex-wrap items-center gap-2">
          <Button size="sm" onClick={() => setShown(shown + PORTION)}>
            Show {Math.min(PORTION, left).toLocaleString('en')} more of {items.length.toLocaleString('en')} {noun}
          </Button>
          {!showsEnd && left > FAR && (
            <Button size="sm" onClick={() => setShowsEnd(true)}>
              Show the last {PORTION}
            </Button>
          )}
          {showsEnd && (
            <span className="text-sm text-muted">
              {left.toLocaleString('en')} {noun} before the next one are not shown.
            </span>
          )}
        </p>
      )}
      {showsEnd && end < items.length && wrap(items.slice(end).map((item, index) => draw(item, end + index)))}
    </>
  )
}
