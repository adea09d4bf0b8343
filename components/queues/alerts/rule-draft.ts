/** What is typed into the form of a rule. Pure. */
import { type AlertKind, alertKindInfo, type Unit } from '@/lib/alerts/kinds'
import type { RuleInput } from '@/lib/alerts/view'

/** A share is typed as a percentage. */
const FACTOR: Record<Unit, number> = { minutes: 1, share: 100, count: 1 }

export type Draft = Omit<RuleInput, 'threshold' | 'minutes' | 'least' | 'address'> & {
  threshold: string
  minutes: string
  least: string
  address: string
}

/** What the form begins with. Of the people only those whom a rule can name: nobody could take the others off the list. */
export function draftOf(kind: AlertKind, rule: RuleInput | undefined, recipients: readonly { id: string }[]): Draft {
  const { unit, usual } = alertKindInfo[kind]
  const { threshold, minutes, least } = rule ?? usual
  return {
    kind,
    workflowKey: rule?.workflowKey ?? null,
    // 0.29 × 100 is not 29 in binary.
    threshold: String(Math.round(threshold * FACTOR[unit] * 100) / 100),
    minutes: minutes === null ? '' : String(minutes),
    least: least === null ? '' : String(least),
    isOn: rule?.isOn ?? true,
    people: (rule?.people ?? []).filter((person) => recipients.some(({ id }) => id === person)),
    byEmail: rule?.byEmail ?? true,
    address: rule?.address ?? '',
  }
}

/** What was typed and is no number becomes one that the server refuses, with the field that is wrong. */
export function inputOf(draft: Draft): RuleInput {
  const { unit, usual } = alertKindInfo[draft.kind]
  const whole = (text: string) => (Number.isInteger(Number(text)) && text.trim() !== '' ? Number(text) : 0)
  return {
    ...draft,
    threshold: (Number(draft.threshold.replace(',', '.')) || 0) / FACTOR[unit],
    minutes: usual.minutes === null ? null : whole(draft.minutes),
    least: usual.least === null ? null : whole(draft.least),
    address: draft.address.trim() === '' ? null : draft.address,
  }
}
