import fc from 'fast-check'
import { expect, test } from 'vitest'
import { periodInfo, periodOf, periods, piecesOf, stepsOf, stretchesOf, widestOf } from './period'

const MINUTE = 60_000
const GRAIN_MS = { minute: MINUTE, hour: 60 * MINUTE, day: 1_440 * MINUTE }
const moment = fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2027, 0, 1) })
const period = fc.constantFrom(...periods)

test('the pieces of a period are whole buckets that follow each other without a gap', () => {
  fc.assert(
    fc.property(period, moment, (of, asOf) => {
      const { edge } = periodInfo[of]
      const { now, before } = stretchesOf(of, asOf)
      for (const stretch of [now, before]) {
        const pieces = piecesOf(stretch, edge, widestOf(of))
        expect(pieces[0]?.from).toBe(stretch.from)
        for (const [index, piece] of pieces.entries()) {
          expect(piece.from % GRAIN_MS[piece.grain]).toBe(0)
          expect(piece.to % GRAIN_MS[piece.grain]).toBe(0)
          expect(piece.to).toBeGreaterThan(piece.from)
          expect(piece.to).toBe(pieces[index + 1]?.from ?? Math.ceil(stretch.to / GRAIN_MS[edge]) * GRAIN_MS[edge])
        }
      }
    }),
  )
})

test('a period is as long as its name says, and less than one bucket longer; the one before ends where it begins', () => {
  fc.assert(
    fc.property(period, moment, (of, asOf) => {
      const { ms, edge } = periodInfo[of]
      const { now, before } = stretchesOf(of, asOf)
      expect(now.to - now.from).toBeGreaterThanOrEqual(ms)
      expect(now.to - now.from).toBeLessThan(ms + GRAIN_MS[edge])
      expect(before).toEqual({ from: now.from - ms, to: now.from })
    }),
  )
})

test('the steps of a chart cover the period', () => {
  fc.assert(
    fc.property(period, moment, (of, asOf) => {
      const { stepMs } = periodInfo[of]
      const { now } = stretchesOf(of, asOf)
      const steps = stepsOf(of, now)
      expect(steps.length).toBeLessThanOrEqual(32)
      expect(steps[0]).toBeLessThanOrEqual(now.from)
      expect((steps.at(-1) ?? 0) + stepMs).toBeGreaterThanOrEqual(now.to)
    }),
  )
})

test('what is no period is the usual one', () => {
  expect([periodOf('7d'), periodOf('7w'), periodOf(undefined), periodOf(null)]).toEqual(['7d', '24h', '24h', '24h'])
})
