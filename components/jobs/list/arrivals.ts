import type { JobRow } from '@/lib/jobs/view'

export type Merged<Row extends { id: string } = JobRow> = {
  /** What is shown, in the order in which it was: every row as it is now, as far as that is known. */
  rows: Row[]
  /** Rows that came and wait above the table. */
  arrived: number
  /** Ids of shown rows that the newest answer no longer has. */
  left: ReadonlySet<string>
  /** True where the rows that stayed now stand in another order. */
  reordered: boolean
}

/**
 * Lays the newest answer over what is on the screen without moving anything. Rows change in place; what came waits; what
 * went stays where it is until somebody asks for the list as it is now.
 */
export function mergeArrivals<Row extends { id: string }>(shown: readonly Row[], latest: readonly Row[]): Merged<Row> {
  const byId = new Map(latest.map((row) => [row.id, row]))
  const shownIds = new Set(shown.map((row) => row.id))
  const left = new Set(shown.filter((row) => !byId.has(row.id)).map((row) => row.id))
  const stayed = shown.filter((row) => byId.has(row.id))
  const stayedNow = latest.filter((row) => shownIds.has(row.id))
  return {
    rows: shown.map((row) => byId.get(row.id) ?? row),
    arrived: latest.length - stayedNow.length,
    left,
    reordered: stayed.some((row, index) => row.id !== stayedNow[index]?.id),
  }
}

/**
 * What the button above the table says; null where the table is the list as it is.
 * @param first whether this is the first page in order of age, where whatever arrives is new
 */
export function arrivalWords({ arrived, left, reordered }: Omit<Merged, 'rows'>, first: boolean): string | null {
  if (arrived > 0 && first) return arrived === 1 ? '1 new job' : `${arrived} new jobs`
  if (arrived > 0) return arrived === 1 ? '1 job moved in' : `${arrived} jobs moved in`
  if (left.size > 0) return left.size === 1 ? '1 job moved away' : `${left.size} jobs moved away`
  return reordered ? 'The order changed' : null
}
