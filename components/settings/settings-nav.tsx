'use client'
import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { cn } from '@/components/ui/cn'

/** The pages of the settings, side by side. */
export function SettingsNav({ isLead }: { isLead: boolean }) {
  const pathname = usePathname()
  const places = [
    { href: '/settings/account', label: 'Account', shown: true },
    { href: '/settings/notices', label: 'Notices', shown: true },
    { href: '/settings/people', label: 'People', shown: isLead },
    { href: '/settings/keys', label: 'API keys', shown: true },
    { href: '/settings/transport', label: 'Transport', shown: isLead },
    { href: '/settings/money', label: 'Money', shown: isLead },
    { href: '/settings/reasons', label: 'Reasons', shown: isLead },
    { href: '/settings/audit', label: 'Audit', shown: isLead },
  ]
  return (
    <nav aria-label="Settings" className="flex flex-wrap gap-x-1 border-b border-line">
      {places
        .filter((place) => place.shown)
        .map(({ href, label }) => (
          <Link
            key={href}
            href={href}
            aria-current={pathname === href ? 'page' : undefined}
            className={cn(
              '-mb-px flex h-9 items-center border-b-2 px-2 sm:px-3',
              pathname === href ? 'border-ink font-medium text-ink' : 'border-transparent text-muted hover:text-ink',
            )}
          >
            {label}
          </Link>
        ))}
    </nav>
  )
}
