import { describe, expect, test } from 'vitest'
import { describeNextAction, nextActionKinds, nextActionOf } from './next-action'
import { roundKindNames, stateNames } from './table'

const now = new Date('2026-11-23T10:00:00Z')
const later = new Date('2026-11-23T16:00:00Z')
const words = { resultKind: 'report', approvalsNeeded: 1, approvalsGiven: 0 }

describe('the next required action', () => {
  test('exists for every state and every kind of round', () => {
    for (const state of stateNames) {
      const rounds = state === 'awaiting_review' ? roundKindNames : [null]
      for (const kind of rounds) {
        const round = kind === null ? null : { kind, dueAt: later }
        const next = nextActionOf({ state, round, dueAt: null, notBefore: null }, now)
        expect(nextActionKinds[next.rank]).toBe(next.kind)
        const said = describeNextAction(next.kind, words)
        expect(said.who).not.toBe('')
        expect(said.what).toMatch(/\.$/)
      }
    }
  })

  test('of a job that waits for people is due when its round is', () => {
    const next = nextActionOf(
      { state: 'awaiting_review', round: { kind: 'result', dueAt: later }, dueAt: now, notBefore: null },
      now,
    )
    expect(next).toMatchObject({ kind: 'decide', dueAt: later })
  })

  test('tells waiting out a backoff from waiting for a worker', () => {
    const queued = (notBefore: Date | null) =>
      nextActionOf({ state: 'queued', round: null, dueAt: null, notBefore }, now).kind
    expect(queued(null)).toBe('wait_send')
    expect(queued(later)).toBe('wait_backoff')
    expect(queued(new Date(now.getTime() - 1))).toBe('wait_send')
  })

  test('puts a lost answer before trouble, and what people must do before what runs by itself', () => {
    const rank = (kind: (typeof nextActionKinds)[number]) => nextActionKinds.indexOf(kind)
    expect(rank('resolve_unknown')).toBeLessThan(rank('look_into_trouble'))
    expect(rank('retry_or_abandon')).toBeLessThan(rank('wait_run'))
  })

  test('counts the people who are still needed', () => {
    const say = (approvalsNeeded: number, approvalsGiven: number) =>
      describeNextAction('decide', { ...words, approvalsNeeded, approvalsGiven }).who
    expect([say(1, 0), say(2, 0), say(2, 1), say(3, 1)]).toEqual([
      'A reviewer',
      '2 reviewers',
      'One more reviewer',
      '2 more reviewers',
    ])
  })
})
