/** Whether webhooks are seen to arrive, from what is stored: by that alone polls fall back to the safety net. */
import {
  type EndedAttempt,
  judgeWebhooks,
  WEBHOOKS_JUDGED_OVER_MS,
  type WebhookNews,
  type WebhookRecord,
} from '@/lib/lifecycle/polling'
import type { Db, Tx } from '@/lib/store/db.server'

/** Every look asks; it moves slowly. */
const KEPT_MS = 5_000
const MOST_JUDGED = 50

type Kept = { at: number; value: WebhookNews }
const kept = new WeakMap<Db, Map<string, Kept>>()

/** Whether webhooks of the responses at `provider` are seen to arrive, as of some seconds ago. */
export async function newsByWebhook(db: Db, provider: string, now: Date): Promise<WebhookNews> {
  const ofDb = kept.get(db) ?? new Map<string, Kept>()
  kept.set(db, ofDb)
  const known = ofDb.get(provider)
  if (known !== undefined && Math.abs(now.getTime() - known.at) < KEPT_MS) return known.value
  const { news: value } = await readRecord(db, provider, now)
  ofDb.set(provider, { at: now.getTime(), value })
  return value
}

/** What the attempts that ended last at `provider` say about webhooks, as of now. */
export async function readRecord(tx: Tx, provider: string, now: Date): Promise<WebhookRecord> {
  return judgeWebhooks(await lastEnded(tx, provider, now), now)
}

/** Not those that were cancelled: most of them by us, who need no news of it. */
function lastEnded(tx: Tx, provider: string, now: Date): Promise<EndedAttempt[]> {
  const since = new Date(now.getTime() - WEBHOOKS_JUDGED_OVER_MS)
  return tx.$queryRaw<EndedAttempt[]>`
    SELECT least(a.seen_final_at, a.finished_at) AS "finalAt",
           (SELECT min(r.received_at) FROM webhook_receipt r
             WHERE r.response_id = a.response_id AND r.state IN ('matched', 'adopted')) AS "webhookAt"
      FROM attempt a
     WHERE a.provider = ${provider} AND a.seen_final_at > ${since}::timestamptz
       AND a.provider_status IN ('completed', 'incomplete', 'failed') AND a.response_id IS NOT NULL
     ORDER BY a.seen_final_at DESC LIMIT ${MOST_JUDGED}::int`
}
