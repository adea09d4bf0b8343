/** What an alert says, made from its codes and numbers. Pure. */
import { type AlertKind, alertKindInfo } from './kinds'
import type { RuleView } from './view'

export type AlertFacts = {
  kind: AlertKind
  subject: string
  /** The name of its workflow; null: it is of none. */
  workflow: string | null
  value: number
  detail: Record<string, unknown>
}

export type AlertWords = {
  heading: string
  /** What was found. */
  sentence: string
  /** What a person does about it. */
  mend: string
  /** Where they do it; null: not in Holdpoint. */
  href: string | null
}

/** The words of an alert as it stands, or stood last. */
export function alertWords(
  { kind, subject, workflow, value, detail }: AlertFacts,
  workflowKey: string | null,
): AlertWords {
  const of = workflow ?? 'A workflow'
  const jobs = (state: string) =>
    `/jobs?${new URLSearchParams({ ...(workflowKey ? { workflow: workflowKey } : {}), state })}`
  switch (kind) {
    case 'no_worker':
      return {
        heading: 'No worker is alive',
        sentence: `The last beat of any worker is ${minutes(value)} old. Nothing is sent or delivered; nothing is lost.`,
        mend: 'Start a worker: it goes on where they stopped.',
        href: '/queues/workers',
      }
    case 'worker_gone':
      return {
        heading: `${numberOf(detail.gone, 1) > 1 ? `${count(numberOf(detail.gone, 1))} workers on` : 'A worker on'} ${subject} ${numberOf(detail.gone, 1) > 1 ? 'are' : 'is'} gone`,
        sentence: `It has been silent for ${minutes(value)}, and did not leave. What it held was taken over.`,
        mend: 'Start it again, or say on the page of workers that it will not come back.',
        href: '/queues/workers',
      }
    case 'nothing_moves':
      return {
        heading: `${of}: nothing moves`,
        sentence: `${jobsWords(numberOf(detail.waiting, 0))}, and no job of it has moved for ${minutes(value)}.`,
        mend: 'See whether workers are alive, and what its calls say.',
        href: jobs('queued'),
      }
    case 'oldest_waiting':
      return {
        heading: `${of}: a job waits long to be sent`,
        sentence: `The oldest has waited for ${minutes(value)}.`,
        mend: 'See whether workers keep up, and whether the rate limit holds them back.',
        href: jobs('queued'),
      }
    case 'oldest_review':
      return {
        heading: `${of}: a job waits long for a person`,
        sentence: `The oldest review has been open for ${minutes(value)}.`,
        mend: 'Find somebody who decides on it.',
        href: jobs('awaiting_review'),
      }
    case 'failure_rate':
      return {
        heading: `${of}: many calls fail`,
        sentence: `${percent(value)} of the calls failed: ${count(numberOf(detail.failed, 0))} of ${count(numberOf(detail.ended, 0))} that ended in ${minutes(numberOf(detail.minutes, 60))}.`,
        mend: 'See what they failed of, and pause sending if more would fail in the same way.',
        href: '/queues/failures',
      }
    case 'unclassified_seen':
      return {
        heading: `Unclassified: ${subject}`,
        sentence: `${value === 1 ? 'A call' : `${count(value)} calls`} ended with a code that no rule names${workflow === null ? '' : `, of ${workflow}`}. Each job is held for a person.`,
        mend: 'Say in the failure rules what it means, or resolve it under Failures.',
        href: '/rules',
      }
    case 'budget_used':
      return {
        heading: budgetHeading(of, detail, value),
        sentence: `${usd(numberOf(detail.used, 0))} of ${usd(numberOf(detail.limit, 0))} is spent or reserved. At 100 % sending stops.`,
        mend: 'Raise the budget, or let it stop.',
        href: '/settings/money',
      }
    case 'webhooks_silent':
      return {
        heading: 'Webhooks are silent',
        sentence: `None has come for ${minutes(value)}, and ${count(numberOf(detail.missed, 0))} responses ended without one. Polls find them, later.`,
        mend: 'Send a test, and see whether the public address still leads here.',
        href: '/settings/transport',
      }
  }
}

