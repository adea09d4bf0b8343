/** Secrets that are shown once: only their hash is kept, so that a copy of the database opens nothing. */
import { createHash, randomBytes } from 'node:crypto'

/** 32 random bytes, 43 characters that need no escaping in an address. */
export function newToken(): string {
  return randomBytes(32).toString('base64url')
}

/** SHA-256, lower-case hex. A token has 256 bits of its own, so no salt and no slow hash is needed. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}
