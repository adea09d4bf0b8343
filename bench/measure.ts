/** A measure: what it is called, what came out, and beside what. Pure. */

export type Measure = {
  name: string
  unit: 'ms'
  /** The 95th percentile of ours, unless its name says otherwise. */
  ours: number
  median: number
  /** The same of the peer, in the same run; null where there is no peer. */
  theirs: number | null
  /** theirs / ours: above 1 we are faster. */
  ratio: number | null
  target: number | null
  met: boolean | null
  /** The lowest and the highest 95th percentile of five equal parts of the run. */
  spread: [number, number]
  samples: number
}

const PARTS = 5

/** The value below which `share` of them lie. */
export function percentile(times: readonly number[], share: number): number {
  const sorted = times.toSorted((one, other) => one - other)
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(sorted.length * share) - 1))] ?? Number.NaN
}

const round = (value: number) => Math.round(value * 10) / 10

/** @param ours milliseconds, in the order in which they were measured. */
export function measureOf(
  name: string,
  ours: readonly number[],
  { theirs = null, target = null }: { theirs?: readonly number[] | null; target?: number | null } = {},
): Measure {
  const p95 = percentile(ours, 0.95)
  const peer = theirs === null ? null : percentile(theirs, 0.95)
  const size = Math.max(Math.floor(ours.length / PARTS), 1)
  const parts = Array.from({ length: Math.min(PARTS, ours.length) }, (_, index) =>
    percentile(ours.slice(index * size, (index + 1) * size), 0.95),
  )
  return {
    name,
    unit: 'ms',
    ours: round(p95),
    median: round(percentile(ours, 0.5)),
    theirs: peer === null ? null : round(peer),
    ratio: peer === null ? null : Math.round((peer / p95) * 100) / 100,
    target,
    met: target === null ? null : p95 <= target,
    spread: [round(Math.min(...parts)), round(Math.max(...parts))],
    samples: ours.length,
  }
}

/** Milliseconds that `work` takes. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now()
  await work()
  return performance.now() - begun
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

/** A table for people: what was met, and what was not. */
export function tableOf(measures: readonly Measure[]): string {
  const head = ['measure', 'p95', 'median', 'spread of p95', 'theirs', 'ratio', 'target', '']
  const rows = measures.map(({ name, ours, median, spread, theirs, ratio, target, met }) => [
    name,
    `${ours} ms`,
    `${median} ms`,
    `${spread[0]}–${spread[1]} ms`,
    theirs === null ? '–' : `${theirs} ms`,
    ratio === null ? '–' : `${ratio}×`,
    target === null ? '–' : `${target} ms`,
    met === null ? '' : met ? 'met' : 'MISSED',
  ])
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
