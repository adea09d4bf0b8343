/** Who is asking, for pages, layouts and server actions. The one place of `lib` that knows Next. */
import { parseSetCookieHeader, toCookieOptions } from 'better-auth/cookies'
import { cookies, headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { actors, type SessionActor } from '@/lib/access/actors.server'
import { localPath } from '@/lib/access/same-origin'

export { actorFromRequest } from '@/lib/access/actors.server'
export { sameOrigin } from '@/lib/access/same-origin'

/** Everything known of the signed-in person, or null. */
export async function actorProfile(): Promise<SessionActor | null> {
  // First, so that the build knows that the page is made for each request, before anything asks for a database.
  const given = await headers()
  return actors().bySession(given)
}

/** The signed-in person, or null. */
export async function readActor(): Promise<SessionActor['actor'] | null> {
  return (await actorProfile())?.actor ?? null
}

/** The signed-in person. Sends anybody else to /sign-in, and from there back to `next`, a path of this site. */
export async function requireActor(next?: string): Promise<SessionActor['actor']> {
  return (await requireProfile(next)).actor
}

/** As `requireActor`, with everything known of the person. */
export async function requireProfile(next?: string): Promise<SessionActor> {
  const profile = await actorProfile()
  if (profile !== null) return profile
  redirect(next === undefined ? '/sign-in' : `/sign-in?next=${encodeURIComponent(localPath(next))}`)
}

/** Puts `Set-Cookie` headers into the answer of a server action. */
export async function sendCookies(setCookies: readonly string[]): Promise<void> {
  const store = await cookies()
  for (const header of setCookies) {
    for (const [name, cookie] of parseSetCookieHeader(header)) store.set(name, cookie.value, toCookieOptions(cookie))
  }
}
