/** Reading the body of a webhook: its bytes exactly as they came, as far as it may go and no further. */

/** OpenAI's are some two hundred bytes. */
export const MOST_BYTES = 1024 * 1024

/** Null as soon as it is over the limit: what a body says of its own length may lie, or be missing. */
export async function readBytes(request: Request, mostBytes = MOST_BYTES): Promise<Uint8Array | null> {
  if (Number(request.headers.get('content-length') ?? 0) > mostBytes) return null
  if (request.body === null) return new Uint8Array()
  const chunks: Uint8Array[] = []
  let size = 0
  // Leaving the loop cancels the stream.
  for await (const chunk of request.body) {
    size += chunk.byteLength
    if (size > mostBytes) return null
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
