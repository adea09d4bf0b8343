/** What a confirmation says in the history of the reference that came with it, where no words of people stand. Pure. */
import { createHash } from 'node:crypto'

/** SHA-256 (lower-case hex) of the text. */
export function referenceHash(reference: string): string {
  return createHash('sha256').update(reference, 'utf8').digest('hex')
}
