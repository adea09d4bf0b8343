/** The cookie that remembers a folded side bar, so that the server draws the right width at once. */
export const FOLDED_COOKIE = 'holdpoint_side_bar'

/** What to write into `document.cookie`. Kept for a year. */
export function foldedCookie(folded: boolean): string {
  return `${FOLDED_COOKIE}=${folded ? 'folded' : 'open'}; path=/; max-age=31536000; samesite=lax`
}

/** Whether the cookie's value says folded; anything else is open. */
export function isFolded(value: string | undefined): boolean {
  return value === 'folded'
}
