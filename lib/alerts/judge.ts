/** Which alerts open, stay and close, from what was found. Pure. */
import { type AlertKind, alertKindInfo } from './kinds'

/** One cause that a rule could find. */
export type Finding = {
  /** A workflow, a host, a code, an account of money; empty: the whole installation. */
  subject: string
  workflowKey: string | null
  /** In the unit of the kind; null: cannot be told now, so that nothing opens or closes by it. */
  value: number | null
  /** When it was last met; absent: it is so now. */
  seenAt?: Date
  /** Codes and numbers that the sentences are made from; never content. */
  detail: Record<string, string | number>
}

export type Standing = 'holds' | 'between' | 'clear'

/** It closes only when it has been clear for so long, so that what flutters is told once. In milliseconds. */
export const CLEAR_FOR_MS = 60_000
/** Below this share of the threshold it is clear; between the two what is open stays open. */
const CLEAR_BELOW = 0.9

/**
 * Where a value stands against the threshold. What is not known changes nothing. Nor does it that fewer of what is counted
 * were seen since: what is settled is not found any more.
 */
export function standingOf(kind: AlertKind, threshold: number, value: number | null): Standing {
  if (value === null) return 'between'
  if (value >= threshold) return 'holds'
  return alertKindInfo[kind].unit === 'count' || value >= threshold * CLEAR_BELOW ? 'between' : 'clear'
}

export type OpenAlert = { id: string; subject: string; worst: number; clearSince: Date | null }

export type Plan = {
  open: (Finding & { value: number })[]
  /** Still there: with what was found of it. `isClear` false ends a time of being clear. */
  keep: { id: string; finding: Finding & { value: number }; worst: number }[]
  /** Clear for the first time. */
  clearing: string[]
  /** Clear before, and nothing is known of it now. */
  unsure: string[]
  close: string[]
}

/**
 * What becomes of the alerts of one rule.
 * @param mayOpen false while something else explains it: no second alert for one cause.
 */
export function planAlerts(
  rule: { kind: AlertKind; threshold: number },
  findings: readonly Finding[],
  open: readonly OpenAlert[],
  { now, mayOpen }: { now: Date; mayOpen: (finding: Finding) => boolean },
): Plan {
  const plan: Plan = { open: [], keep: [], clearing: [], unsure: [], close: [] }
  for (const finding of findings) {
    if (open.some(({ subject }) => subject === finding.subject)) continue
    if (standingOf(rule.kind, rule.threshold, finding.value) !== 'holds' || !mayOpen(finding)) continue
    plan.open.push({ ...finding, value: finding.value ?? 0 })
  }
  for (const alert of open) {
    const finding = findings.find(({ subject }) => subject === alert.subject)
    // What is not among the findings any more is not there any more.
    const standing = finding === undefined ? 'clear' : standingOf(rule.kind, rule.threshold, finding.value)
    if (standing !== 'clear') {
      if (finding?.value == null) {
        if (alert.clearSince !== null) plan.unsure.push(alert.id)
        continue
      }
      const { value } = finding
      plan.keep.push({ id: alert.id, finding: { ...finding, value }, worst: Math.max(alert.worst, value) })
    } else if (alert.clearSince === null) plan.clearing.push(alert.id)
    else if (now.getTime() - alert.clearSince.getTime() >= CLEAR_FOR_MS) plan.close.push(alert.id)
  }
  return plan
}

/**
 * Whether an alert is not looked for any more because its rule was changed: narrowed to another workflow, or to a
 * threshold above the one that people were told at, and which it still meets. So nobody is told that it is over.
 */
export function isLookedPast(
  rule: { kind: AlertKind; threshold: number; workflowKey: string | null },
  alert: { subject: string; workflowKey: string | null; threshold: number; worst: number },
  findings: readonly Finding[],
): boolean {
  if (rule.workflowKey !== null && rule.workflowKey !== alert.workflowKey) return true
  // What was counted was seen, however few there are of late.
  if (alertKindInfo[rule.kind].unit === 'count') return alert.worst < rule.threshold
  const value = findings.find(({ subject }) => subject === alert.subject)?.value ?? null
  const standing = (threshold: number) => standingOf(rule.kind, threshold, value)
  return standing(rule.threshold) === 'clear' && standing(alert.threshold) !== 'clear'
}

/** Kinds that say nothing new while no worker is alive: that is their cause. */
const FOLLOWS_FROM_NO_WORKER: readonly AlertKind[] = ['worker_gone', 'nothing_moves', 'oldest_waiting']

/** Whether an alert of this kind would only be a consequence of another that is open. */
export function isExplained(kind: AlertKind, { noWorker }: { noWorker: boolean }): boolean {
  return noWorker && FOLLOWS_FROM_NO_WORKER.includes(kind)
}
