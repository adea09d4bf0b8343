'use server'
import { revalidatePath } from 'next/cache'
import { z } from 'zod'
import { hasRole } from '@/lib/access/can'
import { createKey, revokeKey } from '@/lib/access/keys.server'
import { keepTyped, notAllowed, type Outcome, outcomeOf, SIGNED_OUT } from '@/lib/access/outcome'
import { parseRoles } from '@/lib/access/roles'
import { readActor } from '@/lib/access/session.server'
import { db } from '@/lib/store/db.server'
import { sanitiseText } from '@/lib/store/sanitise'

const PATH = '/settings/keys'
const fields = z.object({ name: z.string().max(1_000).overwrite(sanitiseText), belongs: z.enum(['me', 'service']) })

/**
 * Makes a key for the person who asks, or, for an owner, for a service. Never for somebody else: its maker could
 * approve as that person.
 */
export async function makeKey(
  _before: Outcome<{ key: string }> | null,
  form: FormData,
): Promise<Outcome<{ key: string }>> {
  const actor = await readActor()
  if (actor === null) return keepTyped(SIGNED_OUT, form, ['name'])
  const given = fields.safeParse({ name: form.get('name'), belongs: form.get('belongs') })
  if (!given.success) return notAllowed('That could not be read. Load the page again.')
  const { name, belongs } = given.data
  if (belongs === 'service' && !hasRole(actor, 'owner')) {
    return notAllowed('Only an owner makes keys of services.')
  }
  const roles = parseRoles(form.getAll('roles').filter((role) => typeof role === 'string'))
  const outcome = await outcomeOf(async () => {
    const userId = belongs === 'me' ? actor.userId : null
    const { key } = await createKey(db(), { name, roles, userId, createdBy: actor.userId })
    return { message: 'The key is made.', done: { key } }
  })
  revalidatePath(PATH)
  return keepTyped(outcome, form, ['name'])
}

/** Revokes a key of the person who asks; an owner, any key. */
export async function stopKey(keyId: string): Promise<Outcome> {
  const actor = await readActor()
  if (actor === null) return SIGNED_OUT
  const given = z.uuid().safeParse(keyId)
  if (!given.success) return notAllowed('There is no such key.')
  const outcome = await outcomeOf(async () => {
    await revokeKey(db(), given.data, actor)
    return { message: 'Revoked. It has stopped working.', done: null }
  })
  revalidatePath(PATH)
  return outcome
}
