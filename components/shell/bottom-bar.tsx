'use client'
import { Ellipsis, Search } from 'lucide-react'
import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { AlertCount } from '@/components/queues/alerts/alert-count'
import { cn } from '@/components/ui/cn'
import { Menu, MenuLinkItem, MenuSeparator } from '@/components/ui/menu'
import { NoticeTab } from './notices'
import { usePalette } from './palette'
import { PersonMenuItems } from './person-menu'
import { currentPlace, phonePlaces, placesFor, type ShellPerson } from './places'
import { ReviewCount } from './review-count'

const tabClass =
  'flex h-14 min-w-0 flex-1 flex-col items-center justify-center gap-0.5 text-xs -outline-offset-2 [&_svg]:size-5'

/** The side bar of a phone: what is used all day under the thumb, the rest behind "More". */
export function BottomBar({ person }: { person: ShellPerson }) {
  const places = placesFor(person)
  const current = currentPlace(places, usePathname())
  const openPalette = usePalette()
  const { bar, more } = phonePlaces(places)
  const isElsewhere = current !== undefined && more.some(({ key }) => key === current.key)
  return (
    <nav
      aria-label="Main"
      className="fixed inset-x-0 bottom-0 z-30 flex border-t border-line bg-canvas pb-[env(safe-area-inset-bottom)] sm:hidden"
    >
      {bar.map(({ key, href, label, icon: Icon }) => (
        <Link
          key={key}
          href={href}
          aria-current={current?.key === key ? 'page' : undefined}
          className={cn(tabClass, 'relative', current?.key === key ? 'font-medium text-ink' : 'text-muted')}
        >
          <Icon aria-hidden />
          {label}
          {key === 'review' && <ReviewCount className="absolute top-1 left-[calc(50%+0.375rem)]" />}
        </Link>
      ))}
      <NoticeTab className={cn(tabClass, 'text-muted')} />
      <button type="button" onClick={openPalette} className={cn(tabClass, 'text-muted')}>
        <Search aria-hidden />
        Go to
      </button>
      <Menu
        side="top"
        align="end"
        trigger={
          <button type="button" className={cn(tabClass, isElsewhere ? 'font-medium text-ink' : 'text-muted')}>
            <Ellipsis aria-hidden />
            More
          </button>
        }
      >
        {more.map(({ key, href, label, icon: Icon }) => (
          <MenuLinkItem key={key} closeOnClick render={<Link href={href} />}>
            <Icon aria-hidden />
            {label}
            {key === 'queues' && person.maySeePeople && <AlertCount className="ml-auto" />}
          </MenuLinkItem>
        ))}
        <MenuSeparator />
        <PersonMenuItems person={person} />
      </Menu>
    </nav>
  )
}
