'use server'
import { revalidatePath } from 'next/cache'
import { headers } from 'next/headers'
import { z } from 'zod'
import type { Actor } from '@/lib/access/actor'
import { hasRole } from '@/lib/access/can'
import { createInvite, joinPath, revokeInvite } from '@/lib/access/links.server'
import { keepTyped, notAllowed, type Outcome, outcomeOf, SIGNED_OUT } from '@/lib/access/outcome'
import { deactivate, endSessions, reactivate, setRoles } from '@/lib/access/people.server'
import { parseRoles } from '@/lib/access/roles'
import { originOf } from '@/lib/access/same-origin'
import { readActor } from '@/lib/access/session.server'
import { db } from '@/lib/store/db.server'
import { sanitiseText } from '@/lib/store/sanitise'

const PATH = '/settings/people'
const ONLY_OWNERS = notAllowed('Only an owner may do that.')
const NOT_USABLE = notAllowed('That could not be read. Load the page again.')
const id = z.string().max(64).overwrite(sanitiseText)

/** The owner who asks; a refusal for anybody else. */
async function owner(): Promise<{ actor: Actor & { userId: string } } | { refused: typeof ONLY_OWNERS }> {
  const actor = await readActor()
  if (actor === null) return { refused: SIGNED_OUT }
  return hasRole(actor, 'owner') ? { actor } : { refused: ONLY_OWNERS }
}

function chosenRoles(form: FormData) {
  return parseRoles(form.getAll('roles').filter((role) => typeof role === 'string'))
}

export async function invite(
  _before: Outcome<{ link: string }> | null,
  form: FormData,
): Promise<Outcome<{ link: string }>> {
  const asking = await owner()
  if ('refused' in asking) return keepTyped(asking.refused, form, ['email'])
  const email = z.string().max(1_000).safeParse(form.get('email'))
  if (!email.success) return NOT_USABLE
  const origin = originOf(await headers())
  const outcome = await outcomeOf(async () => {
    const { token } = await createInvite(db(), {
      email: email.data,
      roles: chosenRoles(form),
      createdBy: asking.actor.userId,
    })
    return { message: 'The link is made.', done: { link: `${origin}${joinPath(token)}` } }
  })
  revalidatePath(PATH)
  return keepTyped(outcome, form, ['email'])
}

export async function withdrawInvite(inviteId: string): Promise<Outcome> {
  return change(z.uuid(), inviteId, async (given) => {
    await revokeInvite(db(), given)
    return 'The invitation is withdrawn.'
  })
}

export async function saveRoles(userId: string, _before: Outcome | null, form: FormData): Promise<Outcome> {
  return change(id, userId, async (given) => {
    await setRoles(db(), given, chosenRoles(form))
    return 'The roles are changed.'
  })
}

export async function deactivatePerson(userId: string): Promise<Outcome> {
  return change(id, userId, async (given) => {
    await deactivate(db(), given)
    return 'Deactivated, and signed out everywhere.'
  })
}

export async function activatePerson(userId: string): Promise<Outcome> {
  return change(id, userId, async (given) => {
    await reactivate(db(), given)
    return 'Active again.'
  })
}

export async function endSessionsOf(userId: string): Promise<Outcome> {
  return change(id, userId, async (given) => {
    await endSessions(db(), given)
    return 'Signed out everywhere.'
  })
}

/** What all changes share: an owner asks, the id can be one, and the page is drawn anew. */
async function change(
  shape: z.ZodString | z.ZodUUID,
  given: unknown,
  work: (id: string) => Promise<string>,
): Promise<Outcome> {
  const asking = await owner()
  if ('refused' in asking) return asking.refused
  const parsed = shape.safeParse(given)
  if (!parsed.success) return NOT_USABLE
  const outcome = await outcomeOf(async () => ({ message: await work(parsed.data), done: null }))
  revalidatePath(PATH)
  return outcome
}
