/** What the pages about money show: the shapes. Amounts are in US dollars, moments ISO 8601 in UTC. */

/** A stop, as leads read it. */
export type ShownStop = {
  workflow: { key: string; name: string }
  reason: string
  /** What happened and what to mend, as sentences. */
  sentence: string
  mend: string
  /** Who paused it, and why in their words; null where nobody did. */
  by: string | null
  note: string | null
  /** The provider's own words. */
  message: string | null
  since: string
  /** Jobs that wait for it. */
  waiting: number
  /** The number of the job that met it. */
  metBy: number | null
}

/** Amounts in US dollars. */
export type Counted = {
  /** What was settled. Of a call whose cost is not known, its worst case. */
  spentUsd: number
  /** The worst case of calls under way. */
  reservedUsd: number
  /** Null: there is no budget. */
  limitUsd: number | null
}
export type WorkflowSpending = { key: string; name: string; today: Counted; week: Counted; total: Counted }
export type DaySpending = {
  /** ISO date, UTC. */
  day: string
  all: Counted
  /** Calls of that day that have ended and whose cost is not known. */
  notKnown: number
}
export type Spending = { workflows: WorkflowSpending[]; days: DaySpending[] }

/** A price that a current workflow needs and that nobody has entered. */
export type MissingPrice = { kind: 'model' | 'tool'; name: string; label: string; workflows: string[] }

/** One row of the list, in US dollars. */
export type PriceItem = {
  id: string
  kind: 'model' | 'tool'
  name: string
  validFrom: string
  inputUsd: number | null
  cachedUsd: number | null
  outputUsd: number | null
  callUsd: number | null
  source: string
  /** Who entered it; null for one that came with the product. */
  author: string | null
  createdAt: string
}

/** One setting of the budget of the installation for a day; null: none. */
export type DayBudgetItem = { id: string; usd: number | null; note: string; author: string | null; createdAt: string }

/** A stop that is over. */
export type RecentStop = {
  id: string
  workflow: string
  sentence: string
  since: string
  resumedAt: string | null
  by: string | null
  note: string | null
}
