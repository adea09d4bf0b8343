/** What the inbox calls things. Pure. */
import { Bot, FileJson, Files, FileText, Lightbulb, type LucideIcon, Mail, Newspaper } from 'lucide-react'
import type { InboxKind } from '@/lib/review/inbox-query'
import type { InboxItem, InboxViewName } from '@/lib/review/view'

export const VIEW_WORDS: Record<InboxViewName, string> = {
  mine: 'Mine',
  anyone: 'Anyone’s',
  others: 'Waiting for others',
  snoozed: 'Snoozed',
}

export const KIND_WORDS: Record<InboxKind, string> = {
  result: 'Results',
  permission: 'Tool calls',
  unknown: 'Lost answers',
  trouble: 'Trouble',
  delivery: 'Deliveries',
}

export const RISK_WORDS = ['Normal risk', 'Raised risk', 'High risk'] as const

/** "2 of high risk": several of a risk, in the middle of a sentence. */
export const RISKS_WORDS = ['of normal risk', 'of raised risk', 'of high risk'] as const

const RESULT_MARKS: Record<string, { icon: LucideIcon; label: string }> = {
  report: { icon: FileText, label: 'Report' },
  fields: { icon: Files, label: 'Fields' },
  digest: { icon: Newspaper, label: 'Digest' },
  draft: { icon: Mail, label: 'Draft' },
  recommendation: { icon: Lightbulb, label: 'Recommendation' },
  action: { icon: Bot, label: 'Proposed action' },
}

export function resultMark(kind: string): { icon: LucideIcon; label: string } {
  return RESULT_MARKS[kind] ?? { icon: FileJson, label: 'Result' }
}

const LEAVES: Record<string, string> = {
  http: 'Request',
  email: 'E-mail',
  file: 'File',
  by_hand: 'By hand',
}

/** What leaves when it is approved, in a word and where to; null where nothing does. */
export function leavesWords({ round }: Pick<InboxItem, 'round'>): { what: string; to: string } | null {
  if (round === null || round.deliveryKind === null) return null
  return { what: LEAVES[round.deliveryKind] ?? round.deliveryKind, to: shortDestination(round) }
}

function shortDestination({ deliveryKind, deliveryTo }: NonNullable<InboxItem['round']>): string {
  if (deliveryTo === null) return ''
  if (deliveryKind !== 'http' || !URL.canParse(deliveryTo)) return deliveryTo
  return new URL(deliveryTo).host
}

/** "Dana Whitfield" as "DW", "Cher" as "CH": letters of the first and the last word. */
export function initials(name: string): string {
  const words = name
    .trim()
    .split(/\s+/)
    .filter((word) => /\p{L}|\p{N}/u.test(word))
  const first = [...(words[0] ?? '?')]
  const last = words.length > 1 ? [...(words.at(-1) ?? '')].slice(0, 1) : first.slice(1, 2)
  return [...first.slice(0, 1), ...last].join('').toUpperCase()
}
