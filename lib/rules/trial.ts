/** What a dry run of rules says, and what has no rule: as the page shows them. */
import type { Rule } from './types'

export type Fate = 'again' | 'stops_queue' | 'held' | 'failed'

export type DryRunGroup = {
  from: { class: string; fate: Fate }
  to: { class: string; fate: Fate; rule: string | null }
  code: string
  count: number
  examples: { jobNumber: number; attempt: number }[]
  /** What the calls would have cost that would have been made more, or been spared (below zero); null: not known. */
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
  /** Failures of which what was stored does not say enough. */
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
  /** What a rule for it would look at. */
  signal: Rule['signal']
}
