import { cn } from '@/components/ui/cn'
import type { Total } from './ask'

const count = new Intl.NumberFormat('en')

/** How much of what the workflow takes is used: a number, and a bar that turns when there is too much. */
export function TotalMeter({ total }: { total: Total }) {
  const { characters, limit, part } = total
  return (
    <>
      <span className={cn(part > 1 && 'font-medium text-danger-ink')}>{count.format(characters)}</span>
      <span className="text-muted"> of {count.format(limit)} characters</span>
      <span aria-hidden className="mt-1 block h-1 overflow-hidden rounded-full bg-line">
        <span
          className={cn('block h-full rounded-full', part > 1 ? 'bg-danger' : 'bg-line-strong')}
          style={{ width: `${Math.min(100, part * 100)}%` }}
        />
      </span>
    </>
  )
}
