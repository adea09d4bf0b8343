import { Eye } from 'lucide-react'
import { cn } from '@/components/ui/cn'
import type { PresenceView } from '@/lib/review/view'

const people = new Intl.ListFormat('en')

/** Who else has it open now; nothing where nobody has, or where that is not known. */
export function Lookers({ presence, className }: { presence: PresenceView | null; className?: string }) {
  const names = (presence?.lookers ?? []).map(({ name }) => name)
  return (
    <p role="status" className={cn('flex items-center gap-1.5 text-sm text-attention-ink empty:hidden', className)}>
      {names.length > 0 && (
        <>
          <Eye aria-hidden className="size-3.5 shrink-0" />
          <span className="min-w-0 truncate">
            <bdi>{people.format(names)}</bdi> {names.length === 1 ? 'looks' : 'look'} at it too
          </span>
        </>
      )}
    </p>
  )
}
