import Link from 'next/link'
import { cn } from '@/components/ui/cn'
import { type Period, periodInfo, periods } from '@/lib/queues/period'

/** Which stretch of time is counted; each is an address of its own. */
export function PeriodPicker({ period, path }: { period: Period; path: string }) {
  return (
    <nav aria-label="Period" className="inline-flex rounded-md border border-line bg-surface p-0.5">
      {periods.map((one) => (
        <Link
          key={one}
          href={`${path}?period=${one}`}
          scroll={false}
          aria-current={one === period ? 'true' : undefined}
          className={cn(
            'flex h-7 items-center rounded-sm px-2 text-sm whitespace-nowrap',
            one === period ? 'bg-sunken font-medium text-ink' : 'text-muted hover:text-ink',
          )}
        >
          {periodInfo[one].label}
        </Link>
      ))}
    </nav>
  )
}
