/** What every route of the API does: ask who is there, answer expected failures as problem details. */
import type { Actor } from '@/lib/access/actor'
import { actorFromRequest } from '@/lib/access/actors.server'
import { sameOrigin } from '@/lib/access/same-origin'
import { problemOf } from './expected.server'
import { problem } from './problem'

/**
 * Runs `handler` for the person or key that asks: 401 for nobody, 403 for a page of another site that borrows a
 * cookie, and problem details for whatever failed in an expected way.
 */
export function answer(request: Request, handler: (actor: Actor) => Promise<Response>): Promise<Response> {
  return guard(async () => {
    if (request.method !== 'GET' && !request.headers.has('authorization') && !sameOrigin(request)) {
      return problem(403, 'cross-site', 'Not from another site', 'This request came from a page of another site.')
    }
    const actor = await actorFromRequest(request)
    if (actor !== null) return handler(actor)
    const detail = 'Sign in, or send a valid API key as "Authorization: Bearer <key>".'
    return problem(401, 'unauthenticated', 'Nobody is signed in', detail, {}, { 'www-authenticate': 'Bearer' })
  })
}

/** Answers failures that were expected, such as a database that is away, as problem details. The rest rises. */
export async function guard(work: () => Promise<Response>): Promise<Response> {
  try {
    return await work()
  } catch (error) {
    const expected = await problemOf(error)
    if (expected === null) throw error
    return new Response(JSON.stringify(expected), {
      status: expected.status,
      headers: {
        'content-type': 'application/problem+json',
        'cache-control': 'no-store',
        ...(expected.status === 503 ? { 'retry-after': '2' } : {}),
      },
    })
  }
}

/** A JSON answer that is never cached without asking again. */
export function json(value: unknown, status = 200, headers: Record<string, string> = {}): Response {
  return Response.json(value, { status, headers: { 'cache-control': 'private, no-cache', ...headers } })
}

/** A JSON answer with its tag, where there is one. */
export function tagged(value: unknown, tag: string | null): Response {
  return json(value, 200, tag === null ? {} : { etag: tag })
}

/** The answer to a poll that has everything already. */
export function unchanged(tag: string): Response {
  return new Response(null, { status: 304, headers: { etag: tag, 'cache-control': 'private, no-cache' } })
}

/** What a zod schema says against a body, as errors that point at its parts. */
export function pointedErrors(
  issues: readonly { path: PropertyKey[]; message: string }[],
): { pointer: string; detail: string }[] {
  return issues.map((issue) => ({ pointer: `/${issue.path.map(String).join('/')}`, detail: issue.message }))
}
