/** One HTTP POST to a tool: to an address that was checked, followed nowhere, answered within bounds. */
import { promises as dns, type LookupAddress } from 'node:dns'
import http from 'node:http'
import https from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { type AllowList, mayReach } from './addresses'

/** More of an answer than this is not read: in bytes. */
export const LONGEST_ANSWER = 1024 * 1024

export type Posting = {
  url: string
  headers: Record<string, string>
  body: Uint8Array
  /** For the whole exchange, the last byte of the answer included. */
  timeoutMs: number
  allowed: AllowList
  /** How a name is looked up; the system's own way, unless a test says otherwise. */
  resolve?: (host: string) => Promise<LookupAddress[]>
}

export type Posted =
  | { kind: 'answered'; status: number; body: Uint8Array; cut: boolean; retryAfterMs: number | null }
  /** No whole answer came. `code` is the system's, or 'timeout'. It may have arrived all the same. */
  | { kind: 'no_answer'; code: string }
  /** Never sent, and never will be as things stand. */
  | { kind: 'refused'; code: 'private_address' | 'bad_address' }

/** Sends one request. Nothing here throws for what a tool or the network does, and nothing is tried again. */
export async function post(posting: Posting): Promise<Posted> {
  const url = URL.canParse(posting.url) ? new URL(posting.url) : null
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') {
    return { kind: 'refused', code: 'bad_address' }
  }
  const signal = AbortSignal.timeout(posting.timeoutMs)
  try {
    const addresses = await within(signal, addressesOf(url, posting.resolve ?? lookUp))
    const host = bareHost(url)
    // All of them: which one a connection takes is not ours to choose.
    const isPrivate = addresses.some(({ address }) => !mayReach(host, address, posting.allowed))
    if (isPrivate || addresses.length === 0) return { kind: 'refused', code: 'private_address' }
    return await send(url, addresses, posting, signal)
  } catch (error) {
    return { kind: 'no_answer', code: signal.aborted ? 'timeout' : codeOf(error) }
  }
}

/** What `host` of a URL is without the brackets of IPv6. The URL parser has read 0x7f.1 and 2130706433 as 127.0.0.1. */
function bareHost({ hostname }: URL): string {
  return hostname.startsWith('[') ? hostname.slice(1, -1) : hostname
}

async function addressesOf(url: URL, resolve: NonNullable<Posting['resolve']>): Promise<LookupAddress[]> {
  const host = bareHost(url)
  const family = isIP(host)
  return family === 0 ? resolve(host) : [{ address: host, family }]
}

function lookUp(host: string): Promise<LookupAddress[]> {
  return dns.lookup(host, { all: true, verbatim: true })
}

/** A look-up cannot be stopped; nobody waits for it any longer than that. */
function within<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    work.then(resolve, reject)
  })
}

function send(url: URL, addresses: LookupAddress[], posting: Posting, signal: AbortSignal): Promise<Posted> {
  const client = url.protocol === 'https:' ? https : http
  return new Promise((resolve, reject) => {
    const request = client.request(url, {
      method: 'POST',
      headers: { ...posting.headers, 'content-length': String(posting.body.byteLength) },
      // A connection of its own, to what was checked: another look-up could lead elsewhere. The certificate is still
      // that of the name.
      agent: new client.Agent({ keepAlive: false }),
      lookup: pinnedTo(addresses),
      signal,
    })
    request.on('error', reject)
    request.on('response', (response) => {
      readBounded(response).then(({ body, cut }) => {
        const { statusCode: status = 0, headers } = response
        resolve({ kind: 'answered', status, body, cut, retryAfterMs: retryAfter(headers['retry-after']) })
      }, reject)
    })
    request.end(posting.body)
  })
}

function pinnedTo(addresses: LookupAddress[]): LookupFunction {
  return (_host, options, callback) => {
    if (options.all) callback(null, addresses)
    else callback(null, addresses[0]?.address ?? '', addresses[0]?.family)
  }
}

async function readBounded(response: http.IncomingMessage): Promise<{ body: Uint8Array; cut: boolean }> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk)
    size += chunk.byteLength
    // Leaving the loop closes the connection.
    if (size > LONGEST_ANSWER) break
  }
  const body = Buffer.concat(chunks)
  return { body: body.subarray(0, LONGEST_ANSWER), cut: body.byteLength > LONGEST_ANSWER }
}

/** In milliseconds; null where the header is absent or no number of seconds. */
function retryAfter(value: string | undefined): number | null {
  const seconds = value === undefined || value.trim() === '' ? Number.NaN : Number(value)
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1_000 : null
}

/** The system's code of what went wrong; several addresses fail with several, of which the first is told. */
function codeOf(error: unknown): string {
  const first = error instanceof AggregateError ? error.errors[0] : error
  const code = typeof first === 'object' && first !== null && 'code' in first ? first.code : null
  return typeof code === 'string' ? code.slice(0, 100) : 'connection_lost'
}
