'use server'
import { headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { z } from 'zod'
import { signInByPassword } from '@/lib/access/auth.server'
import { keepTyped, notAllowed, type Outcome } from '@/lib/access/outcome'
import { localPath } from '@/lib/access/same-origin'
import { sendCookies } from '@/lib/access/session.server'
import { signInRefusal } from '@/lib/access/sign-in-words'

const credentials = z.object({
  email: z.string().trim().max(254),
  password: z.string().max(1_000),
  next: z.string().optional(),
})

/** Signs in and goes to `next`, or says why not. */
export async function signIn(_before: Outcome | null, form: FormData): Promise<Outcome> {
  const given = credentials.safeParse(Object.fromEntries(form))
  if (!given.success) return notAllowed('Give an e-mail and a password.')
  const { next, ...who } = given.data
  const result = await signInByPassword(who, await headers())
  if (!result.ok) return keepTyped(notAllowed(signInRefusal(result)), form, ['email'])
  await sendCookies(result.cookies)
  redirect(localPath(next))
}
