'use server'
import { headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { type SignIn, signInByRight } from '@/lib/access/auth.server'
import { redeemSignInLink, signInPath } from '@/lib/access/links.server'
import { notAllowed, type Outcome } from '@/lib/access/outcome'
import { sameOrigin } from '@/lib/access/same-origin'
import { sendCookies } from '@/lib/access/session.server'
import { isDatabaseAway } from '@/lib/store/database-away'
import { db } from '@/lib/store/db.server'

const AWAY = 'The database is away, so nobody can be signed in now. Press again in a few seconds.'

/** Uses the link up, signs its person in and goes to the jobs; or back to the page, which says why it does not work. */
export async function signInByLink(token: string, _before: Outcome | null, _form: FormData): Promise<Outcome> {
  const given = await headers()
  if (!sameOrigin({ headers: given })) return notAllowed('A page of another site asked for this.')
  let signIn: SignIn | null
  try {
    const person = await redeemSignInLink(db(), token)
    signIn = person === null ? null : await signInByRight(person.userId, given)
  } catch (error) {
    if (!isDatabaseAway(error)) throw error
    return notAllowed(AWAY)
  }
  if (signIn?.ok) await sendCookies(signIn.cookies)
  redirect(signIn?.ok ? '/jobs' : signInPath(token))
}
