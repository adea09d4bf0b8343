'use client'
import { useQuery } from '@tanstack/react-query'
import { BellRing } from 'lucide-react'
import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { cn } from '@/components/ui/cn'
import { Time } from '@/components/ui/time'
import type { AlertNews } from '@/lib/alerts/view'
import { alertNewsOptions } from './queries'

const SHOWN = 3

type Props = {
  /** Only those of this one. */
  workflow?: string
  initial: AlertNews
  /** The page that shows them all has no need of it. */
  except?: string
}

/** Open alerts where somebody would wonder: of all, or of one workflow. Takes no room while there are none. */
export function AlertStrip({ workflow, initial, except }: Props) {
  const { data } = useQuery({ ...alertNewsOptions(workflow), initialData: initial })
  const pathname = usePathname()
  if (data.open === 0 || pathname === except) return null
  const isLoud = data.unacknowledged > 0
  const shown = data.items.slice(0, SHOWN)
  return (
    <section
      aria-label={workflow === undefined ? 'Open alerts' : 'Open alerts of this workflow'}
      className={cn(
        'flex gap-2.5 rounded-md border px-3 py-2',
        isLoud ? 'border-attention/40 bg-attention-soft' : 'border-line bg-sunken',
      )}
    >
      <BellRing aria-hidden className={cn('mt-0.5 size-4 shrink-0', isLoud ? 'text-attention-ink' : 'text-faint')} />
      <ul className="flex min-w-0 flex-1 flex-col gap-0.5">
        {shown.map(({ id, heading, openedAt, acknowledged }) => (
          <li key={id} className="wrap-anywhere">
            <Link href="/queues/alerts" className="font-medium hover:underline">
              {heading}
            </Link>
            <span className="text-muted">
              {' '}
              since <Time value={openedAt} format="clock" />
              {acknowledged !== null && <>, {acknowledged.by} looks after it</>}
            </span>
          </li>
        ))}
        {data.open > shown.length && (
          <li>
            <Link href="/queues/alerts" className="text-muted underline underline-offset-2">
              and {data.open - shown.length} more
            </Link>
          </li>
        )}
      </ul>
    </section>
  )
}
