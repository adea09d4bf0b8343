/** The list of reasons, for pages. Pure. */
import type { Command } from '@/lib/lifecycle/table'

/** The decisions for which a reason can be chosen. An approval that counts as one of several is an approval, too. */
export const reasonCommands = ['approve', 'retry', 'abandon'] as const satisfies readonly Command[]
export type ReasonCommand = (typeof reasonCommands)[number]

/** More than this is no short list. */
export const MOST_REASONS = 15
export const LONGEST_REASON = 80

export type ReasonView = {
  key: string
  label: string
  commands: ReasonCommand[]
  /** How often it was named in the last 30 days; null where that was not asked for. */
  used: number | null
  retiredAt: string | null
}

/** What each decision is called on the page. */
export const reasonCommandLabels: Record<ReasonCommand, string> = {
  approve: 'Approve',
  retry: 'Request changes',
  abandon: 'Abandon',
}
