/** The key that signs anchors: made once, its private half in `setting` beside the other secrets; a new one is handed over. */
import { type AnchorKeyFacts, handOver, keyIdOf, newKey } from './formats'
import type { Query } from './query.server'

const SETTING = 'anchor_key'

export type SigningKey = { id: string; publicKey: string; privateKey: string }

/** The key in use. Call it where only one process is at work. */
export async function signingKey(query: Query, now: Date): Promise<SigningKey> {
  const kept = await keptKey(query)
  if (kept !== null) return kept
  return keep(query, { ...newKey(), previous: null, now })
}

/** Puts a new key in the place of the one in use, which hands over to it. Call it where only one process is at work. */
export async function rotateKey(query: Query, now: Date): Promise<SigningKey> {
  return keep(query, { ...newKey(), previous: await keptKey(query), now })
}

/** Every public key there was, the first one first. */
export async function publicKeys(query: Query): Promise<(AnchorKeyFacts & { createdAt: Date })[]> {
  return query(
    `SELECT id, public_key AS "publicKey", previous_id AS "previousId", handover, created_at AS "createdAt"
       FROM anchor_key ORDER BY created_at, id`,
  )
}

/** The key in use; null before the first anchor. */
export async function keptKey(query: Query): Promise<SigningKey | null> {
  const [row] = await query<{ value: string }>('SELECT value FROM setting WHERE key = $1', [SETTING])
  return row === undefined ? null : (JSON.parse(row.value) as SigningKey)
}

async function keep(
  query: Query,
  { publicKey, privateKey, previous, now }: Omit<SigningKey, 'id'> & { previous: SigningKey | null; now: Date },
): Promise<SigningKey> {
  const id = keyIdOf(publicKey) ?? ''
  await query(
    `INSERT INTO anchor_key (id, public_key, previous_id, handover, created_at) VALUES ($1, $2, $3, $4, $5::timestamptz)`,
    [id, publicKey, previous?.id ?? null, previous === null ? null : handOver(publicKey, previous.privateKey), now],
  )
  const key = { id, publicKey, privateKey }
  await query(
    'INSERT INTO setting (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
    [SETTING, JSON.stringify(key)],
  )
  return key
}
