/** Who may read the metrics. Pure. */
import { createHash, timingSafeEqual } from 'node:crypto'

/** Whether the request carries the token that opens the metrics and nothing else. @param token undefined: there is none. */
export function carriesToken(headers: Headers, token: string | undefined): boolean {
  const given = /^Bearer +(\S+)$/i.exec(headers.get('authorization') ?? '')?.[1]
  if (given === undefined || token === undefined) return false
  // Of equal length, so that the comparison tells nothing.
  return timingSafeEqual(digest(given), digest(token))
}

const digest = (text: string) => createHash('sha256').update(text).digest()
