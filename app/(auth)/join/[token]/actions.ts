'use server'
import { headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { z } from 'zod'
import { signInByRight } from '@/lib/access/auth.server'
import { acceptInvite } from '@/lib/access/links.server'
import { keepTyped, notAllowed, type Outcome, outcomeOf } from '@/lib/access/outcome'
import { sendCookies } from '@/lib/access/session.server'
import { db } from '@/lib/store/db.server'
import { sanitiseText } from '@/lib/store/sanitise'

const person = z.object({ name: z.string().max(1_000).overwrite(sanitiseText), password: z.string().max(1_000) })

/** Accepts the invitation, signs the new person in and goes to the jobs. */
export async function join(token: string, _before: Outcome | null, form: FormData): Promise<Outcome> {
  const given = person.safeParse(Object.fromEntries(form))
  if (!given.success || typeof token !== 'string') return notAllowed('Give a name and a password.')
  const outcome = await outcomeOf(async () => ({
    message: 'You have joined.',
    done: await acceptInvite(db(), token, given.data),
  }))
  if (!outcome.ok) return keepTyped({ ...outcome }, form, ['name'])
  const signIn = await signInByRight(outcome.done.userId, await headers())
  if (signIn.ok) await sendCookies(signIn.cookies)
  redirect(signIn.ok ? '/jobs' : '/sign-in')
}
