/** The figures in words. Pure. */

import type { Flow, LengthName, StretchView } from '@/lib/queues/figures-view'
import type { Lengths } from '@/lib/queues/lengths'
import { type Period, periodInfo } from '@/lib/queues/period'

const SECOND_MS = 1_000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** "under 1 s", "4.2 s", "42 s", "3 min 20 s", "12 min", "3 h 20 min", "2 days 4 h": about two digits that say something. */
export function lengthWords(ms: number): string {
  if (ms < SECOND_MS) return 'under 1 s'
  if (ms < 10 * SECOND_MS) return `${(ms / SECOND_MS).toFixed(1)} s`
  if (ms < MINUTE_MS) return `${Math.round(ms / SECOND_MS)} s`
  if (ms < 10 * MINUTE_MS) return two(ms, MINUTE_MS, 'min', 10 * SECOND_MS, SECOND_MS, 's')
  if (ms < HOUR_MS) return `${Math.round(ms / MINUTE_MS)} min`
  if (ms < 10 * HOUR_MS) return two(ms, HOUR_MS, 'h', 10 * MINUTE_MS, MINUTE_MS, 'min')
  if (ms < 2 * DAY_MS) return `${Math.round(ms / HOUR_MS)} h`
  if (ms < 10 * DAY_MS) return two(ms, DAY_MS, 'days', HOUR_MS, HOUR_MS, 'h')
  return `${Math.round(ms / DAY_MS)} days`
}

/** Two units, the lesser one in steps of `step`. */
function two(ms: number, large: number, largeUnit: string, step: number, small: number, smallUnit: string): string {
  const rounded = Math.round(ms / step) * step
  const rest = Math.round((rounded % large) / small)
  const whole = Math.floor(rounded / large)
  return `${whole} ${whole === 1 && largeUnit === 'days' ? 'day' : largeUnit}${rest === 0 ? '' : ` ${rest} ${smallUnit}`}`
}

export function count(value: number): string {
  return value.toLocaleString('en')
}

/** "1.2 million", "34,500": tokens, which nobody counts one by one. */
export function roughly(value: number): string {
  if (value < 10_000) return count(value)
  return new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 }).format(value)
}

/** A share as "83 %"; null where there is nothing that it would be a share of. */
export function percent(part: number, whole: number): string | null {
  return whole === 0 ? null : `${Math.round((part / whole) * 100)} %`
}

/** How much comes in an hour, or in a day where that is less than one: "12 an hour". */
export function rateWords(times: number, { from, to }: StretchView): string {
  const hours = (Date.parse(to) - Date.parse(from)) / HOUR_MS
  const anHour = times / hours
  if (times === 0) return 'none'
  if (anHour >= 1) return `${anHour >= 10 ? Math.round(anHour) : anHour.toFixed(1)} an hour`
  const aDay = anHour * 24
  return `${aDay >= 10 ? Math.round(aDay) : aDay.toFixed(1)} a day`
}

/** "known for 41 of 52"; null where all are known. */
export function knownWords({ known, of }: Lengths): string | null {
  return known === of ? null : `known for ${count(known)} of ${count(of)}`
}

export const lengthInfo: Record<LengthName, { label: string; help: string }> = {
  in_queued: { label: 'Waiting', help: 'In the state Queued, each time until it left.' },
  in_running: { label: 'Running', help: 'In the state Running, each time until it left.' },
  in_review: { label: 'In review', help: 'In the state Needs review, each time until it left.' },
  to_completed: { label: 'From question to acceptance', help: 'From when it was asked for until it was accepted.' },
  wait_to_claim: { label: 'Until somebody took it', help: 'From the opening of a review round until its first claim.' },
  claim_to_decision: { label: 'From claim to decision', help: 'Of one person, in one round.' },
  hands_on: { label: 'Hands on', help: 'With the page in sight and in use, of one person in one round.' },
}

export const flowInfo: Record<keyof Flow, string> = {
  arrived: 'Arrived',
  completed: 'Completed',
  failed: 'Failed',
  expired: 'Expired',
  abandoned: 'Abandoned',
}

/** "the last 24 hours" */
export function periodWords(period: Period): string {
  return period === '1h' ? 'the last hour' : `the last ${periodInfo[period].label}`
}

/** "10:00", "Tue 10:00", "24 Nov": where a step of a chart begins, as fine as its steps are. */
export function stepWords(from: string, period: Period, timeZone?: string): string {
  const format: Record<Period, Intl.DateTimeFormatOptions> = {
    '1h': { hour: '2-digit', minute: '2-digit' },
    '24h': { hour: '2-digit', minute: '2-digit' },
    '7d': { weekday: 'short', hour: '2-digit', minute: '2-digit' },
    // Days are days of UTC.
    '30d': { day: 'numeric', month: 'short', timeZone: 'UTC' },
  }
  return new Intl.DateTimeFormat('en-GB', { timeZone, ...format[period] }).format(new Date(from))
}

/** "24 Nov" of "2026-11-24". */
export function dayWords(day: string): string {
  return new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' }).format(new Date(day))
}
