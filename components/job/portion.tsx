'use client'
import { type ReactNode, useState } from 'react'
import { Button } from '@/components/ui/button'

/** So many at once are drawn without being felt. */
const PORTION = 100

/** The first of many things, and a way to the next ones. `draw` gives a thing its own key. */
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
  const left = items.length - shown
  return (
    <>
      {wrap(items.slice(0, shown).map(draw))}
      {left > 0 && (
        <Button size="sm" className="my-2 ml-3" onClick={() => setShown(shown + PORTION)}>
          Show {Math.min(PORTION, left)} more of {items.length.toLocaleString('en')} {noun}
        </Button>
      )}
    </>
  )
}
