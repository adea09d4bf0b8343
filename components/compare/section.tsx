'use client'
import { ChevronRight } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { Badge } from '@/components/ui/badge'

export type SectionProps = {
  id: string
  title: string
  /** What sets the two apart, in a few words; null where they are the same. */
  verdict: string | null
  /** What is said in place of "the same", where that would be wrong. */
  sameWords?: string
  children: ReactNode
}

/** One part that is compared: open where the two differ, folded where they are the same. */
export function Section({ id, title, verdict, sameWords = 'The same', children }: SectionProps) {
  const [isOpen, setOpen] = useState(verdict !== null)
  return (
    <details
      id={id}
      open={isOpen}
      onToggle={(event) => setOpen(event.currentTarget.open)}
      className="min-w-0 scroll-mt-4 rounded-md border border-line bg-surface"
    >
      <summary className="flex min-h-10 cursor-pointer list-none flex-wrap items-center gap-x-2 gap-y-1 rounded-md px-3 py-1.5 hover:bg-hover [&::-webkit-details-marker]:hidden">
        <ChevronRight
          aria-hidden
          className={isOpen ? 'size-4 shrink-0 rotate-90 text-faint' : 'size-4 shrink-0 text-faint'}
        />
        <h2 className="text-base font-semibold">{title}</h2>
        {verdict === null ? <span className="text-sm text-muted">{sameWords}</span> : <Badge>{verdict}</Badge>}
      </summary>
      {/* Made only when it is looked at: a result may be megabytes. */}
      {isOpen && <div className="border-t border-line px-4 py-3">{children}</div>}
    </details>
  )
}
