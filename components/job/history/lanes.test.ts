import { describe, expect, it } from 'vitest'
import { anAttempt, anEvent, anObservation } from '../fixtures'
import { broughtNothing, historyOf } from './lanes'

const at = (seconds: number) => new Date(Date.UTC(2026, 10, 23, 10, 0, seconds)).toISOString()

describe('the two lanes', () => {
  it('stand in the order of time, each entry in its own lane', () => {
    const entries = historyOf({
      events: [anEvent({ seq: 1, at: at(0) }), anEvent({ seq: 2, at: at(9), command: 'hold' })],
      attempts: [anAttempt({ acceptedAt: at(2), finishedAt: at(7) })],
      observations: [
        anObservation({ id: '5', at: at(1), kind: 'create', httpStatus: null, providerStatus: null }),
        anObservation({ id: '6', at: at(8), changed: true }),
      ],
    })
    expect(entries.map((entry) => `${entry.lane} ${entry.key}`)).toEqual([
      'ours e1',
      'provider o5',
      'provider a1',
      'provider f1',
      'provider o6',
      'ours e2',
    ])
  })

  it('keep the order of the chain for events of one moment', () => {
    const events = [anEvent({ seq: 3, at: at(4) }), anEvent({ seq: 2, at: at(4) })]
    expect(historyOf({ events, attempts: [], observations: [] }).map((entry) => entry.key)).toEqual(['e2', 'e3'])
  })

  it('put no end before its beginning, though OpenAI’s clock has whole seconds', () => {
    const later = (seconds: number) => at(seconds).replace('.000', '.500')
    const entries = historyOf({
      events: [anEvent({ seq: 2, at: later(4), command: 'start' })],
      attempts: [anAttempt({ sentAt: later(4), finishedAt: at(4) })],
      observations: [anObservation({ id: '8', at: later(4).replace('.500', '.600'), kind: 'create' })],
    })
    expect(entries.map((entry) => entry.key)).toEqual(['e2', 'o8', 'f1'])
  })

  it('put what was seen above what came of it in the same moment', () => {
    const entries = historyOf({
      events: [anEvent({ seq: 4, at: at(4) })],
      attempts: [],
      observations: [anObservation({ id: '9', at: at(4), changed: true })],
    })
    expect(entries.map((entry) => entry.key)).toEqual(['o9', 'e4'])
  })
})

describe('folding looks', () => {
  const looks = [1, 2, 3].map((second) => anObservation({ id: String(second), at: at(second) }))

  it('makes one entry of looks that brought nothing', () => {
    const entries = historyOf({ events: [], attempts: [], observations: looks })
    expect(entries).toHaveLength(1)
    expect(entries[0]).toMatchObject({ kind: 'unchanged', at: at(1), until: at(3), looks })
  })

  it('stops where something else happened in between', () => {
    const entries = historyOf({
      events: [anEvent({ seq: 1, at: at(2), command: 'comment' })],
      attempts: [],
      observations: looks,
    })
    expect(entries.map((entry) => (entry.kind === 'unchanged' ? entry.looks.length : entry.kind))).toEqual([
      2,
      'event',
      1,
    ])
  })

  it('never folds a look that failed, brought news, or was a webhook', () => {
    expect(broughtNothing(anObservation({}))).toBe(true)
    for (const over of [
      { changed: true },
      { httpStatus: 500 },
      { httpStatus: null, errorCode: 'ECONNRESET' },
    ] as const) {
      expect(broughtNothing(anObservation(over))).toBe(false)
    }
    expect(broughtNothing(anObservation({ kind: 'webhook' }))).toBe(false)
  })

  it('keeps the looks of two attempts apart', () => {
    const entries = historyOf({
      events: [],
      attempts: [],
      observations: [...looks, anObservation({ id: '4', at: at(4), attempt: 2 })],
    })
    expect(entries).toHaveLength(2)
  })
})
