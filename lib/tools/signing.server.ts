/** Signatures of calls, by Standard Webhooks, and the secrets that they are made with. */
import { createHmac, randomBytes } from 'node:crypto'
import { env } from '@/lib/env.server'
import type { Tx } from '@/lib/store/db.server'

const SETTING = 'tool_signing_root'
const PREFIX = 'whsec_'

/** The headers of one try: the id stays the same for each, the time does not. `at` is when it is sent. */
export function signedHeaders(secret: string, id: string, body: Uint8Array, at: Date): Record<string, string> {
  const timestamp = String(Math.floor(at.getTime() / 1_000))
  const signature = createHmac('sha256', keyOf(secret)).update(`${id}.${timestamp}.`).update(body).digest('base64')
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` }
}

/** `whsec_` and base64, as Standard Webhooks writes secrets; anything else counts as the bytes that it is. */
function keyOf(secret: string): Buffer {
  return secret.startsWith(PREFIX) ? Buffer.from(secret.slice(PREFIX.length), 'base64') : Buffer.from(secret, 'utf8')
}

/**
 * The secret that signs the calls of one tool where its workflow names none: derived from HOLDPOINT_SECRET, or from a
 * value that the installation made for itself once, so that each receiver knows one secret, and only its own.
 */
export async function ownSigningSecret(tx: Tx, workflowKey: string, tool: string): Promise<string> {
  const root = env().HOLDPOINT_SECRET ?? (await ownRoot(tx))
  const key = createHmac('sha256', root).update(`holdpoint-tool:1\n${workflowKey}\n${tool}`).digest('base64')
  return `${PREFIX}${key}`
}

async function ownRoot(tx: Tx): Promise<string> {
  const kept = await tx.setting.findUnique({ where: { key: SETTING } })
  if (kept !== null) return kept.value
  // Many hosts may ask at once: the first one's stands.
  const value = randomBytes(32).toString('base64url')
  await tx.setting.createMany({ data: { key: SETTING, value }, skipDuplicates: true })
  return (await tx.setting.findUniqueOrThrow({ where: { key: SETTING } })).value
}
