import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { signedHeaders } from '@/lib/tools/signing.server'
import { readWorkflowFile } from './file'

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const read = readWorkflowFile(readFileSync('docs/examples/refund.yaml', 'utf8'))

let origin: string
let server: ReturnType<typeof spawn>

beforeAll(async () => {
  const env = { ...process.env, PORT: '0', REFUND_SIGNING_SECRET: SECRET }
  server = spawn(process.execPath, ['docs/sample-tool-server.mjs'], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  origin = await new Promise((resolve, reject) => {
    server.on('error', reject)
    server.stdout?.on('data', (chunk) => {
      const [url] = /http:\S+/.exec(String(chunk)) ?? []
      if (url !== undefined) resolve(url)
    })
  })
})
afterAll(() => void server.kill())

type Call = { path: string; given: Record<string, unknown>; id: string; secret?: string; at?: Date }

async function call({ path, given, id, secret = SECRET, at = new Date() }: Call) {
  const body = new TextEncoder().encode(JSON.stringify({ id, arguments: given }))
  const headers = signedHeaders(secret, id, body, at)
  const answer = await fetch(`${origin}${path}`, { method: 'POST', body, headers })
  return { status: answer.status, value: await answer.json() }
}

test('the example can be imported, and its tools that are ever called are those of the sample server', async () => {
  if (!read.ok) throw new Error(JSON.stringify(read.problems))
  const { tools } = read.definition
  expect(tools.map((tool) => tool.type === 'function' && [tool.name, tool.risk])).toEqual([
    ['look_up_order', 'read'],
    ['issue_refund', 'write'],
    ['close_account', 'forbidden'],
  ])
  for (const tool of tools) {
    if (tool.type !== 'function') throw new Error('The example has another kind of tool.')
    const { host, pathname } = new URL(tool.url)
    expect(host).toBe('127.0.0.1:4477')
    const { status } = await call({ path: pathname, given: { order_id: 'A', amount: 0 }, id: `msg_${tool.name}` })
    expect([tool.name, status]).toEqual([tool.name, tool.risk === 'forbidden' ? 404 : 200])
  }
})

test('the sample server pays back once, however often the same call comes', async () => {
  const refund = { path: '/issue-refund', given: { order_id: 'B', amount: 50, reason: 'Broken.' }, id: 'msg_1' }
  const first = await call(refund)
  expect(first).toEqual({ status: 200, value: { refunded: 50, order_id: 'B', reason: 'Broken.' } })
  expect(await call(refund)).toEqual(first)
  const order = { path: '/look-up-order', given: { order_id: 'B' } }
  expect((await call({ ...order, id: 'msg_2' })).value).toEqual({ order_id: 'B', paid: 120, refunded: 50 })
  expect((await call({ ...refund, id: 'msg_3' })).value).toMatchObject({ refunded: 50 })
  expect((await call({ ...refund, id: 'msg_4' })).value).toEqual({ refused: 'At most 20 euros are left to pay back.' })
})

test('the sample server refuses what is not signed by its secret, or was signed long ago', async () => {
  const given = { order_id: 'C', amount: 1, reason: 'Forged.' }
  const path = '/issue-refund'
  expect((await call({ path, given, id: 'msg_5', secret: 'whsec_AAAA' })).status).toBe(401)
  expect((await call({ path, given, id: 'msg_6', at: new Date(Date.now() - 600_000) })).status).toBe(401)
  expect((await fetch(`${origin}${path}`, { method: 'POST', body: '{}' })).status).toBe(401)
  expect((await call({ path: '/look-up-order', given, id: 'msg_7' })).value).toMatchObject({ refunded: 0 })
})
