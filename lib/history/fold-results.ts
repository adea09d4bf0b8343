/** The results that there were at a moment. Pure. */
import type { Attempt } from '@/lib/generated/prisma/client'
import type { Then } from './then'

type KnownResult = { id: string; sha256: string; revision: number; attemptId: string; createdAt: Date }

/**
 * What the model gave is there with the answer of its attempt; an edit of it, with the event that says so.
 * @param attempts as they were known then.
 * @returns those of `results`, in their order.
 */
export function resultsThen<R extends KnownResult>(
  results: readonly R[],
  attempts: readonly Pick<Attempt, 'id' | 'payloadSha256'>[],
  { events }: Then,
): R[] {
  const answered = new Set(attempts.filter(({ payloadSha256 }) => payloadSha256 !== null).map(({ id }) => id))
  const edits = results.filter(({ revision }) => revision > 0).toSorted((one, other) => one.revision - other.revision)
  const made = new Set<string>()
  for (const { body, at } of events) {
    if (body.command !== 'revise') continue
    // The same words may be written twice: each event made the next of them.
    const edit = edits.find(
      ({ id, sha256, createdAt }) => sha256 === body.result && createdAt.getTime() === at.getTime() && !made.has(id),
    )
    if (edit !== undefined) made.add(edit.id)
  }
  return results.filter(({ id, revision, attemptId }) => (revision === 0 ? answered.has(attemptId) : made.has(id)))
}
