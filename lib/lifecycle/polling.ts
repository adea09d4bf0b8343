/** How often a response is looked at. Pure. */

/** A look never waits longer than this while a job runs and nothing else brings news. */
const LONGEST_GAP_MS = 30_000
/** The safety net while webhooks are seen to arrive: should the next one be lost, this is how late news may come. */
const SAFETY_NET_MS = 180_000

/** Whether webhooks are seen to arrive. `silent` also where none was ever set up. */
export type WebhookNews = 'arriving' | 'silent'

/**
 * Milliseconds until the next look: the shortest gap at first, then a tenth of the response's age, at most 30 s,
 * spread by ±20 % so that many jobs do not look at the same moment. While webhooks arrive the gap is the age itself, at
 * most three minutes: looks are then only the safety net.
 * @param shortestMs HOLDPOINT_POLL_MS.
 * @param failedLooks looks that failed one after another: each doubles the gap, up to a minute.
 * @param retryAfterMs what the provider asked for, or null.
 */
export function nextLookInMs(
  ageMs: number,
  shortestMs: number,
  {
    failedLooks,
    retryAfterMs,
    random,
    webhooks = 'silent',
  }: { failedLooks: number; retryAfterMs: number | null; random: number; webhooks?: WebhookNews },
): number {
  // What failed may have been the very look that a webhook asked for: it is not left to the safety net.
  const isNet = webhooks === 'arriving' && failedLooks === 0
  const calm = Math.max(shortestMs, isNet ? Math.min(ageMs, SAFETY_NET_MS) : Math.min(ageMs / 10, LONGEST_GAP_MS))
  const gap = failedLooks === 0 ? calm : Math.min(calm * 2 ** Math.min(failedLooks, 6), Math.max(60_000, shortestMs))
  return Math.max(Math.round(gap * (0.8 + 0.4 * random)), retryAfterMs ?? 0)
}

/** An attempt whose final status was seen: when it was final, and when its webhook came, if it did. */
export type EndedAttempt = { finalAt: Date; webhookAt: Date | null }

/** So long a webhook may take before it counts as missed. */
const WEBHOOK_WITHIN_MS = 2 * 60_000
/** What is older says nothing about now. */
export const WEBHOOKS_JUDGED_OVER_MS = 60 * 60_000
const FEWEST_JUDGED = 3
/** A single one that was lost long ago does not count for ever. */
const SHARE_THAT_COMES = 0.9
/** None of the last ones may be missing. */
const LAST_ONES = 3

/** What the attempts that ended last say about webhooks. */
export type WebhookRecord = {
  news: WebhookNews
  /** So many ended within the last hour, and long enough ago for their webhook to have come. */
  judged: number
  /** Of these, so many had theirs in time. */
  came: number
}

/**
 * Whether polls may fall back to the safety net: of the attempts that ended within the last hour at least three can be
 * judged, nine in ten had their webhook within two minutes, and so had each of the last three.
 */
export function judgeWebhooks(ended: readonly EndedAttempt[], now: Date): WebhookRecord {
  const judged = ended
    .filter(({ finalAt }) => now.getTime() - finalAt.getTime() <= WEBHOOKS_JUDGED_OVER_MS)
    .map((attempt) => ({ ...attempt, came: hasCome(attempt, now) }))
    .filter(({ came }) => came !== null)
    .toSorted((one, other) => other.finalAt.getTime() - one.finalAt.getTime())
  const came = judged.filter((attempt) => attempt.came).length
  const isSteady = judged.slice(0, LAST_ONES).every((attempt) => attempt.came)
  const isEnough = judged.length >= FEWEST_JUDGED && came >= judged.length * SHARE_THAT_COMES
  return { news: isEnough && isSteady ? 'arriving' : 'silent', judged: judged.length, came }
}

/** Null while it may still come. */
function hasCome({ finalAt, webhookAt }: EndedAttempt, now: Date): boolean | null {
  if (webhookAt !== null) return webhookAt.getTime() - finalAt.getTime() <= WEBHOOK_WITHIN_MS
  return now.getTime() - finalAt.getTime() > WEBHOOK_WITHIN_MS ? false : null
}
