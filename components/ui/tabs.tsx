'use client'
import { Tabs as Base } from '@base-ui/react/tabs'
import { type ReactNode, useEffect, useRef } from 'react'
import { cn } from './cn'

export type TabItem = { value: string; label: ReactNode; count?: number; content: ReactNode }

export type TabsProps = {
  /** What the row of tabs is for, read aloud. */
  label: string
  items: readonly TabItem[]
  value?: string
  defaultValue?: string
  onValueChange?: (value: string) => void
  className?: string
}

/** Parts of one page, one at a time. The row scrolls sideways where it is too narrow. */
export function Tabs({ label, items, value, defaultValue, onValueChange, className }: TabsProps) {
  const row = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (row.current !== null) bringTabIntoSight(row.current, value)
  }, [value])

  return (
    <Base.Root
      value={value}
      defaultValue={value === undefined ? (defaultValue ?? items[0]?.value) : undefined}
      onValueChange={(next) => {
        onValueChange?.(String(next))
        if (row.current !== null) bringTabIntoSight(row.current, String(next))
      }}
      className={className}
    >
      <div ref={row} className="overflow-x-auto border-b border-line [scrollbar-width:none]">
        <Base.List aria-label={label} className="relative flex w-max gap-4">
          {items.map((item) => (
            <Base.Tab
              key={item.value}
              value={item.value}
              data-tab={item.value}
              className="flex h-9 items-center gap-1.5 px-0.5 font-medium whitespace-nowrap text-muted outline-offset-[-2px] hover:text-ink data-active:text-ink pointer-coarse:h-11"
            >
              {item.label}
              {item.count !== undefined && <span className="text-xs text-faint">{item.count}</span>}
            </Base.Tab>
          ))}
          <Base.Indicator className="absolute bottom-0 left-(--active-tab-left) h-0.5 w-(--active-tab-width) bg-ink transition-[left,width]" />
        </Base.List>
      </div>
      {items.map((item) => (
        <Base.Panel key={item.value} value={item.value} className={cn('pt-4 outline-offset-4')}>
          {item.content}
        </Base.Panel>
      ))}
    </Base.Root>
  )
}

/** Sideways only: `scrollIntoView` would move the page as well. A part of the neighbours stays in sight. */
function bringTabIntoSight(row: HTMLElement, value: string | undefined) {
  const tab = value === undefined ? null : row.querySelector<HTMLElement>(`[data-tab="${CSS.escape(value)}"]`)
  if (tab === null) return
  const { left, right } = row.getBoundingClientRect()
  const at = tab.getBoundingClientRect()
  if (at.left - PEEK < left) row.scrollLeft += at.left - PEEK - left
  else if (at.right + PEEK > right) row.scrollLeft += at.right + PEEK - right
}

/** So much of the next tab is seen, px: that there are more. */
const PEEK = 40
