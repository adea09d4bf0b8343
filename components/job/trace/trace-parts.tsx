'use client'
import { type ReactNode, useState } from 'react'
import { Button } from '@/components/ui/button'
import { JsonView } from '@/components/ui/json-view'
import { CodeText } from '../code-text'

export function Box({ children }: { children: ReactNode }) {
  return <div className="mt-1 rounded-md border border-line bg-surface px-3 py-2">{children}</div>
}

/** A part of a step with a name of its own. */
export function Labelled({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="mt-2">
      <p className="text-xs text-faint">{label}</p>
      {children}
    </div>
  )
}

/** A value that a tool was given or gave back. Absent where there is none. */
export function Value({ label, value }: { label: string; value: unknown }) {
  if (value === undefined || value === null || value === '') return null
  return (
    <Labelled label={label}>
      {typeof value === 'string' ? (
        <CodeText text={value} portion={1_500} className="mt-1" />
      ) : (
        <Box>
          <JsonView value={value} depth={2} />
        </Box>
      )}
    </Labelled>
  )
}

/** The first `shown` of some things, and the rest at a press. `draw` gives a thing its own key. */
export function FirstOf<T>(props: {
  items: readonly T[]
  shown: number
  noun: string
  wrap: (children: ReactNode) => ReactNode
  draw: (item: T, index: number) => ReactNode
}) {
  const { items, shown, noun, wrap, draw } = props
  const [limit, setLimit] = useState(shown)
  const left = items.length - limit
  return (
    <>
      {wrap(items.slice(0, limit).map(draw))}
      {left > 0 && (
        <Button size="sm" className="mt-2" onClick={() => setLimit(limit + 100)}>
          Show {Math.min(left, 100)} more {noun}
        </Button>
      )}
    </>
  )
}
