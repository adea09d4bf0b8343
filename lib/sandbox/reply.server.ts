/** What the sandbox sends back, and the ways in which it does not arrive. */
import type { ServerResponse } from 'node:http'
import type { Fault, Refusal } from './plan'
import { ApiError } from './request'

export type Reply = {
  status: number
  body: unknown
  headers?: Record<string, string>
  /** What becomes of it on the way. */
  fault?: Fault
}

export function refusalError({ status, message, ...more }: Refusal): ApiError {
  return new ApiError(status, message, more)
}

/** The answer to a request that could not be answered, in the API's own error shape. */
export function errorReply(cause: unknown): Reply {
  if (cause instanceof ApiError) return { status: cause.status, body: cause.body, headers: cause.headers }
  // Not swallowed: whoever started the sandbox reads its standard error.
  process.stderr.write(`sandbox: ${cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)}\n`)
  return { status: 500, body: new ApiError(500, 'The sandbox failed.', { type: 'server_error' }).body }
}

const page = '<!doctype html><html><head><title>503 Service Unavailable</title></head><body>upstream</body></html>'

/** Sends it, as whole as it is to arrive. */
export function sendReply(response: ServerResponse, { status, body, fault }: Reply): void {
  const json = Buffer.from(JSON.stringify(body, null, 2))
  switch (fault?.how) {
    case undefined:
      write(response, status, 'application/json', json)
      break
    case 'reset':
      response.socket?.destroy()
      break
    case 'silence':
      break
    case 'garbled':
      write(response, status, 'application/json', Buffer.concat([Buffer.from('\u0000{"id":'), json.subarray(40)]))
      break
    case 'page':
      write(response, fault.status, 'text/html', Buffer.from(page))
      break
    case 'partial':
      response.writeHead(status, { 'content-type': 'application/json', 'content-length': json.byteLength })
      response.write(json.subarray(0, Math.floor(json.byteLength / 2)), () => response.socket?.destroy())
  }
}

function write(response: ServerResponse, status: number, type: string, bytes: Buffer): void {
  response.writeHead(status, { 'content-type': type, 'content-length': bytes.byteLength })
  response.end(bytes)
}
