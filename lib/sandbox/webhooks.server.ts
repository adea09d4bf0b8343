/** The sandbox's webhooks: Standard Webhooks, signed, thin, and retried with growing gaps, as the API sends them. */
import { createHmac, randomBytes } from 'node:crypto'

export type WebhookTarget = {
  url: string
  /** `whsec_…`; the first of several, separated by white space or commas, signs. */
  secret: string
  /** Gaps between the tries of one delivery, in milliseconds. The API tries for days; here nobody waits as long. */
  gapsMs?: readonly number[]
  /** How late "late" is. */
  lateMs?: number
}

export type WebhookEvent = 'response.completed' | 'response.failed' | 'response.incomplete' | 'response.cancelled'

/** In which way news of a response comes. */
export type WebhookManner = 'once' | 'none' | 'doubled' | 'late' | 'forged'

export type Webhooks = {
  /** Sends news of a response in `delayMs`. A response has one: what is still to be sent of it is replaced. */
  schedule(responseId: string, type: WebhookEvent, delayMs: number, manner: WebhookManner): void
  close(): void
}

const defaultGapsMs = [1_000, 4_000, 16_000]
const defaultLateMs = 30_000
/** The receiver should answer within seconds. */
const patienceMs = 5_000

/** Sends nothing where there is no target. */
export function openWebhooks(target: WebhookTarget | null): Webhooks {
  const timers = new Set<NodeJS.Timeout>()
  const planned = new Map<string, NodeJS.Timeout>()
  const closing = new AbortController()

  const later = (delayMs: number, work: () => void): NodeJS.Timeout => {
    const timer = setTimeout(() => {
      timers.delete(timer)
      work()
    }, delayMs)
    timer.unref()
    timers.add(timer)
    return timer
  }
  const deliver = (letter: Letter, secret: string, tries = 0): void => {
    if (!target || closing.signal.aborted) return
    post(target.url, letter, secret, closing.signal).then((isTaken) => {
      const gap = (target.gapsMs ?? defaultGapsMs)[tries]
      if (!isTaken && gap !== undefined && !closing.signal.aborted) later(gap, () => deliver(letter, secret, tries + 1))
    })
  }

  return {
    schedule(responseId, type, delayMs, manner) {
      if (!target || manner === 'none') return
      clearTimeout(planned.get(responseId))
      const [secret = ''] = target.secret.split(/[\s,]+/)
      if (manner === 'forged') later(0, () => deliver(write(responseId, 'response.completed'), forgedSecret()))
      const wait = delayMs + (manner === 'late' ? (target.lateMs ?? defaultLateMs) : 0)
      const timer = later(wait, () => {
        planned.delete(responseId)
        const letter = write(responseId, type)
        deliver(letter, secret)
        if (manner === 'doubled') deliver(letter, secret)
      })
      planned.set(responseId, timer)
    },
    close() {
      closing.abort()
      for (const timer of timers) clearTimeout(timer)
    },
  }
}

type Letter = { id: string; body: string }

function write(responseId: string, type: WebhookEvent): Letter {
  const id = `evt_${randomBytes(16).toString('hex')}`
  const event = { id, object: 'event', type, created_at: Math.floor(Date.now() / 1_000), data: { id: responseId } }
  return { id, body: JSON.stringify(event) }
}

const forgedSecret = () => `whsec_${randomBytes(24).toString('base64')}`

/** Whether it was answered 2xx. Signed anew for each try, under the same id. */
async function post(url: string, { id, body }: Letter, secret: string, closing: AbortSignal): Promise<boolean> {
  const timestamp = String(Math.floor(Date.now() / 1_000))
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')
  try {
    const answer = await fetch(url, {
      method: 'POST',
      redirect: 'manual',
      signal: AbortSignal.any([closing, AbortSignal.timeout(patienceMs)]),
      headers: {
        'content-type': 'application/json',
        'user-agent': 'Holdpoint-sandbox',
        'webhook-id': id,
        'webhook-timestamp': timestamp,
        'webhook-signature': `v1,${signature}`,
      },
      body,
    })
    await answer.arrayBuffer()
    return answer.ok
  } catch {
    // Nobody listens, or too slowly: tried again.
    return false
  }
}
