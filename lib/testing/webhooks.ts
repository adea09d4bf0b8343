/** Webhooks for tests, as OpenAI sends them. */
import { randomUUID } from 'node:crypto'
import type { Db } from '@/lib/store/db.server'
import { receiveWebhook } from '@/lib/webhooks/receive.server'
import { parseSecrets, sign } from '@/lib/webhooks/signature'

/** Thirty-two bytes that nobody uses. */
export const WEBHOOK_SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`

export type Letter = {
  /** Of the webhook itself. */
  id?: string
  type?: string
  /** The id in `data`; left out where null. */
  about?: string | null
  /** When it happened. */
  eventAt?: Date
  /** When it is signed. */
  at?: Date
  secret?: string
  /** Instead of the event. */
  body?: string | Uint8Array
}

/** A request that brings one webhook. */
export function webhookRequest(letter: Letter = {}): Request {
  const { id = `evt_${randomUUID()}`, type = 'response.completed', about = 'resp_x', at = new Date() } = letter
  const { eventAt = at, secret = WEBHOOK_SECRET } = letter
  const data = about === null ? {} : { id: about }
  const event = { id, object: 'event', type, created_at: Math.floor(eventAt.getTime() / 1_000), data }
  const given = letter.body ?? JSON.stringify(event)
  const body = typeof given === 'string' ? new TextEncoder().encode(given) : given
  const key = parseSecrets(secret).keys[0]
  if (key === undefined) throw new Error('this secret cannot be used')
  const headers = { 'content-type': 'application/json', ...sign(body, key, id, at) }
  return new Request('http://localhost/api/webhooks/openai', { method: 'POST', headers, body: Buffer.from(body) })
}

/** Brings one webhook to the door of `db`, at its time, and gives the HTTP status of the answer. */
export async function deliver(db: Db, letter: Letter = {}): Promise<number> {
  const now = letter.at ?? new Date()
  const door = { db, secrets: parseSecrets(WEBHOOK_SECRET), now: () => now }
  return (await receiveWebhook(door, webhookRequest(letter))).status
}
