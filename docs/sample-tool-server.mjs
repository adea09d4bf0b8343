/**
 * The tools of docs/examples/refund.yaml, as a server for rehearsals: it pays nobody and keeps everything in memory.
 * What a real one must do as well: check the signature before anything else, and do a call once however often it comes.
 *
 *   REFUND_SIGNING_SECRET=whsec_… node docs/sample-tool-server.mjs
 *
 * Needs nothing but Node. See docs/workflows.md.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import http from 'node:http'

const port = Number(process.env.PORT ?? 4477)
const secret = process.env.REFUND_SIGNING_SECRET ?? ''
if (!/^whsec_[A-Za-z0-9+/]+={0,2}$/.test(secret)) {
  console.error('Set REFUND_SIGNING_SECRET to whsec_ and base64, the same as the worker of Holdpoint has.')
  process.exit(1)
}
const key = Buffer.from(secret.slice('whsec_'.length), 'base64')

/** An older or newer signature may have been caught and sent again. */
const TOLERANCE_SECONDS = 300
const LARGEST_BODY = 64 * 1024

/** Paid back so far, by order, in euros. */
const refunds = new Map()
/** What was answered, by webhook-id: the same call again gets the same answer, and does nothing. */
const answers = new Map()

const tools = {
  '/look-up-order': ({ order_id: order }) => ({ order_id: order, paid: 120, refunded: refunds.get(order) ?? 0 }),
  '/issue-refund': ({ order_id: order, amount, reason }) => {
    const left = 120 - (refunds.get(order) ?? 0)
    if (!(amount > 0)) return { refused: 'The amount must be more than 0.' }
    if (amount > left) return { refused: `At most ${left} euros are left to pay back.` }
    refunds.set(order, (refunds.get(order) ?? 0) + amount)
    return { refunded: amount, order_id: order, reason }
  },
}

const server = http.createServer(async (request, response) => {
  const send = (status, value) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
  }
  const body = await read(request)
  if (body === null) return send(413, { error: 'The body is too large.' })
  const id = String(request.headers['webhook-id'] ?? '')
  if (!isSigned(request.headers, id, body)) return send(401, { error: 'The signature does not fit.' })
  const before = answers.get(id)
  if (before !== undefined) return send(200, before)
  const tool = request.method === 'POST' ? tools[request.url] : undefined
  if (tool === undefined) return send(404, { error: 'There is no such tool.' })
  const answer = tool(argumentsOf(body))
  answers.set(id, answer)
  console.log(`${id} ${request.url} ${JSON.stringify(answer)}`)
  send(200, answer)
})

server.listen(port, '127.0.0.1', () => console.log(`Listening on http://127.0.0.1:${server.address().port}`))

/** Standard Webhooks: HMAC-SHA256 over id, time and the body as it came. */
function isSigned(headers, id, body) {
  const timestamp = String(headers['webhook-timestamp'] ?? '')
  const age = Math.abs(Date.now() / 1_000 - Number(timestamp))
  if (id === '' || !(age <= TOLERANCE_SECONDS)) return false
  const expected = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest()
  return String(headers['webhook-signature'] ?? '')
    .split(' ')
    .filter((signature) => signature.startsWith('v1,'))
    .map((signature) => Buffer.from(signature.slice(3), 'base64'))
    .some((given) => given.length === expected.length && timingSafeEqual(given, expected))
}

async function read(request) {
  const chunks = []
  let size = 0
  for await (const chunk of request) {
    size += chunk.length
    if (size > LARGEST_BODY) return null
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** Holdpoint sends `{ id, tool, arguments, job, attempt, callId }`. */
function argumentsOf(body) {
  try {
    return JSON.parse(body.toString('utf8')).arguments ?? {}
  } catch {
    return {}
  }
}
