'use client'
import { PanelLeftClose, PanelLeftOpen, Search } from 'lucide-react'
import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { useState } from 'react'
import { AlertCount } from '@/components/queues/alerts/alert-count'
import { cn } from '@/components/ui/cn'
import { Kbd } from '@/components/ui/kbd'
import { ModKey } from '@/components/ui/mod-key'
import { foldedCookie } from './folded-cookie'
import { Logo } from './logo'
import { NoticeBell } from './notices'
import { usePalette } from './palette'
import { PersonMenu } from './person-menu'
import { PinnedViews, usePinned } from './pinned-views'
import { currentPlace, type Place, placesFor, type ShellPerson } from './places'
import { ReviewCount } from './review-count'

/** Words that give way to their picture where the bar is narrow: below 1280 px, or folded by hand. */
const wordClass = 'truncate max-xl:sr-only group-data-folded/bar:sr-only'
const rowClass =
  'flex h-8 w-full items-center gap-2.5 rounded-md px-2 text-left [&_svg]:size-4 [&_svg]:shrink-0 pointer-coarse:h-10'
/** A count beside a word, or on the corner of its picture. */
const countClass =
  'max-xl:absolute max-xl:-top-0.5 max-xl:-right-1 max-xl:px-1 group-data-folded/bar:absolute group-data-folded/bar:-top-0.5 group-data-folded/bar:-right-1 group-data-folded/bar:px-1'

/** Where one can go: 224 px with words, 52 px with pictures, and not there at all on a phone. */
export function SideBar({ person, initiallyFolded }: { person: ShellPerson; initiallyFolded: boolean }) {
  const [folded, setFolded] = useState(initiallyFolded)
  const places = placesFor(person)
  const place = currentPlace(places, usePathname())
  // A view that stands in the bar itself is where one is: one mark, not two.
  const current = usePinned().open === undefined ? place : undefined
  const openPalette = usePalette()

  function fold() {
    setFolded(!folded)
    // biome-ignore lint/suspicious/noDocumentCookie: the server must know it to draw the right width at once
    document.cookie = foldedCookie(!folded)
  }

  return (
    <header
      data-folded={folded || undefined}
      className={cn(
        'group/bar sticky top-0 flex h-dvh w-[52px] shrink-0 flex-col gap-4 overflow-y-auto border-r border-line bg-canvas p-2 max-sm:hidden',
        !folded && 'xl:w-56',
      )}
    >
      <div className="flex h-10 items-center justify-between max-xl:justify-center group-data-folded/bar:justify-center">
        <Link
          href="/jobs"
          className="flex items-center gap-2 rounded-md px-1.5 py-1 text-base font-semibold tracking-tight"
        >
          <Logo className="size-5 shrink-0" />
          <span className={wordClass}>Holdpoint</span>
        </Link>
      </div>

      <div className="flex flex-col gap-1">
        <button
          type="button"
          title="Search, or go to a page"
          onClick={openPalette}
          className={cn(
            rowClass,
            'border border-line bg-surface text-muted hover:bg-hover hover:text-ink max-xl:justify-center group-data-folded/bar:justify-center',
          )}
        >
          <Search aria-hidden />
          <span className={cn(wordClass, 'flex-1')}>Find or go to…</span>
          <Kbd aria-hidden className="max-xl:hidden group-data-folded/bar:hidden">
            <ModKey />K
          </Kbd>
        </button>
        <NoticeBell
          className={cn(
            rowClass,
            'text-muted hover:bg-hover hover:text-ink max-xl:justify-center group-data-folded/bar:justify-center',
          )}
          wordClass={wordClass}
        />
      </div>

      <nav aria-label="Main" className="flex flex-1 flex-col gap-4">
        <PlaceList
          places={places.filter((place) => place.group === 'work')}
          current={current}
          isLead={person.maySeePeople}
        />
        <PinnedViews rowClass={rowClass} wordClass={wordClass} />
        <PlaceList
          places={places.filter((place) => place.group === 'manage')}
          current={current}
          isLead={person.maySeePeople}
        />
        <div>
          <h2 className="mb-1 px-2 text-xs font-medium text-faint max-xl:sr-only group-data-folded/bar:sr-only">
            Settings
          </h2>
          <PlaceList
            places={places.filter((place) => place.group === 'settings')}
            current={current}
            isLead={person.maySeePeople}
          />
        </div>
      </nav>

      <div className="flex flex-col gap-0.5">
        <button
          type="button"
          onClick={fold}
          aria-pressed={folded}
          title={folded ? 'Unfold the side bar' : 'Fold the side bar'}
          className={cn(rowClass, 'text-muted hover:bg-hover hover:text-ink max-xl:hidden')}
        >
          {folded ? <PanelLeftOpen aria-hidden /> : <PanelLeftClose aria-hidden />}
          <span className={wordClass}>Fold the side bar</span>
        </button>
        <PersonMenu
          person={person}
          className={cn(rowClass, 'text-muted hover:bg-hover hover:text-ink')}
          wordClass={wordClass}
        />
      </div>
    </header>
  )
}

function PlaceList({
  places,
  current,
  isLead,
}: {
  places: readonly Place[]
  current: Place | undefined
  /** Told how many alerts are open. */
  isLead: boolean
}) {
  if (places.length === 0) return null
  return (
    <ul className="flex flex-col gap-0.5">
      {places.map(({ key, href, label, icon: Icon }) => {
        const here = current?.key === key
        return (
          <li key={key}>
            <Link
              href={href}
              title={label}
              aria-current={here ? 'page' : undefined}
              className={cn(
                rowClass,
                'relative max-xl:justify-center group-data-folded/bar:justify-center',
                here ? 'bg-hover font-medium text-ink' : 'text-muted hover:bg-hover hover:text-ink',
              )}
            >
              <Icon aria-hidden />
              <span className={cn(wordClass, 'flex-1')}>{label}</span>
              {key === 'queues' && isLead && <AlertCount className={countClass} />}
              {key === 'review' && <ReviewCount className={countClass} />}
            </Link>
          </li>
        )
      })}
    </ul>
  )
}
