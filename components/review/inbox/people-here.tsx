'use client'
import { Eye } from 'lucide-react'
import { cn } from '@/components/ui/cn'
import { Time } from '@/components/ui/time'
import type { InboxItem } from '@/lib/review/view'
import { initials } from './words'

export type PeopleHereProps = { item: Pick<InboxItem, 'claims' | 'assignee' | 'lookers' | 'snooze'>; me: string }

/** Who holds it, whose it is, and who looks at it now: initials for the eye, whole names on hover and for readers. */
export function PeopleHere({ item: { claims, assignee, lookers, snooze }, me }: PeopleHereProps) {
  const others = lookers.filter(({ id }) => !claims.some(({ by }) => by.id === id))
  const isHeldByAssignee = claims.some(({ by }) => by.id === assignee?.id)
  return (
    <span className="flex flex-wrap items-center gap-1">
      {claims.map(({ by, until }) => (
        <span key={by.id} className="inline-flex items-center gap-1 whitespace-nowrap">
          <Person name={by.id === me ? 'You' : by.name} says="works on it" strong />
          <span className="text-xs text-muted">
            until <Time value={until} format="clock" />
          </span>
        </span>
      ))}
      {assignee !== null && !isHeldByAssignee && (
        <span className="inline-flex min-w-0 items-center gap-1">
          <Person name={assignee.id === me ? 'You' : assignee.name} says="has been assigned it" />
          <span className="text-xs text-muted">assigned</span>
        </span>
      )}
      {others.length > 0 && (
        <span className="inline-flex items-center gap-0.5 text-muted">
          <Eye aria-hidden className="size-3.5" />
          {others.slice(0, 3).map(({ id, name }) => (
            <Person key={id} name={name} says="looks at it now" />
          ))}
          {others.length > 3 && <span className="text-xs">and {others.length - 3} more</span>}
        </span>
      )}
      {snooze !== null && (
        <span className="text-xs text-muted">
          back <Time value={snooze.until} format="clock" />
        </span>
      )}
    </span>
  )
}

function Person({ name, says, strong }: { name: string; says: string; strong?: boolean }) {
  const isMe = name === 'You'
  const words = isMe ? `You ${says === 'works on it' ? 'work on it' : 'have been assigned it'}` : `${name} ${says}`
  return (
    <span
      title={words}
      className={cn(
        'inline-flex h-5 min-w-5 items-center justify-center rounded-full px-1 text-[0.6875rem] leading-none font-semibold',
        strong ? 'bg-accent-soft text-accent-ink' : 'bg-sunken text-muted ring-1 ring-line ring-inset',
      )}
    >
      <span aria-hidden>{isMe ? 'You' : initials(name)}</span>
      <span className="sr-only">{words}. </span>
    </span>
  )
}
