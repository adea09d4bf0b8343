'use client'
import { Button } from '@/components/ui/button'
import { type BulkCommand, MOST_IN_BULK } from '@/lib/review/inbox-bulk'
import { BULK_WORDS } from './bulk-words'

export type SelectionBarProps = {
  count: number
  /** How many of them are on other pages. */
  elsewhere: number
  offered: readonly BulkCommand[]
  onCommand: (command: BulkCommand) => void
  onClear: () => void
}

/** Rises from below while rows are selected. What it offers is about exactly these, never about "all". */
export function SelectionBar({ count, elsewhere, offered, onCommand, onClear }: SelectionBarProps) {
  if (count === 0) return null
  return (
    <section
      aria-label="Selected items"
      data-pinned
      className="sticky bottom-[calc(4rem+env(safe-area-inset-bottom))] z-20 mx-auto mt-3 flex w-fit max-w-full flex-wrap items-center gap-2 rounded-md border border-line bg-raised px-3 py-2 shadow-float sm:bottom-4"
    >
      <p role="status" className="mr-1 font-medium tabular-nums">
        {count === 1 ? '1 selected' : `${count} selected`}
        {elsewhere > 0 && <span className="font-normal text-muted">, {elsewhere} on other pages</span>}
        {count === MOST_IN_BULK && <span className="font-normal text-muted">, as many as go together</span>}
      </p>
      {offered.map((command) => (
        <Button key={command} size="sm" onClick={() => onCommand(command)}>
          {BULK_WORDS[command].label}…
        </Button>
      ))}
      <Button size="sm" variant="ghost" onClick={onClear}>
        Clear selection
      </Button>
    </section>
  )
}
