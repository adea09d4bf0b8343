/** Without word of the tab in which it is worked on, a claim ends after this. */
export const LEASE_MS = 5 * 60_000
