'use client'
import { Progress as Base } from '@base-ui/react/progress'
import { cn } from './cn'

export type ProgressProps = {
  /** What is under way, read aloud. */
  label: string
  /** A part of `max` that was really counted, or null where nobody knows how much is left. Never an estimate. */
  value: number | null
  max?: number
  className?: string
}

/** How far something countable has come: a thin bar that holds its place. */
export function Progress({ label, value, max = 100, className }: ProgressProps) {
  return (
    <Base.Root value={value} max={max} className={cn('w-full', className)}>
      <Base.Label className="sr-only">{label}</Base.Label>
      <Base.Track className="h-1 overflow-hidden rounded-full bg-line">
        <Base.Indicator className="h-full bg-accent transition-[width] data-indeterminate:w-1/3 data-indeterminate:animate-slide" />
      </Base.Track>
    </Base.Root>
  )
}
