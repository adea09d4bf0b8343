'use server'
import { revalidatePath } from 'next/cache'
import { z } from 'zod'
import { keepTyped, notAllowed, type Outcome, outcomeOf, SIGNED_OUT } from '@/lib/access/outcome'
import { changePassword, choosePassword, endSession, endSessions, setProfile } from '@/lib/access/people.server'
import { actorProfile } from '@/lib/access/session.server'
import { db } from '@/lib/store/db.server'
import { sanitiseText } from '@/lib/store/sanitise'

const PATH = '/settings/account'
const text = z.string().max(1_000)
/** Stored as it is; a password is only hashed. */
const stored = text.overwrite(sanitiseText)
const NOT_USABLE = 'Fill in every field.'

/** Name, e-mail and first password of whoever came by a link. */
export async function chooseMyPassword(_before: Outcome | null, form: FormData): Promise<Outcome> {
  const profile = await actorProfile()
  if (profile === null) return keepTyped(SIGNED_OUT, form, ['name', 'email'])
  const { actor, sessionId } = profile
  const given = z.object({ name: stored, email: stored, password: text }).safeParse(Object.fromEntries(form))
  if (!given.success) return notAllowed(NOT_USABLE)
  const outcome = await outcomeOf(async () => {
    await choosePassword(db(), actor.userId, given.data, sessionId)
    return { message: 'Saved. From now on you sign in with this e-mail and password.', done: null }
  })
  revalidatePath('/', 'layout')
  return keepTyped(outcome, form, ['name', 'email'])
}

export async function saveMyProfile(_before: Outcome | null, form: FormData): Promise<Outcome> {
  const profile = await actorProfile()
  if (profile === null) return keepTyped(SIGNED_OUT, form, ['name', 'email'])
  const { actor } = profile
  const given = z.object({ name: stored, email: stored }).safeParse(Object.fromEntries(form))
  if (!given.success) return notAllowed(NOT_USABLE)
  const outcome = await outcomeOf(async () => {
    await setProfile(db(), actor.userId, given.data)
    return { message: 'Saved.', done: null }
  })
  revalidatePath('/', 'layout')
  return keepTyped(outcome, form, ['name', 'email'])
}

export async function changeMyPassword(_before: Outcome | null, form: FormData): Promise<Outcome> {
  const profile = await actorProfile()
  if (profile === null) return SIGNED_OUT
  const { actor, sessionId } = profile
  const given = z.object({ current: text, password: text }).safeParse(Object.fromEntries(form))
  if (!given.success) return notAllowed(NOT_USABLE)
  const outcome = await outcomeOf(async () => {
    await changePassword(db(), actor.userId, { current: given.data.current, next: given.data.password }, sessionId)
    return { message: 'Changed. Your other sessions were ended.', done: null }
  })
  revalidatePath(PATH)
  return outcome
}

/** Ends one of the person's own sessions. */
export async function endMySession(id: string): Promise<Outcome> {
  const profile = await actorProfile()
  if (profile === null) return SIGNED_OUT
  const { actor } = profile
  const given = stored.safeParse(id)
  if (!given.success) return notAllowed('There is no such session.')
  await endSession(db(), actor.userId, given.data)
  revalidatePath(PATH)
  return { ok: true, message: 'That session has ended.', done: null }
}

export async function endMyOtherSessions(): Promise<Outcome> {
  const profile = await actorProfile()
  if (profile === null) return SIGNED_OUT
  const { actor, sessionId } = profile
  const count = await endSessions(db(), actor.userId, sessionId)
  revalidatePath(PATH)
  return { ok: true, message: count === 1 ? 'One session was ended.' : `${count} sessions were ended.`, done: null }
}
