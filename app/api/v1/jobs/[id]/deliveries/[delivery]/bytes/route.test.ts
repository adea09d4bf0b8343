import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { actors } from '@/lib/access/actors.server'
import { createKey } from '@/lib/access/keys.server'
import type { SentBytes } from '@/lib/deliveries/sent-view'
import { stopListening } from '@/lib/jobs/changes.server'
import { readBlob } from '@/lib/store/blobs.server'
import { db } from '@/lib/store/db.server'
import { type DeliveryWorld, deliveryWorld } from '@/lib/testing/deliveries'
import { person } from '@/lib/testing/people'
import { GET } from './route'

let w: DeliveryWorld
let jobId: string
let deliveryId: string
let bytes: Uint8Array

beforeAll(async () => {
  w = await deliveryWorld({
    delivery: () => ({
      kind: 'email',
      to: { value: 'dana@example.org' },
      subject: { value: 'Über die Miete' },
      text: { result: '/summary' },
    }),
  })
  const job = await w.ask()
  await w.approve(job.id)
  const delivery = await w.delivery(job.id)
  jobId = job.id
  deliveryId = delivery.id
  bytes = (await readBlob(w.db, delivery.bytesSha256)) ?? new Uint8Array()
})
beforeEach(() => {
  vi.stubEnv('DATABASE_URL', w.databaseUrl)
})
afterAll(async () => {
  await stopListening()
  await actors().close()
  await db().$disconnect()
  await w[Symbol.asyncDispose]()
})

async function asking(userId: string | null, delivery = deliveryId, query = ''): Promise<Response> {
  const { key } = await createKey(w.db, { name: 'k', roles: ['requester', 'reviewer'], userId, createdBy: null })
  const request = new Request(`http://localhost/x${query}`, { headers: { authorization: `Bearer ${key}` } })
  return GET(request, { params: Promise.resolve({ id: jobId, delivery }) })
}

test('the exact bytes come as a file that no browser opens by itself', async () => {
  const answer = await asking(w.reviewer.userId)
  expect(answer.status).toBe(200)
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    'content-type': 'application/octet-stream',
    'content-disposition': 'attachment; filename="job-1-delivery-1.eml"',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "sandbox; default-src 'none'",
  })
  expect(Buffer.from(await answer.arrayBuffer()).equals(bytes)).toBe(true)
})

test('they can be read decoded', async () => {
  const answer = await asking(w.reviewer.userId, deliveryId, '?readable=1')
  const read = (await answer.json()) as SentBytes
  expect(read).toMatchObject({ kind: 'email', size: bytes.byteLength, isJson: false })
  expect(read.headers).toContainEqual(['Subject', 'Über die Miete'])
  expect(read.text).toContain('The rent is due early in the month.')
})

test('whoever may not read the job gets nothing, nor does anybody of another job or of nothing', async () => {
  const stranger = await person(w.db, ['requester'])
  expect((await asking(stranger.userId)).status).toBe(404)
  expect((await asking(w.reviewer.userId, crypto.randomUUID())).status).toBe(404)
  expect((await asking(w.reviewer.userId, "x' OR 1=1")).status).toBe(404)
  const other = await w.ask()
  await w.approve(other.id)
  const { id } = await w.delivery(other.id)
  expect((await asking(w.reviewer.userId, id)).status, 'a delivery of another job').toBe(404)
  const request = new Request('http://localhost/x')
  expect((await GET(request, { params: Promise.resolve({ id: jobId, delivery: deliveryId }) })).status).toBe(401)
})
