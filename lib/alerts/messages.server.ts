/**
 * The outbox of alerts: signed requests that are sent at least once, always with the same bytes under one id, by which
 * a receiver tells a repetition. Any number of processes may send, side by side.
 */
import { GIVE_UP_AFTER_MS, nextTryDelayMs } from '@/lib/deliveries/send.server'
import type { AlertMessage } from '@/lib/generated/prisma/client'
import type { Db, Tx } from '@/lib/store/db.server'
import type { AllowList } from '@/lib/tools/addresses'
import { type Posted, type Posting, post } from '@/lib/tools/post.server'
import { ownSigningSecret, signedHeaders } from '@/lib/tools/signing.server'

export type MessageContext = {
  db: Db
  allowed: AllowList
  now: () => Date
  /** In [0, 1): for jitter. */
  random: () => number
  post?: (posting: Posting) => Promise<Posted>
}

const TIMEOUT_MS = 15_000
/** A try whose process died is made again after this: longer than a try may take. */
const LEASE_MS = 60_000
/** In one turn. */
const AT_MOST = 20

/** The secret that signs what is sent of alerts: `whsec_` and base64, one for the installation. */
export function alertSecret(tx: Tx): Promise<string> {
  // No workflow and no tool can have these names, because they have brackets.
  return ownSigningSecret(tx, '(alerts)', '(alert)')
}

/** Sends what is due. @returns how many arrived. */
export async function sendAlertMessages(context: MessageContext): Promise<number> {
  let arrived = 0
  for (let sent = 0; sent < AT_MOST; sent += 1) {
    const message = await claim(context)
    if (message === null) break
    const secret = await alertSecret(context.db)
    const body = new TextEncoder().encode(message.body)
    const posted = await (context.post ?? post)({
      url: message.address,
      headers: {
        'content-type': 'application/json',
        'user-agent': 'Holdpoint',
        ...signedHeaders(secret, message.messageId, body, context.now()),
      },
      body,
      timeoutMs: TIMEOUT_MS,
      allowed: context.allowed,
    })
    if (await record(context, message, posted)) arrived += 1
  }
  return arrived
}

/** Takes the next that is due, and puts it off by the time that a try may take: should this process die, it is tried again. */
async function claim({ db, now }: MessageContext): Promise<AlertMessage | null> {
  const at = now()
  const until = new Date(at.getTime() + LEASE_MS)
  const rows = await db.$queryRaw<{ id: string }[]>`
    UPDATE alert_message SET tries = tries + 1, next_try_at = ${until}::timestamptz
     WHERE id = (
       SELECT m.id FROM alert_message m
        WHERE m.state = 'due' AND m.next_try_at <= ${at}::timestamptz
          -- That it is over is said after it was said.
          AND (m.what = 'opened' OR NOT EXISTS (
            SELECT 1 FROM alert_message f WHERE f.alert_id = m.alert_id AND f.what = 'opened' AND f.state = 'due'))
        ORDER BY m.next_try_at LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING id::text`
  const [row] = rows
  return row === undefined ? null : db.alertMessage.findUnique({ where: { id: row.id } })
}

/** Everything but a yes is tried again for a day: a receiver that is not set up yet is as good as one that is away. */
async function record({ db, now, random }: MessageContext, message: AlertMessage, posted: Posted): Promise<boolean> {
  const at = now()
  const status = posted.kind === 'answered' ? posted.status : null
  // Another process may have tried meanwhile, after a suspension: its word counts as well as ours.
  const mine = { id: message.id, state: 'due' }
  if (status !== null && status >= 200 && status < 300) {
    const sent = { state: 'sent', endedAt: at, httpStatus: status, code: null }
    return (await db.alertMessage.updateMany({ where: mine, data: sent })).count > 0
  }
  const code = posted.kind === 'answered' ? `http_${posted.status}` : posted.code
  const isOver = at.getTime() - message.createdAt.getTime() >= GIVE_UP_AFTER_MS
  const wait = nextTryDelayMs(message.tries, posted.kind === 'answered' ? posted.retryAfterMs : null, random())
  await db.alertMessage.updateMany({
    where: mine,
    data: {
      httpStatus: status,
      code,
      ...(isOver ? { state: 'failed', endedAt: at } : { nextTryAt: new Date(at.getTime() + wait) }),
    },
  })
  return false
}
