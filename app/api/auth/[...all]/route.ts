import { z } from 'zod'
import { actors } from '@/lib/access/actors.server'
import { sessionCookieName, signInByPassword } from '@/lib/access/auth.server'
import { endSession } from '@/lib/access/people.server'
import { isHttps, sameOrigin } from '@/lib/access/same-origin'
import { signInRefusal } from '@/lib/access/sign-in-words'
import { readJson } from '@/lib/http/body'
import { problem } from '@/lib/http/problem'
import { isDatabaseAway } from '@/lib/store/database-away'
import { db } from '@/lib/store/db.server'

const routes: Record<string, (request: Request) => Promise<Response>> = {
  'sign-in/email': signIn,
  'sign-out': signOut,
}

/**
 * The two addresses of Better Auth that are open, under its names for them. The others would change people without
 * telling the other processes, so that is done by actions.
 */
export async function POST(request: Request, { params }: RouteContext<'/api/auth/[...all]'>) {
  const path = (await params).all.join('/')
  // Its own: every object also has a `constructor`.
  const route = Object.hasOwn(routes, path) ? routes[path] : undefined
  if (route === undefined) return problem(404, 'not-found', 'Not found', 'There is no such address.')
  if (!sameOrigin(request))
    return problem(403, 'cross-site', 'Not from another site', 'A page of another site asked for this.')
  try {
    return await route(request)
  } catch (error) {
    if (!isDatabaseAway(error)) throw error
    return problem(
      503,
      'unavailable',
      'The database is away',
      'Try again in a few seconds.',
      {},
      { 'retry-after': '2' },
    )
  }
}

const credentials = z.object({ email: z.string().trim().max(254), password: z.string().max(1_000) })
/** Many times the longest address and password. In bytes; nobody is signed in yet who could be asked to stop. */
const MOST_BYTES = 64 * 1024
const STATUS = { wrong: 401, inactive: 403, too_many: 429 } as const

async function signIn(request: Request): Promise<Response> {
  const body = await readJson(request, MOST_BYTES)
  if ('refused' in body && body.refused.status === 413) return body.refused
  const given = credentials.safeParse('value' in body ? body.value : null)
  if (!given.success) return problem(422, 'not-usable', 'Not usable', 'Send JSON with an email and a password.')
  const result = await signInByPassword(given.data, request.headers)
  if (!result.ok) {
    const wait: Record<string, string> = result.waitSeconds > 0 ? { 'retry-after': String(result.waitSeconds) } : {}
    return problem(STATUS[result.reason], 'not-signed-in', 'Not signed in', signInRefusal(result), {}, wait)
  }
  return done(result.cookies)
}

async function signOut(request: Request): Promise<Response> {
  const person = await actors().bySession(request.headers)
  if (person !== null) await endSession(db(), person.actor.userId, person.sessionId)
  const https = isHttps(request.headers)
  return done([`${sessionCookieName(https)}=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax${https ? '; Secure' : ''}`])
}

function done(cookies: readonly string[]): Response {
  const headers = new Headers({ 'cache-control': 'no-store' })
  for (const cookie of cookies) headers.append('set-cookie', cookie)
  return Response.json({ success: true }, { headers })
}
