/** Moments as the history sets them: the day once, then times of day. Pure. */

/** "10:02:07". `timeZone`: an IANA name; absent: the zone of whoever runs this. */
export function secondOf(at: number, timeZone?: string): string {
  return new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium', timeZone }).format(at)
}

/** "Monday, 23 November 2026". */
export function dayOf(at: number, timeZone?: string): string {
  return new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeZone }).format(at)
}
