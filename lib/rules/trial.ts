/** What a dry run of rules says, and what has no rule: as the page shows them. */
import type { Rule } from './types'

export type Fate = 'again' | 'stops_queue' | 'held' | 'failed'

export type DryRunGroup = {
  from: { class: string; fate: Fate }
  to: { class: string; fate: Fate; rule: string | null }
  code: string
  count: number
  examples: { jobNumber: number; attempt: number }[]
  /** What calls would have cost that were not made, or spared (below zero) of those that were; null: not known. */
  usd: number | null
}

export type DryRun = {
  /** Of exactly these rules. */
  hash: string
  days: number
  failures: number
  /** There are more than were gone through. */
  more: boolean
  groups: DryRunGroup[]
  /** Failures that are not judged: what is stored does not lead again to what was decided then. */
  untold: number
  /** All groups together; null where a price or a usage is not known. */
  usd: number | null
}

/** Codes that nobody mapped, gathered. */
export type UnclassifiedGroup = {
  code: string
  count: number
  firstAt: string
  lastAt: string
  example: { jobNumber: number; attempt: number; message: string | null }
  /** What a rule for it would look at; null where it came without anything that a rule could name. */
  signal: Rule['signal'] | null
}
