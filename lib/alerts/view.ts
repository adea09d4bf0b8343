/** Alerts and their rules, as the pages have them. */
import { z } from 'zod'
import { type AlertKind, alertKinds } from './kinds'

export type AlertView = {
  id: string
  ruleId: string
  kind: AlertKind
  workflow: { key: string; name: string } | null
  heading: string
  sentence: string
  mend: string
  href: string | null
  openedAt: string
  lastSeenAt: string
  /** It does not hold any more, and closes in a moment unless it comes back. */
  isClearing: boolean
  acknowledged: { by: string; at: string; note: string | null } | null
  closed: { at: string; how: 'over' | 'rule' } | null
  /** How the signed request fared; null: none was sent. */
  message: { address: string; opened: MessageView; over: MessageView | null } | null
}

export type MessageView = { state: 'due' | 'sent' | 'failed'; tries: number; code: string | null; at: string }

export type AlertsView = {
  /** When the rules were last looked at, and by which process; null: never. */
  checked: { at: string; by: string } | null
  /** Nobody has looked for longer than usual: what is shown may be out of date. */
  isStale: boolean
  open: AlertView[]
  /** Closed ones, the newest first. */
  closed: AlertView[]
  /** Where older ones begin; null: there are none. */
  older: string | null
}

/** What every page of those who read every job asks for again and again. */
export type AlertNews = {
  open: number
  /** Of these, nobody has acknowledged so many. */
  unacknowledged: number
  items: Pick<AlertView, 'id' | 'kind' | 'workflow' | 'heading' | 'sentence' | 'openedAt' | 'acknowledged'>[]
}

export const LONGEST_NOTE = 500
export const LONGEST_ADDRESS = 2_000
export const MOST_PEOPLE = 50

export const ruleSchema = z.strictObject({
  kind: z.enum(alertKinds),
  workflowKey: z.string().max(200).nullable(),
  /** In the unit of its kind. */
  threshold: z.number(),
  minutes: z.int().nullable(),
  least: z.int().nullable(),
  isOn: z.boolean(),
  people: z.array(z.string().max(100)).max(MOST_PEOPLE),
  byEmail: z.boolean(),
  address: z.string().max(LONGEST_ADDRESS).nullable(),
})
export type RuleInput = z.infer<typeof ruleSchema>

export type RuleView = RuleInput & {
  id: string
  version: number
  isBuiltIn: boolean
  workflowName: string | null
  /** Who is told of those whom it names, by name; empty: every lead. */
  peopleNames: string[]
  /** Whom it names in vain: they are deactivated, or may not read every job any more. */
  lostNames: string[]
  changes: RuleChangeView[]
}

export type RuleChangeView = {
  version: number
  at: string
  by: string
  /** What was changed, as short sentences. */
  changed: string[]
}
