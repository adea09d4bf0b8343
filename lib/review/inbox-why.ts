/** Why an item of the inbox is not there to do, in a sentence for the person who looks. Pure. */
import type { Block } from './inbox-sql.server'
import type { InboxItem } from './view'

export type WhyFacts = {
  view: InboxItem['view']
  block: Block | null
  /** Others hold every place that is left. */
  full: boolean
  /** The names of others who hold a place. */
  holders: readonly string[]
  /** Whom it is assigned to, where that is somebody else. */
  assignee: string | null
  /** Its note; null where there is none. */
  snooze: { by: string | null; note: string | null } | null
}

const people = new Intl.ListFormat('en')

/** Null where nothing stands against doing it now. */
export function whyNot({ view, block, full, holders, assignee, snooze }: WhyFacts): string | null {
  if (view === 'snoozed') return snoozeWords(snooze)
  if (block !== null) return blockWords(block)
  if (full && holders.length > 0) return `${people.format(holders)} ${holders.length === 1 ? 'works' : 'work'} on it.`
  if (assignee !== null) return `It is assigned to ${assignee}.`
  return full ? 'Others hold every place that is left in this blind round.' : null
}

function snoozeWords(snooze: WhyFacts['snooze']): string {
  const who = snooze?.by ?? 'Somebody'
  return snooze?.note ? `${who} put it away: ${snooze.note}` : `${who} put it away.`
}

const ROLE_WORDS: Record<string, string> = {
  reviewer: 'a reviewer',
  support: 'support',
  lead: 'a lead',
  owner: 'an owner',
}

function blockWords(block: Block): string {
  switch (block) {
    case 'approved':
      return 'You have approved it. It waits for somebody else.'
    case 'reviewer':
      return 'A reviewer decides it.'
    case 'support':
      return 'Support or a lead settles it.'
    case 'person':
      return 'It asks for a person, and this key is of a service.'
    case 'requester':
      return 'You asked for it, and its policy wants somebody else to approve it.'
    default:
      return `The next approval is for ${ROLE_WORDS[block.slice('role:'.length)] ?? 'somebody else'}.`
  }
}
