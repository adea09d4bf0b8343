/** Reading the body of a request: as far as it may go, and no further. */
import { problem } from './problem'

/** The largest JSON body that is read: documents go by a route of their own. */
const MOST_BYTES = 8 * 1024 * 1024
/** Deeper than any input or command. What handles a value later walks it by recursion, which ends with the stack. */
const MOST_LEVELS = 100

/**
 * Reads a JSON body of at most `mostBytes`. A `Response` says why there is none: 413 where it is larger, as soon as it
 * is, 400 where it is not JSON, 422 where it is nested too deeply.
 */
export async function readJson(
  request: Request,
  mostBytes = MOST_BYTES,
): Promise<{ value: unknown } | { refused: Response }> {
  const text = await readText(request, mostBytes)
  if (text === null) return { refused: tooLarge(mostBytes) }
  if (isDeeperThan(text, MOST_LEVELS)) {
    const detail = `The body may have at most ${MOST_LEVELS} levels of lists and objects within each other.`
    return { refused: problem(422, 'too-deep', 'The body is nested too deeply', detail) }
  }
  try {
    return { value: JSON.parse(text) }
  } catch {
    return {
      refused: problem(400, 'not-json', 'The body is not JSON', 'The body of the request could not be read as JSON.'),
    }
  }
}

/** Null as soon as it is over the limit: what a body says of its own length may lie, or be missing. */
async function readText(request: Request, mostBytes: number): Promise<string | null> {
  if (Number(request.headers.get('content-length') ?? 0) > mostBytes) return null
  if (request.body === null) return ''
  const decoder = new TextDecoder()
  const parts: string[] = []
  let size = 0
  // Leaving the loop cancels the stream.
  for await (const chunk of request.body) {
    size += chunk.byteLength
    if (size > mostBytes) return null
    parts.push(decoder.decode(chunk, { stream: true }))
  }
  parts.push(decoder.decode())
  return parts.join('')
}

/** Counts brackets outside strings. What is no JSON may be counted wrongly: it is refused either way. */
function isDeeperThan(text: string, mostLevels: number): boolean {
  let depth = 0
  let inString = false
  for (let at = 0; at < text.length; at++) {
    const character = text[at]
    if (inString) {
      if (character === '\\') at += 1
      else if (character === '"') inString = false
    } else if (character === '"') inString = true
    else if (character === '[' || character === '{') {
      depth += 1
      if (depth > mostLevels) return true
    } else if (character === ']' || character === '}') depth -= 1
  }
  return false
}

function tooLarge(mostBytes: number): Response {
  const most = mostBytes >= 1024 * 1024 ? `${mostBytes / 1024 / 1024} MiB` : `${mostBytes / 1024} KiB`
  const advice = mostBytes === MOST_BYTES ? ' Upload documents one by one to /api/v1/documents.' : ''
  return problem(413, 'too-large', 'The body is too large', `The body may have at most ${most}.${advice}`)
}
