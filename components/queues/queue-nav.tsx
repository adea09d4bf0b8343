'use client'
import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { cn } from '@/components/ui/cn'
import { currentTab, type QueueTab, queueTabs } from './tabs'

/** The pages of the queues, side by side. Each of them says itself who may read it. */
export function QueueNav({ isLead }: { isLead: boolean }) {
  const pathname = usePathname()
  const shown: QueueTab[] = queueTabs.filter(({ leadsOnly }) => isLead || !leadsOnly)
  const current = currentTab(pathname)
  return (
    <nav aria-label="Queues" className="flex flex-wrap gap-x-1 border-b border-line">
      {shown.map(({ href, label }) => (
        <Link
          key={href}
          href={href}
          aria-current={href === current?.href ? 'page' : undefined}
          className={cn(
            '-mb-px flex h-9 items-center border-b-2 px-2 sm:px-3',
            href === current?.href ? 'border-ink font-medium text-ink' : 'border-transparent text-muted hover:text-ink',
          )}
        >
          {label}
        </Link>
      ))}
    </nav>
  )
}
