import { signInByRight } from '@/lib/access/auth.server'
import { redeemSignInLink } from '@/lib/access/links.server'
import { isDatabaseAway } from '@/lib/store/database-away'
import { db } from '@/lib/store/db.server'

/** Uses a one-time link up and signs its person in. */
export async function GET(request: Request) {
  try {
    return await signInByLink(request)
  } catch (error) {
    if (!isDatabaseAway(error)) throw error
    const sentence = 'The database is away, so nobody can be signed in now. Open this link again in a few seconds.\n'
    return new Response(sentence, { status: 503, headers: { 'retry-after': '2', 'cache-control': 'no-store' } })
  }
}

async function signInByLink(request: Request): Promise<Response> {
  const token = new URL(request.url).searchParams.get('token') ?? ''
  const person = await redeemSignInLink(db(), token)
  if (person === null) return go('/sign-in/link-unusable')
  const signIn = await signInByRight(person.userId, request.headers)
  return signIn.ok ? go('/jobs', signIn.cookies) : go('/sign-in/link-unusable')
}

/** Next answers HEAD by GET: whoever only looks, such as a link preview, must not use the link up. */
export function HEAD() {
  return new Response(null, { status: 405, headers: { allow: 'GET' } })
}

function go(path: string, cookies: readonly string[] = []): Response {
  const headers = new Headers({ location: path, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' })
  for (const cookie of cookies) headers.append('set-cookie', cookie)
  return new Response(null, { status: 303, headers })
}
