/** @mentions: whom a comment may tell. */
import { mayRead } from '@/lib/access/can'
import { parseRoles } from '@/lib/access/roles'
import type { Job } from '@/lib/generated/prisma/client'
import type { Tx } from '@/lib/store/db.server'
import { InvalidInput } from '@/lib/store/errors'

type AJob = Pick<Job, 'requesterId' | 'requesterKeyId'>

/**
 * Refuses a comment that mentions somebody who is not here, or may not read the job.
 * @throws {InvalidInput} that names who.
 */
export async function refuseUnreadable(tx: Tx, job: AJob, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  const people = await tx.user.findMany({
    where: { id: { in: [...ids] } },
    select: { id: true, name: true, roles: true, deactivatedAt: true },
  })
  const errors = ids.flatMap((id, index) => {
    const person = people.find((other) => other.id === id)
    const detail =
      person === undefined || person.deactivatedAt !== null
        ? `${person?.name ?? 'Somebody whom the comment mentions'} is not active here any more. Take the mention out.`
        : maySee(person, job)
          ? null
          : `${person.name} may not see this job, so they cannot be told of it. Take the mention out.`
    return detail === null ? [] : [{ pointer: `/params/mentions/${index}`, detail }]
  })
  if (errors.length > 0) throw new InvalidInput(errors.map(({ detail }) => detail).join(' '), errors)
}

function maySee(person: { id: string; name: string; roles: string[] }, job: AJob): boolean {
  const roles = parseRoles(person.roles)
  return mayRead({ kind: 'person', userId: person.id, apiKeyId: null, name: person.name, email: null, roles }, job)
}
