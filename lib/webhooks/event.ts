/** What a webhook says: thin, and lenient towards types that did not exist when this was written. Pure. */
import type { SeenStatus } from '@/lib/provider/types'
import { sanitiseText } from '@/lib/store/sanitise'

export type WebhookEvent = {
  /** 'response.completed', 'batch.failed' …; 'unknown' where it names none. */
  type: string
  /** When what it tells of happened, by its sender's clock. */
  eventAt: Date | null
  /** The response that it is about; null for events about anything else. */
  responseId: string | null
  /** The id of whatever it is about. */
  dataId: string | null
}

/** The type of the webhook that Holdpoint sends to itself, to prove the way in. */
export const TEST_TYPE = 'holdpoint.test'

const MOST_TYPE_LENGTH = 100
const MOST_ID_LENGTH = 200
/** 2000-01-01 and 2100-01-01, in seconds: anything else is no time of an event. */
const SANE_SECONDS = { from: 946_684_800, to: 4_102_444_800 }

/** Reads the body of a webhook whose signature was right. Null where it is no JSON object. */
export function parseEvent(body: Uint8Array): WebhookEvent | null {
  const event = parseObject(body)
  if (event === null) return null
  const type = textOf(event.type, MOST_TYPE_LENGTH) ?? 'unknown'
  const data = typeof event.data === 'object' && event.data !== null ? (event.data as Record<string, unknown>) : {}
  const dataId = textOf(data.id, MOST_ID_LENGTH)
  return { type, eventAt: timeOf(event.created_at), responseId: type.startsWith('response.') ? dataId : null, dataId }
}

/** What the provider says of a response when it sends a webhook of this type; null for all others. */
export function statusOfType(type: string): SeenStatus | null {
  switch (type) {
    case 'response.completed':
      return 'completed'
    case 'response.failed':
      return 'failed'
    case 'response.incomplete':
      return 'incomplete'
    case 'response.cancelled':
      return 'cancelled'
    default:
      return null
  }
}

function parseObject(body: Uint8Array): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null
  } catch {
    return null
  }
}

/** Null for what is no text, empty, or longer than anything that we could match. */
function textOf(value: unknown, most: number): string | null {
  if (typeof value !== 'string' || value === '' || value.length > most) return null
  return sanitiseText(value)
}

function timeOf(value: unknown): Date | null {
  if (typeof value !== 'number' || !(value > SANE_SECONDS.from && value < SANE_SECONDS.to)) return null
  return new Date(Math.round(value * 1_000))
}
