import { expect, test } from 'vitest'
import { readJson } from './body'

const address = 'http://localhost/'
const post = (body: string) => new Request(address, { method: 'POST', body })
const statusOf = async (request: Request, most?: number) => {
  const read = await readJson(request, most)
  return 'refused' in read ? read.refused.status : read.value
}

/** A body that comes in pieces and never says how long it is; it has no end of its own. */
function endless(piece: string) {
  const told = { pieces: 0, cancelled: false }
  const body = new ReadableStream({
    pull(controller) {
      told.pieces += 1
      controller.enqueue(new TextEncoder().encode(piece))
    },
    cancel() {
      told.cancelled = true
    },
  })
  const request = new Request(address, { method: 'POST', body, duplex: 'half' } as RequestInit)
  return { request, told }
}

test('a body is read as JSON, also where its pieces part a character', async () => {
  const bytes = new TextEncoder().encode('{"a":"é€😀"}')
  const body = new ReadableStream({
    start(controller) {
      for (const byte of bytes) controller.enqueue(Uint8Array.of(byte))
      controller.close()
    },
  })
  const request = new Request(address, { method: 'POST', body, duplex: 'half' } as RequestInit)
  expect(await statusOf(request)).toEqual({ a: 'é€😀' })
  expect(await statusOf(post('{"a":'))).toBe(400)
  expect(await statusOf(new Request(address, { method: 'POST' }))).toBe(400)
})

test('a body without end is read no further than it may go', async () => {
  const { request, told } = endless('x'.repeat(1024))
  expect(await statusOf(request, 64 * 1024)).toBe(413)
  expect(told.cancelled).toBe(true)
  expect(told.pieces).toBeLessThan(70)
  expect(await statusOf(post('"12345678"'), 10)).toBe('12345678')
  expect(await statusOf(post('"123456789"'), 10)).toBe(413)
  // Counted in bytes, not in characters.
  expect(await statusOf(post('"€€€€"'), 10)).toBe(413)
})

test('a body that is nested too deeply is refused, whatever its strings hold', async () => {
  const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`
  expect(await statusOf(post(nested(100_000)))).toBe(422)
  expect(await statusOf(post(`{"input":${nested(100)}}`))).toBe(422)
  expect(await statusOf(post(`{"input":"\\"","x":${nested(100)}}`))).toBe(422)
  expect(await statusOf(post(nested(100)))).toBeInstanceOf(Array)
  expect(await statusOf(post(`[${Array(200).fill('[]').join()}]`))).toHaveLength(200)
  const text = `\\"${'[{'.repeat(200)}\\`
  expect(await statusOf(post(JSON.stringify({ text })))).toEqual({ text })
})