/** What is said when it is over. */
export function overWords(heading: string, openedAt: Date, closedAt: Date): { heading: string; sentence: string } {
  return {
    heading: `Over: ${heading}`,
    sentence: `It lasted for ${minutes((closedAt.getTime() - openedAt.getTime()) / 60_000)}. Nothing is left to do about it.`,
  }
}

/** A threshold as people read it: "30 min", "80 %", "3". */
export function thresholdWords(kind: AlertKind, threshold: number): string {
  switch (alertKindInfo[kind].unit) {
    case 'minutes':
      return minutes(threshold)
    case 'share':
      return percent(threshold)
    case 'count':
      return count(threshold)
  }
}

/** When a rule finds something, in a few words: "for 30 min", "50 % of at least 10 calls in 1 h". */
export function ruleWords(rule: {
  kind: AlertKind
  threshold: number
  minutes: number | null
  least: number | null
}): string {
  const { kind, threshold, minutes: over, least } = rule
  const from = thresholdWords(kind, threshold)
  const within = over === null ? '' : ` in ${minutes(over)}`
  if (kind === 'failure_rate') return `from ${from} of at least ${count(least ?? 1)} calls${within}`
  if (kind === 'unclassified_seen') return `from ${from} ${threshold === 1 ? 'call' : 'calls'}${within}`
  return kind === 'budget_used' ? `from ${from}` : `after ${from}`
}

type Told = Pick<RuleView, 'peopleNames' | 'lostNames' | 'byEmail' | 'address'>

/** Who is told: "Tells every lead, in the app alone. Dana may not read alerts any more, and is told nothing." */
export function toldWords({ peopleNames, lostNames, byEmail, address }: Told): string {
  const list = new Intl.ListFormat('en')
  const whom = peopleNames.length === 0 ? 'every lead' : list.format(peopleNames)
  const mail = byEmail ? ', in the app and by e-mail as each has chosen' : ', in the app alone'
  const tells = `Tells ${whom}${mail}${address === null ? '' : `, and sends a signed request to ${address}`}.`
  if (lostNames.length === 0) return tells
  return `${tells} ${list.format(lostNames)} may not read alerts any more, and ${lostNames.length === 1 ? 'is' : 'are'} told nothing.`
}

/** "31 min", "2 h 5 min", "3 d 4 h". */
export function minutes(value: number): string {
  const whole = Math.max(0, Math.floor(value))
  if (whole < 1) return 'less than a minute'
  if (whole < 60) return `${whole} min`
  const hours = Math.floor(whole / 60)
  if (hours < 24) return whole % 60 === 0 ? `${hours} h` : `${hours} h ${whole % 60} min`
  const days = Math.floor(hours / 24)
  return hours % 24 === 0 ? `${days} d` : `${days} d ${hours % 24} h`
}

function budgetHeading(workflow: string, detail: Record<string, unknown>, value: number): string {
  const at = percent(value)
  if (detail.budget === 'day') return `The budget of the day is used to ${at}`
  const which = detail.budget === 'workflow_day' ? 'the budget of its day' : 'its budget'
  return `${workflow}: ${which} is used to ${at}`
}

function jobsWords(waiting: number): string {
  return waiting === 1 ? '1 job waits to be sent or runs' : `${count(waiting)} jobs wait to be sent or run`
}

const numberOf = (value: unknown, otherwise: number): number => (typeof value === 'number' ? value : otherwise)
const count = (value: number): string => value.toLocaleString('en')
// Not rounded up: 99.6 % is not yet 100 %.
const percent = (value: number): string => `${Math.floor(value * 100 + 1e-9)} %`
const usd = (value: number): string => value.toLocaleString('en', { style: 'currency', currency: 'USD' })
