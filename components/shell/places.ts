import {
  ArrowLeftRight,
  CircleDollarSign,
  Hand,
  KeyRound,
  ListChecks,
  type LucideIcon,
  MessageSquareText,
  Plus,
  Scale,
  UserRound,
  UsersRound,
  Workflow,
} from 'lucide-react'

/** What the shell must know of the person who is signed in. */
export type ShellPerson = {
  name: string
  email: string | null
  /** May start jobs. */
  mayCreate: boolean
  /** May decide: has an inbox. */
  mayReview: boolean
  /** May read every job, and what they run under. */
  mayReadAll: boolean
  /** May see and change who else is let in. */
  maySeePeople: boolean
}

/** `work` is used all day, `manage` is what the work goes by. */
export type PlaceGroup = 'work' | 'manage' | 'settings'
export type Place = { key: string; label: string; href: string; icon: LucideIcon; group: PlaceGroup }

/** The pages that exist and that `person` may open, in the order of the side bar. */
export function placesFor(
  person: Pick<ShellPerson, 'mayCreate' | 'mayReview' | 'mayReadAll' | 'maySeePeople'>,
): Place[] {
  const all: (Place & { shown: boolean })[] = [
    { key: 'jobs', label: 'Jobs', href: '/jobs', icon: ListChecks, group: 'work', shown: true },
    { key: 'review', label: 'Review', href: '/review', icon: Hand, group: 'work', shown: person.mayReview },
    { key: 'new', label: 'New job', href: '/jobs/new', icon: Plus, group: 'work', shown: person.mayCreate },
    {
      key: 'workflows',
      label: 'Workflows',
      href: '/workflows',
      icon: Workflow,
      group: 'manage',
      shown: person.mayReadAll,
    },
    { key: 'rules', label: 'Rules', href: '/rules', icon: Scale, group: 'manage', shown: person.mayReadAll },
    {
      key: 'people',
      label: 'People',
      href: '/settings/people',
      icon: UsersRound,
      group: 'settings',
      shown: person.maySeePeople,
    },
    {
      key: 'transport',
      label: 'Transport',
      href: '/settings/transport',
      icon: ArrowLeftRight,
      group: 'settings',
      shown: person.maySeePeople,
    },
    {
      key: 'money',
      label: 'Money',
      href: '/settings/money',
      icon: CircleDollarSign,
      group: 'settings',
      shown: person.maySeePeople,
    },
    {
      key: 'reasons',
      label: 'Reasons',
      href: '/settings/reasons',
      icon: MessageSquareText,
      group: 'settings',
      shown: person.maySeePeople,
    },
    { key: 'keys', label: 'API keys', href: '/settings/keys', icon: KeyRound, group: 'settings', shown: true },
    { key: 'account', label: 'Account', href: '/settings/account', icon: UserRound, group: 'settings', shown: true },
  ]
  return all.filter((place) => place.shown).map(({ shown: _, ...place }) => place)
}

/** A phone has room for so many places under the thumb, beside notices, search and "More". */
const UNDER_THE_THUMB = 2

/** The places of a phone's bottom bar, and those behind "More": whoever reviews starts new jobs from there. */
export function phonePlaces(places: readonly Place[]): { bar: Place[]; more: Place[] } {
  const bar = places.filter(({ group }) => group === 'work').slice(0, UNDER_THE_THUMB)
  return { bar, more: places.filter((place) => !bar.includes(place)) }
}

/** The place that `pathname` belongs to: the one with the longest address that it starts with. */
export function currentPlace(places: readonly Place[], pathname: string): Place | undefined {
  return places
    .filter(({ href }) => pathname === href || pathname.startsWith(`${href}/`))
    .sort((a, b) => b.href.length - a.href.length)[0]
}
