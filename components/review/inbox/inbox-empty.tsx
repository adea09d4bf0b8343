'use client'
import { BellOff, Inbox, type LucideIcon, SearchX, UsersRound } from 'lucide-react'
import { Button } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'
import type { Inbox as InboxData, InboxViewName } from '@/lib/review/view'

const WORDS: Record<InboxViewName, { icon: LucideIcon; title: string; hint: string }> = {
  mine: {
    icon: Inbox,
    title: 'Nothing waits for you',
    hint: 'What you claim, and what is assigned to you, stands here.',
  },
  anyone: {
    icon: Inbox,
    title: 'Nothing waits',
    hint: 'Everything that asks for somebody is being looked after. What comes next shows up here by itself.',
  },
  others: {
    icon: UsersRound,
    title: 'Nothing waits for others',
    hint: 'What you have approved, and what somebody else works on, stands here until it is decided.',
  },
  snoozed: {
    icon: BellOff,
    title: 'Nothing is snoozed',
    hint: 'What is put away for a while comes back by itself, before it is due.',
  },
}

export type InboxEmptyProps = {
  view: InboxViewName
  filtered: boolean
  /** A later page than the first. */
  later: boolean
  counts: InboxData['counts']
  onClear: () => void
  onAnyone: () => void
}

/** An inbox without rows: that is mostly good news, and says where there is more. */
export function InboxEmpty({ view, filtered, later, counts, onClear, onAnyone }: InboxEmptyProps) {
  if (filtered || later) {
    return (
      <EmptyState
        icon={SearchX}
        title={filtered ? 'Nothing matches these filters' : 'There is no more'}
        hint={filtered ? 'Without them this view has everything that belongs to it.' : undefined}
        actions={<Button onClick={onClear}>{filtered ? 'Clear filters' : 'Back to the first page'}</Button>}
      />
    )
  }
  const { icon, title, hint } = WORDS[view]
  return (
    <EmptyState
      icon={icon}
      title={title}
      hint={hint}
      actions={
        view !== 'anyone' &&
        counts.anyone > 0 && (
          <Button onClick={onAnyone}>
            {counts.anyone === 1
              ? 'See the one that waits for anyone'
              : `See the ${counts.anyone} that wait for anyone`}
          </Button>
        )
      }
    />
  )
}
