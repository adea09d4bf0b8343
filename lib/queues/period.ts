/** Stretches of time that figures are shown for, and the pieces that they are read in. Pure. */

export const periods = ['1h', '24h', '7d', '30d'] as const
export type Period = (typeof periods)[number]
export const DEFAULT_PERIOD: Period = '24h'

export type Grain = 'minute' | 'hour' | 'day'

const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000
const DAY_MS = 86_400_000
const GRAIN_MS: Record<Grain, number> = { minute: MINUTE_MS, hour: HOUR_MS, day: DAY_MS }

export type PeriodInfo = {
  label: string
  ms: number
  /** Where its edges lie: to the minute or to the hour. */
  edge: Grain
  /** The points of its charts, in milliseconds, and the grain that they are read from. */
  stepMs: number
  stepGrain: Grain
}

export const periodInfo: Record<Period, PeriodInfo> = {
  '1h': { label: '1 hour', ms: HOUR_MS, edge: 'minute', stepMs: 5 * MINUTE_MS, stepGrain: 'minute' },
  '24h': { label: '24 hours', ms: DAY_MS, edge: 'minute', stepMs: HOUR_MS, stepGrain: 'hour' },
  '7d': { label: '7 days', ms: 7 * DAY_MS, edge: 'hour', stepMs: 6 * HOUR_MS, stepGrain: 'hour' },
  '30d': { label: '30 days', ms: 30 * DAY_MS, edge: 'hour', stepMs: DAY_MS, stepGrain: 'day' },
}

/** `value` as a period; what is none is the usual one. */
export function periodOf(value: string | null | undefined): Period {
  return periods.find((period) => period === value) ?? DEFAULT_PERIOD
}

/** From `from` until before `to`, in milliseconds since 1970. */
export type Stretch = { from: number; to: number }

const floorTo = (at: number, step: number) => Math.floor(at / step) * step
const ceilTo = (at: number, step: number) => Math.ceil(at / step) * step

/**
 * The period that ends at `asOf`, and the one before it. It begins on a whole minute or hour, so that it is longer than
 * its name says by less than one of them; the one before has exactly its length by name.
 */
export function stretchesOf(period: Period, asOf: number): { now: Stretch; before: Stretch } {
  const { ms, edge } = periodInfo[period]
  const from = floorTo(asOf - ms, GRAIN_MS[edge])
  return { now: { from, to: asOf }, before: { from: from - ms, to: from } }
}

export type Piece = Stretch & { grain: Grain }

/**
 * The buckets that make up `stretch`: days inside, hours and minutes at its edges, none finer than `edge` or coarser
 * than `widest`. Its end counts as far as the bucket in which it lies has been filled.
 */
export function piecesOf({ from, to }: Stretch, edge: Grain, widest: Grain): Piece[] {
  const grains: Grain[] = ['day', 'hour', 'minute']
  const end = ceilTo(to, GRAIN_MS[edge])
  const usable = grains.slice(grains.indexOf(widest), grains.indexOf(edge) + 1)
  return cover({ from, to: end }, usable)
}

function cover({ from, to }: Stretch, [grain, ...finer]: readonly Grain[]): Piece[] {
  if (grain === undefined || from >= to) return []
  const inner = { from: ceilTo(from, GRAIN_MS[grain]), to: floorTo(to, GRAIN_MS[grain]) }
  if (inner.from >= inner.to) return cover({ from, to }, finer)
  return [...cover({ from, to: inner.from }, finer), { ...inner, grain }, ...cover({ from: inner.to, to }, finer)]
}

/** How wide the buckets inside a period may be: the wider they are, the fewer are read. */
export function widestOf(period: Period): Grain {
  return period === '1h' ? 'minute' : period === '24h' ? 'hour' : 'day'
}

/** The beginnings of the steps of a chart, in order, and the steps themselves cover the whole period. */
export function stepsOf(period: Period, { from, to }: Stretch): number[] {
  const { stepMs } = periodInfo[period]
  const steps: number[] = []
  for (let at = floorTo(from, stepMs); at < to; at += stepMs) steps.push(at)
  return steps
}
