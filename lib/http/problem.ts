/** Errors of the API as RFC 9457 problem details. */
import type { Problem } from '@/lib/jobs/view'

/**
 * An error answer. `type` is a short name that a program may rely on, such as `document-unreadable`; `title` says the
 * same for people and does not vary; `detail` is a sentence about this occurrence. `extra` are further members.
 */
export function problem(
  status: number,
  type: string,
  title: string,
  detail: string,
  extra: Partial<Problem> = {},
  headers: Record<string, string> = {},
): Response {
  const body: Problem = { ...extra, type: `urn:holdpoint:problem:${type}`, title, status, detail }
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store', ...headers },
  })
}
