import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { exampleRequest, seenIn } from '@/lib/provider/contract'
import { createProvider } from '@/lib/provider/openai.server'
import type { Behaviour } from '@/lib/provider/types'
import { verifyWebhook } from '@/lib/provider/verify-for-tests'
import { type Sandbox, startSandbox } from './http.server'

const secret = `whsec_${Buffer.from('a secret of thirty-two characters').toString('base64')}`

type Got = { headers: IncomingHttpHeaders; body: string }
let got: Got[]
/** What the receiver answers, in order; 200 when there is nothing left. */
let answers: number[]
let receiver: Server
let sandbox: Sandbox
let dir: string

beforeEach(async () => {
  got = []
  answers = []
  receiver = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8')
    request.on('data', (chunk: string) => {
      body += chunk
    })
    request.on('end', () => {
      got.push({ headers: request.headers, body })
      response.writeHead(answers.shift() ?? 200).end()
    })
  })
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
  dir = mkdtempSync(path.join(tmpdir(), 'holdpoint-webhooks-'))
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/api/webhooks/openai`
  sandbox = await startSandbox({ dir, seconds: 0.05, webhook: { url, secret, gapsMs: [5, 10, 20], lateMs: 300 } })
})
afterEach(async () => {
  await sandbox.close()
  await new Promise((resolve) => receiver.close(resolve))
  rmSync(dir, { recursive: true, force: true })
})

const client = () => createProvider({ name: 'sandbox', apiKey: 'sandbox', baseUrl: sandbox.baseUrl })
const start = (behaviour: Behaviour, seconds?: number) =>
  client().create(exampleRequest(), { rehearsal: { behaviour, ...(seconds === undefined ? {} : { seconds }) } })
const events = () => got.map(({ body }) => JSON.parse(body) as { id: string; type: string; data: { id: string } })
const untilGot = (count: number) => vi.waitFor(() => expect(got.length).toBeGreaterThanOrEqual(count), 120_000)

describe('the webhooks of the sandbox', () => {
  it('name the response that ended, thinly, and the SDK takes their signature', async () => {
    const { responseId } = seenIn(await start('none'))
    await untilGot(1)
    const [one] = got
    const event = { id: expect.stringMatching(/^evt_/), object: 'event', type: 'response.completed' }
    expect(JSON.parse(one?.body ?? '')).toEqual({
      ...event,
      created_at: expect.any(Number),
      data: { id: responseId },
    })
    expect(one?.headers['webhook-id']).toBe(events()[0]?.id)
    await expect(verifyWebhook(one?.body ?? '', one?.headers ?? {}, secret)).resolves.toMatchObject(event)
  })

  it.each([
    ['failed_server_error', 'response.failed'],
    ['incomplete', 'response.incomplete'],
    ['cancelled_elsewhere', 'response.cancelled'],
    ['refusal', 'response.completed'],
  ] as const)('say of %s: %s', async (behaviour, type) => {
    await start(behaviour)
    await untilGot(1)
    expect(events()[0]?.type).toBe(type)
  })

  it('say that a response was cancelled, and not that it ended later', async () => {
    const { responseId } = seenIn(await start('none', 0.4))
    await client().cancel(responseId)
    await untilGot(1)
    const { responseId: last } = seenIn(await start('none', 0.6))
    await vi.waitFor(() => expect(events().map(({ data }) => data.id)).toContain(last), 120_000)
    expect(events().filter(({ data }) => data.id === responseId)).toMatchObject([{ type: 'response.cancelled' }])
  })

  it('are sent again under the same id until they are taken, a few times', async () => {
    answers = [404, 500]
    await start('none')
    await untilGot(3)
    expect(new Set(got.map(({ headers }) => headers['webhook-id'])).size).toBe(1)
    answers = [500, 500, 500, 500, 500]
    await start('none')
    await untilGot(3 + 4)
    // The next one shows that the last was dropped.
    answers = []
    const { responseId } = seenIn(await start('none'))
    await vi.waitFor(() => expect(events().at(-1)?.data.id).toBe(responseId), 120_000)
    expect(got).toHaveLength(3 + 4 + 1)
  })

  it('come twice, late, forged or not at all, where that was asked for', async () => {
    await start('webhook_doubled')
    await untilGot(2)
    expect(got[0]?.headers['webhook-id']).toBe(got[1]?.headers['webhook-id'])

    const { responseId: forgedId } = seenIn(await start('webhook_forged'))
    await untilGot(4)
    const forged = got.slice(2)
    expect(forged.map(({ body }) => (JSON.parse(body) as { data: unknown }).data)).toEqual([
      { id: forgedId },
      { id: forgedId },
    ])
    await expect(verifyWebhook(forged[0]?.body ?? '', forged[0]?.headers ?? {}, secret)).rejects.toThrow()
    await expect(verifyWebhook(forged[1]?.body ?? '', forged[1]?.headers ?? {}, secret)).resolves.toBeDefined()

    const { responseId: lostId } = seenIn(await start('webhook_lost'))
    const { responseId: lateId } = seenIn(await start('webhook_late'))
    const { responseId: soonId } = seenIn(await start('none'))
    await untilGot(6)
    expect(
      events()
        .slice(4)
        .map(({ data }) => data.id),
    ).toEqual([soonId, lateId])
    expect(events().map(({ data }) => data.id)).not.toContain(lostId)
  })

  it('name a lost answer only where that was asked for', async () => {
    expect((await start('lost_answer')).kind).toBe('lost')
    expect((await start('lost_answer_named')).kind).toBe('lost')
    await untilGot(1)
    const { responseId } = seenIn(await start('none'))
    await vi.waitFor(() => expect(events().at(-1)?.data.id).toBe(responseId), 120_000)
    expect(got).toHaveLength(2)
    const named = await client().retrieve(events()[0]?.data.id ?? '')
    expect(seenIn(named).body.metadata).toEqual(exampleRequest().metadata)
  })
})
