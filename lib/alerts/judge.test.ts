import { describe, expect, test } from 'vitest'
import { CLEAR_FOR_MS, type Finding, isExplained, isLookedPast, type OpenAlert, planAlerts, standingOf } from './judge'
import { type AlertKind, alertKindInfo, alertKinds } from './kinds'
import { alertWords, minutes, ruleWords, thresholdWords, toldWords } from './words'

const now = new Date('2026-11-30T10:00:00Z')
const rule: { kind: AlertKind; threshold: number } = { kind: 'oldest_waiting', threshold: 60 }
const found = (value: number | null, subject = 'report'): Finding => ({
  subject,
  workflowKey: subject,
  value,
  detail: {},
})
const open = (over: Partial<OpenAlert> = {}): OpenAlert => ({
  id: 'a',
  subject: 'report',
  worst: 70,
  clearSince: null,
  ...over,
})
const plan = (findings: Finding[], alerts: OpenAlert[], mayOpen = () => true) =>
  planAlerts(rule, findings, alerts, { now, mayOpen })
const long = new Date(now.getTime() - CLEAR_FOR_MS)

describe('an alert', () => {
  test('opens at its threshold, once for each cause', () => {
    const opened = plan([found(60), found(59.9, 'digest'), found(90, 'reply')], []).open
    expect(opened.map(({ subject }) => subject)).toEqual(['report', 'reply'])
    expect(plan([found(60)], [open()])).toMatchObject({ open: [], keep: [{ id: 'a', worst: 70 }] })
  })

  test('keeps the worst that was seen of it', () => {
    expect(plan([found(90)], [open()]).keep).toMatchObject([{ id: 'a', finding: { value: 90 }, worst: 90 }])
  })

  test('closes when it has been clear for a minute, and not before', () => {
    expect(plan([found(1)], [open()])).toMatchObject({ clearing: ['a'], close: [] })
    const almost = new Date(long.getTime() + 1)
    expect(plan([found(1)], [open({ clearSince: almost })])).toMatchObject({ clearing: [], close: [] })
    expect(plan([found(1)], [open({ clearSince: long })])).toMatchObject({ close: ['a'] })
    expect(plan([], [open({ clearSince: long })])).toMatchObject({ close: ['a'] })
  })

  test('does not flutter around its threshold, and begins its minute anew when it comes back', () => {
    expect(plan([found(55)], [open({ clearSince: long })])).toMatchObject({ keep: [{ id: 'a' }], close: [] })
    expect(plan([found(61)], [open({ clearSince: long })])).toMatchObject({ keep: [{ id: 'a' }], close: [] })
  })

  test('neither opens nor closes by what is not known', () => {
    const none = { open: [], keep: [], clearing: [], unsure: [], close: [] }
    expect(plan([found(null)], [])).toEqual(none)
    expect(plan([found(null)], [open()])).toEqual(none)
    // Then it has to be clear for a whole minute anew.
    expect(plan([found(null)], [open({ clearSince: long })])).toEqual({ ...none, unsure: ['a'] })
  })

  test('does not open where another explains it, and one that is open stays', () => {
    expect(plan([found(90)], [], () => false).open).toEqual([])
    expect(plan([found(90)], [open()], () => false).keep).toHaveLength(1)
    expect(isExplained('nothing_moves', { noWorker: true })).toBe(true)
    expect(isExplained('nothing_moves', { noWorker: false })).toBe(false)
    expect(isExplained('budget_used', { noWorker: true })).toBe(false)
  })

  test('is passed over by a rule that was changed only where it still is what it was', () => {
    const past = (threshold: number, value: number | null, workflowKey: string | null = null) =>
      isLookedPast(
        { ...rule, threshold, workflowKey },
        { subject: 'report', workflowKey: 'report', threshold: 60, worst: 70 },
        [found(value)],
      )
    expect(past(120, 70), 'a higher threshold').toBe(true)
    expect(past(120, 115), 'almost there').toBe(false)
    expect(past(120, 10), 'over by the old one too').toBe(false)
    expect(past(60, 10), 'over').toBe(false)
    expect(past(120, null)).toBe(false)
    expect([past(60, 70, 'report'), past(60, 70, 'digest')]).toEqual([false, true])
  })

  test('of a count is not over because fewer were seen since, and that of a share is', () => {
    expect(standingOf('unclassified_seen', 10, 1)).toBe('between')
    expect(standingOf('failure_rate', 0.5, 0.46)).toBe('between')
    expect(standingOf('failure_rate', 0.5, 0.44)).toBe('clear')
  })
})

describe('the words', () => {
  test.each(alertKinds)('of %s are whole sentences, whatever is missing', (kind) => {
    const { threshold } = alertKindInfo[kind].usual
    const facts = { kind, subject: 'host-7', workflow: 'Report', value: threshold, detail: {} }
    const { heading, sentence, mend } = alertWords(facts, 'report')
    for (const text of [sentence, mend]) expect(text).toMatch(/^.+[.]$/)
    expect(`${heading} ${sentence} ${mend}`).not.toMatch(/undefined|null|NaN/)
    expect(thresholdWords(kind, threshold)).not.toBe('')
  })

  test('of a rule name only those who are told', () => {
    const rule = { peopleNames: ['Rob'], lostNames: [], byEmail: false, address: null }
    expect(toldWords(rule)).toBe('Tells Rob, in the app alone.')
    expect(toldWords({ ...rule, peopleNames: [], lostNames: ['Dana'] })).toBe(
      'Tells every lead, in the app alone. Dana may not read alerts any more, and is told nothing.',
    )
  })

  test('say a time and a share as people read them, and never round up to a limit', () => {
    expect([0.4, 31, 60, 125, 1_440, 1_700].map(minutes)).toEqual([
      'less than a minute',
      '31 min',
      '1 h',
      '2 h 5 min',
      '1 d',
      '1 d 4 h',
    ])
    expect(thresholdWords('budget_used', 0.999)).toBe('99 %')
    expect(thresholdWords('failure_rate', 0.29)).toBe('29 %')
    expect(ruleWords({ kind: 'failure_rate', threshold: 0.5, minutes: 60, least: 10 })).toBe(
      'from 50 % of at least 10 calls in 1 h',
    )
    expect(ruleWords({ kind: 'nothing_moves', threshold: 30, minutes: null, least: null })).toBe('after 30 min')
  })
})
