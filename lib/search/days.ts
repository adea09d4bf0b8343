/** Days as people write them in a search. Pure. */

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** Before the first of them nobody had a job; PostgreSQL holds all of them. */
const FIRST_YEAR = 1970
const LAST_YEAR = 9_999

/**
 * The moment at which what is written begins, in UTC: `2026-03-01`, `2026-03`, `2026`, a whole ISO moment, `today`,
 * `yesterday`, or so long before now: `7d`, `12h`, `2w`. Null where it is none of these.
 */
export function readDay(text: string, now: Date): Date | null {
  const small = text.toLowerCase()
  const today = Math.floor(now.getTime() / DAY_MS) * DAY_MS
  if (small === 'today') return new Date(today)
  if (small === 'yesterday') return new Date(today - DAY_MS)
  const [, count, unit] = /^(\d{1,4})([hdw])$/.exec(small) ?? []
  if (count !== undefined)
    return new Date(now.getTime() - Number(count) * (unit === 'h' ? HOUR_MS : unit === 'd' ? DAY_MS : 7 * DAY_MS))
  const [, year, month = '01', day = '01', rest] = /^(\d{4})(?:-(\d\d)(?:-(\d\d)(T.*)?)?)?$/i.exec(text) ?? []
  if (year === undefined || Number(year) < FIRST_YEAR || Number(year) > LAST_YEAR) return null
  if (rest !== undefined) {
    const whole = /^T\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)?$/i.test(rest)
    const at = new Date(/(Z|[+-]\d\d:\d\d)$/i.test(rest) ? text : `${text}Z`)
    return whole && !Number.isNaN(at.getTime()) ? at : null
  }
  const at = new Date(`${year}-${month}-${day}T00:00:00.000Z`)
  // The 30th of February is another day in March.
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(`${year}-${month}-${day}`) ? at : null
}
