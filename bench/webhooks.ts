/** How long the answer to a webhook takes, the whole product on this machine: stored in PostgreSQL before it is answered. */
import { randomBytes } from 'node:crypto'
import { launchOwn } from '@/e2e/product'
import type { Actor } from '@/lib/access/actor'
import { createUser } from '@/lib/access/people.server'
import { startScriptedServer } from '@/lib/provider/scripted-server'
import { createJob } from '@/lib/store/create.server'
import { connect, type Db } from '@/lib/store/db.server'
import { parseSecrets, sign } from '@/lib/webhooks/signature'
import { type Measured, measureOf } from './measure'

const JOBS = 40
const EACH = 300
const secret = `whsec_${randomBytes(32).toString('base64')}`
const forged = `whsec_${randomBytes(32).toString('base64')}`

type Post = (about: string, signedWith: string, id?: string) => Promise<void>

export async function webhookMeasures(): Promise<Measured[]> {
  const provider = await startScriptedServer(3_600)
  const product = await launchOwn({
    OPENAI_BASE_URL: provider.baseUrl,
    OPENAI_API_KEY: 'none',
    OPENAI_WEBHOOK_SECRET: secret,
    HOLDPOINT_POLL_MS: '30000',
  })
  const db = connect(product.databaseUrl)
  try {
    const post = poster(product.url)
    const known = await runningResponses(db, JOBS)
    // The first requests load code and connect; they say nothing about the others.
    for (let times = 0; times < 20; times += 1) await post('resp_warm', secret)
    const pick = (index: number) => known[index % known.length] ?? ''
    return [
      measureOf('webhook, of a response that is waited for', await measure((index) => post(pick(index), secret))),
      measureOf('webhook, of a response nobody knows', await measure((index) => post(`resp_unknown_${index}`, secret))),
      measureOf('webhook, the same one again', await measure(() => post('resp_again', secret, 'evt_again'))),
      measureOf('webhook, forged', await measure(() => post('resp_forged', forged))),
    ]
  } finally {
    await db.$disconnect()
    await product.close()
    await provider.close()
  }
}

/** Starts jobs and gives the responses that they wait for, once the provider has taken them all. */
async function runningResponses(db: Db, count: number): Promise<string[]> {
  const { id } = await createUser(db, {
    name: 'Bench',
    email: 'bench@example.org',
    password: randomBytes(12).toString('hex'),
    roles: ['owner'],
  })
  const actor: Actor = { kind: 'person', userId: id, apiKeyId: null, name: 'Bench', email: null, roles: ['owner'] }
  const ask = {
    workflow: 'report',
    input: { question: 'When?' },
    documents: [{ name: 'lease.md', text: 'The rent is due on the third day.' }],
  }
  for (let made = 0; made < count; made += 1)
    await createJob(db, actor, ask, { transport: 'api', idempotencyKey: null })
  for (;;) {
    const attempts = await db.attempt.findMany({ where: { responseId: { not: null } }, select: { responseId: true } })
    if (attempts.length >= count) return attempts.map(({ responseId }) => responseId ?? '')
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

function poster(url: string): Post {
  return async (about, signedWith, id = `evt_${randomBytes(12).toString('hex')}`) => {
    const at = new Date()
    const created_at = Math.floor(at.getTime() / 1_000)
    const event = { id, object: 'event', type: 'response.completed', created_at, data: { id: about } }
    const body = new TextEncoder().encode(JSON.stringify(event))
    const [key] = parseSecrets(signedWith).keys
    if (key === undefined) throw new Error('this secret cannot be used')
    const headers = { 'content-type': 'application/json', ...sign(body, key, id, at) }
    const answer = await fetch(`${url}/api/webhooks/openai`, { method: 'POST', headers, body })
    await answer.arrayBuffer()
    if (answer.ok !== (signedWith === secret)) throw new Error(`answered ${answer.status}`)
  }
}

/** Milliseconds of each of `EACH` webhooks, one after another. */
async function measure(send: (index: number) => Promise<void>): Promise<number[]> {
  const times: number[] = []
  for (let index = 0; index < EACH; index += 1) {
    const begun = performance.now()
    await send(index)
    times.push(performance.now() - begun)
  }
  return times
}
