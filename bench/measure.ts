/** A measure: what it is called, what came out, and beside what. Pure. */

export type Unit = 'ms' | 's' | 'ms of CPU' | 'KB' | 'bytes' | 'jobs/s' | 'queries/s'

/** What is asked of a measure. */
export type Target =
  /** Ours, in the measure's own unit. */
  | { atMost: number }
  /** Ours beside theirs: `times` of it at most, or so many times less. */
  | { timesOfIt: number }
  | { timesLess: number }

/** As a group gives it. */
export type Measured = {
  name: string
  unit: Unit
  /** Which of the samples `ours` and `theirs` are. */
  statistic: 'p95' | 'median'
  ours: number
  median: number
  /** What it stands beside, measured in the same run, in between; null where nothing is. */
  beside: string | null
  theirs: number | null
  /** How many times better ours is: above 1 we are ahead. Of pairs, the median. */
  ratio: number | null
  /** The lowest and the highest ratio of five equal parts of the run. */
  ratioSpread: [number, number] | null
  target: string | null
  met: boolean | null
  /** The lowest and the highest of `ours` in five equal parts of the run. */
  spread: [number, number]
  samples: number
  note: string | null
}

export type Measure = Measured & { group: string }

const PARTS = 5

/** The value below which `share` of them lie. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other)
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(sorted.length * share) - 1))] ?? Number.NaN
}

const round = (value: number) => (Math.abs(value) < 10 ? Math.round(value * 100) / 100 : Math.round(value * 10) / 10)

export type MeasureOptions = {
  unit?: Unit
  statistic?: 'p95' | 'median'
  theirs?: readonly number[] | null
  beside?: string | null
  /** In the unit of the measure, or in words of what it stands beside. */
  target?: number | Target | null
  /** Where more of it is better. */
  more?: boolean
  note?: string | null
}

/** @param ours the samples, in the order in which they were measured. */
export function measureOf(name: string, ours: readonly number[], options: MeasureOptions = {}): Measured {
  const { unit = 'ms', statistic = 'p95', theirs = null, beside = null, more = false, note = null } = options
  const target = typeof options.target === 'number' ? { atMost: options.target } : (options.target ?? null)
  const of = (samples: readonly number[]) => percentile(samples, statistic === 'p95' ? 0.95 : 0.5)
  const peer = theirs === null ? null : of(theirs)
  const better = (one: number, other: number) => (more ? one / other : other / one)
  const ratio = peer === null ? null : better(of(ours), peer)
  const parts = partsOf(ours).map(of)
  const ratios =
    theirs === null ? [] : partsOf(ours).map((part, index) => better(of(part), of(partsOf(theirs)[index] ?? theirs)))
  return {
    name,
    unit,
    statistic,
    ours: round(of(ours)),
    median: round(percentile(ours, 0.5)),
    beside: theirs === null ? null : (beside ?? 'the naive page'),
    theirs: peer === null ? null : round(peer),
    ratio: ratio === null ? null : round(ratio),
    ratioSpread: ratios.length === 0 ? null : [round(Math.min(...ratios)), round(Math.max(...ratios))],
    target: target === null ? null : wordsOf(target, unit),
    met: target === null ? null : isMet(target, of(ours), ratio),
    spread: [round(Math.min(...parts)), round(Math.max(...parts))],
    samples: ours.length,
    note,
  }
}

function partsOf(samples: readonly number[]): number[][] {
  const count = Math.min(PARTS, samples.length)
  return Array.from({ length: count }, (_, index) =>
    samples.slice(Math.floor((index * samples.length) / count), Math.floor(((index + 1) * samples.length) / count)),
  )
}

function wordsOf(target: Target, unit: Unit): string {
  if ('atMost' in target) return `at most ${target.atMost} ${unit}`
  if ('timesOfIt' in target) return target.timesOfIt === 1 ? 'ahead of it' : `at most ${target.timesOfIt}× of it`
  return `at least ${target.timesLess}× less`
}

function isMet(target: Target, ours: number, ratio: number | null): boolean | null {
  if ('atMost' in target) return ours <= target.atMost
  if (ratio === null) return null
  return 'timesOfIt' in target ? ratio * target.timesOfIt >= 1 : ratio >= target.timesLess
}

/** Milliseconds that `work` takes. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now()
  await work()
  return performance.now() - begun
}

/** Each of `works` once a round, in turn: what happens to the machine meanwhile happens to all of them. */
export async function interleaved<K extends string>(
  rounds: number,
  works: Record<K, () => Promise<unknown>>,
): Promise<Record<K, number[]>> {
  const times = Object.fromEntries(Object.keys(works).map((name) => [name, []])) as unknown as Record<K, number[]>
  const names = Object.keys(works) as K[]
  // The first of each loads code, connects and plans; it says nothing about the others.
  for (const name of names) await works[name]()
  for (let turn = 0; turn < rounds; turn += 1) {
    // Not always in the same order: whoever comes after another may find more in memory.
    for (const name of turn % 2 === 0 ? names : names.toReversed()) times[name].push(await timed(works[name]))
  }
  return times
}

/**
 * Everybody at their own pace: `each` is called once for each of `count`, spread over `seconds`, whatever the others still
 * wait for. @returns milliseconds of each, in the order of their begin.
 */
export async function paced(
  count: number,
  seconds: number,
  each: (index: number) => Promise<unknown>,
): Promise<number[]> {
  const begun = performance.now()
  const at = (index: number) => (index / count) * seconds * 1_000 - (performance.now() - begun)
  return Promise.all(
    Array.from({ length: count }, async (_, index) => {
      await new Promise((resolve) => setTimeout(resolve, Math.max(at(index), 0)))
      return timed(() => each(index))
    }),
  )
}

/** Where we lose, or miss what was asked. */
export const isBehind = ({ met, ratio, target }: Measure) =>
  met === false || (target === null && ratio !== null && ratio < 1)

/** A table for people: where we lose comes first. */
export function tableOf(measures: readonly Measure[]): string {
  const ordered = [...measures.filter(isBehind), ...measures.filter((measure) => !isBehind(measure))]
  const head = ['', 'group', 'measure', 'ours', 'spread', 'beside', 'theirs', 'ratio', 'spread', 'target']
  const rows = ordered.map((measure) => {
    const { group, name, unit, ours, spread, beside, theirs, ratio, ratioSpread, target, met, statistic } = measure
    const mark = isBehind(measure) ? (met === false ? 'MISSED' : 'BEHIND') : met === true ? 'met' : ''
    return [
      mark,
      group,
      name,
      `${ours} ${unit}${statistic === 'p95' ? ' p95' : ''}`,
      `${spread[0]}–${spread[1]}`,
      beside ?? '–',
      theirs === null ? '–' : `${theirs}`,
      ratio === null ? '–' : `${ratio}×`,
      ratioSpread === null ? '–' : `${ratioSpread[0]}–${ratioSpread[1]}×`,
      target ?? '–',
    ]
  })
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)))
  return [head, ...rows]
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
