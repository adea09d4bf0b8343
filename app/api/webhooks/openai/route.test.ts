import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { db } from '@/lib/store/db.server'
import { type TestDatabase, testDatabase } from '@/lib/testing/database'
import { WEBHOOK_SECRET, webhookRequest } from '@/lib/testing/webhooks'

let database: TestDatabase
let POST: (request: Request) => Promise<Response>
const secondSecret = `whsec_${Buffer.alloc(32, 9).toString('base64')}`

beforeAll(async () => {
  database = await testDatabase()
  vi.stubEnv('DATABASE_URL', database.url)
  vi.stubEnv('OPENAI_WEBHOOK_SECRET', `${secondSecret}, ${WEBHOOK_SECRET}`)
  POST = (await import('./route')).POST
  // The client and the environment of this process are made once.
  expect((await POST(webhookRequest({ id: 'evt_first' }))).status).toBe(200)
})
afterAll(async () => {
  await db().$disconnect()
  await database[Symbol.asyncDispose]()
})

test('a webhook signed with any of the secrets is taken, from whichever site and without a session', async () => {
  const request = webhookRequest({ id: 'evt_second', secret: secondSecret })
  request.headers.set('sec-fetch-site', 'cross-site')
  request.headers.set('origin', 'https://elsewhere.example')
  expect((await POST(request)).status).toBe(200)
  const receipts = await database.db.webhookReceipt.findMany({ orderBy: { webhookId: 'asc' } })
  expect(receipts.map(({ webhookId, secretIndex }) => [webhookId, secretIndex])).toEqual([
    ['evt_first', 1],
    ['evt_second', 0],
  ])
})

test('a session counts for nothing where the signature does not fit', async () => {
  const request = webhookRequest({ secret: `whsec_${Buffer.alloc(32, 3).toString('base64')}` })
  request.headers.set('authorization', 'Bearer anything')
  expect((await POST(request)).status).toBe(400)
})
