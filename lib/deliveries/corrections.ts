/** Which earlier delivery a later one of the same job corrects. Pure. */
import type { SentKind } from './plan'
import { readableBytes } from './readable'

/** A delivery of the job that arrived, or may have. */
export type SentBefore = {
  id: string
  /** Of the job, from 1. */
  number: number
  /** Under which every try of it went out: the `webhook-id` of a signed request. */
  messageId: string
  kind: SentKind
  destination: string
  resultHash: string
  /** When it was tried last, or handed over. */
  at: Date
  /** False where nobody knows whether it arrived. */
  isKnown: boolean
  /** Of an e-mail whose bytes are still stored: how another letter refers to it. */
  letter: LetterHead | null
}

export type LetterHead = { messageId: string; references: string[]; subject: string }

/**
 * What leaves now corrects the newest of these that went the same way. A letter corrects one to the same address: whoever
 * never had a letter is not told of it.
 * @param sent the newest first.
 */
export function correctedBy(
  sent: readonly SentBefore[],
  { kind, destination }: { kind: SentKind; destination: string | null },
): SentBefore | null {
  const isSame = (other: SentBefore) =>
    other.kind === kind && (kind !== 'email' || other.destination.toLowerCase() === destination?.toLowerCase())
  return sent.find(isSame) ?? null
}

/** "3 March 2026", in UTC: the bytes that are decided on must not depend on where a server stands. */
export function sentOn(at: Date): string {
  return new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(at)
}

/** How another letter refers to this one; null where it has no id. */
export function letterHead(bytes: Uint8Array): LetterHead | null {
  const { headers = [] } = readableBytes('email', bytes)
  const headerOf = (wanted: string) => headers.find(([name]) => name.toLowerCase() === wanted)?.[1] ?? ''
  const messageId = headerOf('message-id')
  if (messageId === '') return null
  return {
    messageId,
    references: headerOf('references')
      .split(/\s+/)
      .filter((id) => id !== ''),
    subject: headerOf('subject'),
  }
}
