/** Tables for spreadsheets. Pure. */

/**
 * A spreadsheet takes a cell that begins like this for a formula, which may fetch or run something; an apostrophe before
 * it makes it text. The last four are the wide forms of the first. https://owasp.org/www-community/attacks/CSV_Injection
 */
const FORMULA = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/

/** These must stand between quotes; a semicolon too, because it separates cells where a comma separates decimals. */
const QUOTED = /[",;\t\r\n]/

/**
 * A CSV file (RFC 4180): a header and rows, each ended by CR LF. Null is an empty cell. Text that a spreadsheet would run
 * as a formula begins with an apostrophe; numbers stay numbers.
 */
export function csvOf(header: readonly string[], rows: readonly (readonly (string | number | null)[])[]): string {
  return [header, ...rows].map((row) => `${row.map(cellOf).join(',')}\r\n`).join('')
}

function cellOf(value: string | number | null): string {
  if (value === null) return ''
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : ''
  const safe = FORMULA.test(value) ? `'${value}` : value
  return QUOTED.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
