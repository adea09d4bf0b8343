/** What the page about transport shows. */
import type { WebhookRecord } from '@/lib/lifecycle/polling'
import type { RefusalReason } from './refusals.server'

/** Why a test did not get through. */
export const probeErrors = [
  'no_address',
  'not_listening',
  'no_answer',
  'no_trust',
  'no_connection',
  'redirected',
  'not_ours',
  'elsewhere',
  'bad_signature',
  'wrong_time',
  'no_secret',
] as const
export type ProbeError = (typeof probeErrors)[number]

export type ProbeView = {
  url: string
  sentAt: string
  /** When it came all the way round; null where it did not. */
  receivedAt: string | null
  httpStatus: number | null
  /** Null where it came round, or is still on its way. */
  error: ProbeError | null
}

/** How late news came, in milliseconds. */
export type Lag = { count: number; medianMs: number; worstMs: number }

export type ReceiptView = {
  id: string
  webhookId: string
  type: string
  receivedAt: string
  eventAt: string | null
  /** Signed more than a minute before it came. */
  isLate: boolean
  times: number
  state: 'matched' | 'open' | 'adopted' | 'not_ours' | 'recorded'
  jobNumber: number | null
}

export type TransportView = {
  asOf: string
  /** 'sandbox', 'openai', the host of another server, or null where none is set. */
  provider: string | null
  secrets: { usable: number; unusable: number }
  /** Which of the secrets the newest webhook was signed with, from 0; null where none came. */
  newestSecret: number | null
  record: WebhookRecord
  /** When one about a response came last; null where none ever did. */
  lastNewsAt: string | null
  lag: { webhooks: Lag | null; looks: Lag | null }
  /** Of the last 24 hours. */
  counts: {
    received: number
    doubled: number
    late: number
    open: number
    notOurs: number
    adopted: number
    otherTypes: number
    refused: { reason: RefusalReason; count: number; lastAt: string }[]
  }
  receipts: ReceiptView[]
  probe: ProbeView | null
}
