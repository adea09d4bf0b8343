/** What the audit page shows. Pure. */

export type AuditView = {
  asOf: string
  last: { number: number; at: string; hash: string; jobs: number } | null
  /** Jobs that changed since they were anchored. */
  waiting: number
  /** Since when the first of them waits; null: none does. */
  waitingSince: string | null
  keys: { id: string; publicKey: string; createdAt: string }[]
  copies: { host: string; path: string; number: number; at: string; problem: string | null }[]
  taken: { id: string; number: number; format: 'html' | 'zip'; version: number; by: string; at: string }[]
}

/** An anchor is made every minute while anything changes: after so many without one, something is wrong. */
const LATE_MS = 5 * 60_000

export type Standing = 'none' | 'fresh' | 'waits' | 'late'

/** How anchoring stands. `late`: something waits for longer than it ever should. */
export function standingOf({ last, waitingSince, asOf }: Pick<AuditView, 'last' | 'waitingSince' | 'asOf'>): Standing {
  if (waitingSince === null) return last === null ? 'none' : 'fresh'
  return Date.parse(asOf) - Date.parse(waitingSince) < LATE_MS ? 'waits' : 'late'
}

export type StandingWords = { title: string; why: string; isTrouble: boolean }

/** The same for people. */
export function standingWords(standing: Standing, waiting: number): StandingWords {
  const jobs = waiting === 1 ? '1 job waits' : `${waiting.toLocaleString('en')} jobs wait`
  switch (standing) {
    case 'none':
      return {
        title: 'Nothing has been anchored yet',
        why: 'The first job brings the first anchor, within a minute.',
        isTrouble: false,
      }
    case 'fresh':
      return {
        title: 'Everything is anchored',
        why: 'No job has changed since the last anchor. The next change brings the next one, within a minute.',
        isTrouble: false,
      }
    case 'waits':
      return {
        title: `${jobs} for the next anchor`,
        why: 'One is made every minute while anything changes. Until then the end of those histories could be cut off unseen.',
        isTrouble: false,
      }
    case 'late':
      return {
        title: 'The last anchor is old',
        why: `${jobs} for one that is overdue. Workers make them, once a minute: see that one runs, and what it prints.`,
        isTrouble: true,
      }
  }
}
