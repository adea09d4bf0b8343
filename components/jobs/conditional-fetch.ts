import type { Problem } from '@/lib/jobs/view'

/** The API refused or could not answer. `status` 0: it was not reached at all. */
export class ApiError extends Error {
  override name = 'ApiError'
  readonly status: number
  readonly problem: Problem | null

  constructor(status: number, problem: Problem | null, options?: ErrorOptions) {
    super(problem?.title ?? `The server answered ${status}`, options)
    this.status = status
    this.problem = problem
  }
}

/** Answers kept for their ETags. A list page is some 50 KB; older ones go first. */
const KEPT = 20

/**
 * Makes a reader that remembers the last answer of each address with its ETag, and asks only whether it changed.
 * An unchanged answer (304) gives back the very same object, so nothing that shows it is drawn again.
 * The answer's shape is taken on trust: it comes from the API of the same build, whose own tests hold it to its schema,
 * and a parser in the page would weigh more than the list.
 * @returns a function that throws {ApiError} where there is no good answer
 */
export function conditionalReader(send: typeof fetch = (...call) => fetch(...call)) {
  const kept = new Map<string, { etag: string; data: unknown }>()

  return async function read<T>(url: string, signal?: AbortSignal): Promise<T> {
    const before = kept.get(url)
    const response = await reach(send, url, before?.etag, signal)
    if (response.status === 304 && before !== undefined) return before.data as T
    if (!response.ok) throw new ApiError(response.status, await problemOf(response))
    const data = (await response.json()) as T
    const etag = response.headers.get('etag')
    kept.delete(url)
    if (etag !== null) kept.set(url, { etag, data })
    const oldest = kept.keys().next().value
    if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest)
    return data
  }
}

async function reach(
  send: typeof fetch,
  url: string,
  etag: string | undefined,
  signal?: AbortSignal,
): Promise<Response> {
  try {
    // `no-store`: the browser's own cache must not answer, or turn a 304 into a 200 unseen.
    return await send(url, {
      cache: 'no-store',
      headers: { accept: 'application/json', ...(etag === undefined ? {} : { 'if-none-match': etag }) },
      signal,
    })
  } catch (cause) {
    if (signal?.aborted) throw cause
    throw new ApiError(0, null, { cause })
  }
}

async function problemOf(response: Response): Promise<Problem | null> {
  const body: unknown = await response.json().catch(() => null)
  return isProblem(body) ? body : null
}

/** A gateway between us and the server answers in shapes of its own. */
function isProblem(body: unknown): body is Problem {
  return typeof body === 'object' && body !== null && 'title' in body && typeof body.title === 'string'
}
