/**
 * A receiver of signed deliveries. It shows what yours must do: check the signature over the bytes as they came, refuse
 * what was signed long ago, take each webhook-id once however often it comes, and answer 2xx only when that is written
 * down. What it takes is a line in a file, which survives it.
 *
 *   RECEIVER_SIGNING_SECRET=whsec_… RECEIVER_FILE=received.jsonl node docs/sample-receiver.mjs
 *
 * Needs nothing but Node. See docs/deliveries.md.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import fs from 'node:fs'
import http from 'node:http'

const port = Number(process.env.PORT ?? 8787)
const file = process.env.RECEIVER_FILE ?? 'received.jsonl'
const secret = process.env.RECEIVER_SIGNING_SECRET ?? ''
if (!/^whsec_[A-Za-z0-9+/]+={0,2}$/.test(secret)) {
  console.error('Set RECEIVER_SIGNING_SECRET to whsec_ and base64, the same as the worker of Holdpoint has.')
  process.exit(1)
}
const key = Buffer.from(secret.slice('whsec_'.length), 'base64')

/** An older or newer signature may have been caught and sent again. */
const TOLERANCE_SECONDS = 300
const LARGEST_BODY = 16 * 1024 * 1024

const taken = takenBefore()
const out = fs.openSync(file, 'a')

const server = http.createServer(async (request, response) => {
  const answer = (status, value) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
  }
  try {
    const body = await read(request)
    if (body === null) return answer(413, { error: 'The body is too large.' })
    const id = String(request.headers['webhook-id'] ?? '')
    if (request.method !== 'POST' || !isSigned(request.headers, id, body)) {
      return answer(401, { error: 'The signature does not fit.' })
    }
    const corrects = correctedId(request.headers, body)
    const isNew = take(id, body, corrects)
    // One that was never taken has nothing to mend: then the correction is the delivery itself.
    const mends =
      corrects === null
        ? ''
        : taken.has(corrects)
          ? `, corrects ${corrects}`
          : `, corrects ${corrects}, which never came`
    console.log(`${id} ${isNew ? 'taken' : 'seen before'}${mends}`)
    answer(200, { taken: isNew })
  } catch (error) {
    // It will be sent again, under the same id.
    console.error(error)
    if (!response.headersSent) answer(500, { error: 'It could not be written down.' })
  }
})

server.listen(port, '127.0.0.1', () => console.log(`Listening on http://127.0.0.1:${server.address().port}`))

/** Standard Webhooks: HMAC-SHA256 over id, time and the body as it came. */
function isSigned(headers, id, body) {
  const timestamp = String(headers['webhook-timestamp'] ?? '')
  const age = Math.abs(Date.now() / 1_000 - Number(timestamp))
  if (id === '' || timestamp === '' || !(age <= TOLERANCE_SECONDS)) return false
  const expected = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest()
  return String(headers['webhook-signature'] ?? '')
    .split(' ')
    .filter((signature) => signature.startsWith('v1,'))
    .map((signature) => Buffer.from(signature.slice(3), 'base64'))
    .some((given) => given.length === expected.length && timingSafeEqual(given, expected))
}

/**
 * Writes the delivery down, unless its id was seen before. The id and what is done with it are one write: a receiver with
 * a database puts both into one transaction. Nothing else runs in between, so the same id cannot be taken twice at once.
 */
function take(id, body, corrects) {
  if (taken.has(id)) return false
  const line = {
    id,
    at: new Date().toISOString(),
    ...(corrects === null ? {} : { corrects }),
    body: body.toString('utf8'),
  }
  fs.writeSync(out, `${JSON.stringify(line)}\n`)
  fs.fsyncSync(out)
  taken.add(id)
  return true
}

/**
 * The id of the delivery that this one corrects; null: none. What stands in the body is signed; the header is there for
 * bodies that have no room for it.
 */
function correctedId(headers, body) {
  const inBody = JSON.parse(body.toString('utf8'))?.corrects?.webhookId
  return inBody ?? headers['holdpoint-corrects'] ?? null
}

/** A last line that was cut off by a crash was never answered with 2xx: it comes again. */
function takenBefore() {
  const text = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : ''
  const whole = text.slice(0, text.lastIndexOf('\n') + 1)
  if (whole !== text) fs.writeFileSync(file, whole)
  return new Set(
    whole
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line).id),
  )
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
