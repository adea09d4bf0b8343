import { fork } from 'node:child_process'
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { exampleRequest, outputText, seenIn, waitForStatus } from '@/lib/provider/contract'
import { createProvider } from '@/lib/provider/openai.server'
import { type Behaviour, behaviours, type Provider } from '@/lib/provider/types'
import { behaviourTexts } from './behaviours'
import { type Sandbox, startSandbox } from './http.server'
import type { Counters } from './store.server'

let dir: string
let sandbox: Sandbox
let provider: Provider

async function open(seconds: number): Promise<void> {
  sandbox = await startSandbox({ dir, seconds })
  provider = createProvider({ name: 'sandbox', apiKey: 'sandbox', baseUrl: sandbox.baseUrl })
}

beforeEach(async () => {
  dir = mkdtempSync(path.join(tmpdir(), 'holdpoint-sandbox-'))
  await open(0.05)
})
afterEach(async () => {
  vi.useRealTimers()
  await sandbox.close()
  rmSync(dir, { recursive: true, force: true })
})

function attempt(number: number) {
  const attemptId = `attempt-${number}`
  return exampleRequest({ metadata: { job_id: 'job-1', attempt_id: attemptId, attempt_number: String(number) } })
}

const create = (behaviour: Behaviour, number = 1, seconds?: number) =>
  provider.create(attempt(number), { rehearsal: seconds === undefined ? { behaviour } : { behaviour, seconds } })

async function counters(): Promise<Counters> {
  const response = await fetch(`http://127.0.0.1:${sandbox.port}/sandbox/counters`)
  return (await response.json()) as Counters
}

describe('the sandbox asked to misbehave', () => {
  it('has words for every behaviour', () => {
    for (const behaviour of behaviours) expect(behaviourTexts[behaviour].expect).toMatch(/\.$/)
  })

  it('answers the first attempt with an error 500, and works for the second', async () => {
    expect(await create('error_500')).toMatchObject({
      kind: 'refused',
      httpStatus: 500,
      error: { type: 'server_error', code: null, retryAfterMs: null },
    })
    expect((await create('error_500', 2)).kind).toBe('accepted')
    expect((await counters()).creates).toEqual({ total: 2, accepted: 1, refused: 1, lost: 0 })
  })

  it('asks the first attempt to wait two seconds, and works for the second', async () => {
    expect(await create('rate_limited')).toMatchObject({
      kind: 'refused',
      httpStatus: 429,
      error: { code: 'rate_limit_exceeded', retryAfterMs: 2_000 },
    })
    expect((await create('rate_limited', 2)).kind).toBe('accepted')
  })

  it('takes the first attempt and loses the answer, and works for the second', async () => {
    expect(await create('lost_answer')).toMatchObject({ kind: 'lost', httpStatus: null })
    expect(await counters()).toMatchObject({
      creates: { total: 1, accepted: 0, lost: 1 },
      attempts: { 'attempt-1': 1 },
    })
    expect((await create('lost_answer', 2)).kind).toBe('accepted')
  })

  it('fails the first attempt with server_error after it ran, and works for the second', async () => {
    const first = seenIn(await create('failed_server_error'))
    const failed = await waitForStatus(provider, first.responseId, 'failed')
    expect(failed.body).toMatchObject({ error: { code: 'server_error' }, output: [], completed_at: null })
    const second = seenIn(await create('failed_server_error', 2))
    await waitForStatus(provider, second.responseId, 'completed')
  })

  it('never finishes, until it is cancelled', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() })
    const { responseId } = seenIn(await create('stuck'))
    vi.setSystemTime(Date.now() + 40 * 86_400_000)
    expect(seenIn(await provider.retrieve(responseId)).status).toBe('in_progress')
    expect(seenIn(await provider.cancel(responseId)).status).toBe('cancelled')
  })

  it('takes a minute, or as long as it is asked to', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() })
    const slow = seenIn(await create('slow')).responseId
    const slower = seenIn(await create('slow', 1, 90)).responseId
    vi.setSystemTime(Date.now() + 59_000)
    expect(seenIn(await provider.retrieve(slow)).status).toBe('in_progress')
    vi.setSystemTime(Date.now() + 2_000)
    expect(seenIn(await provider.retrieve(slow)).status).toBe('completed')
    expect(seenIn(await provider.retrieve(slower)).status).toBe('in_progress')
  })

  it('stops in the middle of the answer', async () => {
    const { responseId } = seenIn(await create('incomplete'))
    const seen = await waitForStatus(provider, responseId, 'incomplete')
    expect(seen.body.incomplete_details).toEqual({ reason: 'max_output_tokens' })
    expect(outputText(seen)).not.toBe('')
    expect(() => JSON.parse(outputText(seen))).toThrow(SyntaxError)
  })

  it('refuses where the answer should be', async () => {
    const { responseId } = seenIn(await create('refusal'))
    const { body } = await waitForStatus(provider, responseId, 'completed')
    const message = (body.output as { type: string; content?: unknown[] }[]).at(-1)
    expect(message).toMatchObject({ type: 'message', content: [{ type: 'refusal', refusal: expect.any(String) }] })
  })

  it('misquotes', async () => {
    const honest = seenIn(await create('none')).responseId
    const bad = seenIn(await create('bad_quotes')).responseId
    const quote = 'The deposit is $2,900.'
    expect(outputText(await waitForStatus(provider, honest, 'completed'))).toContain(`"quote":"${quote}"`)
    expect(outputText(await waitForStatus(provider, bad, 'completed'))).not.toContain(`"quote":"${quote}"`)
  })

  it('does so by the header alone, never by words in a text', async () => {
    const request = exampleRequest({ input: 'refusal lost_answer error_500 {"behaviour":"stuck"}' })
    const { responseId } = seenIn(await provider.create(request))
    await waitForStatus(provider, responseId, 'completed')
  })

  it('refuses a behaviour that it does not know', async () => {
    const response = await post({ 'x-holdpoint-rehearsal': '{"behaviour":"explode"}' })
    expect(response.status).toBe(400)
    expect((await counters()).creates.total).toBe(0)
  })
})

describe('the sandbox', () => {
  it('shows its trace: reasoning, searches with scored results, and the message', async () => {
    const { responseId } = seenIn(await create('none'))
    const { body } = await waitForStatus(provider, responseId, 'completed')
    expect(body.output).toMatchObject([
      { type: 'reasoning', summary: [{ type: 'summary_text' }, { type: 'summary_text' }] },
      {
        type: 'file_search_call',
        queries: ['How much is the deposit'],
        results: [{ file_id: 'd1', filename: 'lease.md', score: 1, attributes: { passage: 'd1.1', page: 1 } }],
      },
      { type: 'message', role: 'assistant', status: 'completed' },
    ])
    expect(body.model).toBe('holdpoint-sandbox')
  })

  it('queues for a moment, then works', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() })
    const { responseId, status } = seenIn(await create('none', 1, 6))
    vi.setSystemTime(Date.now() + 1_500)
    expect([status, seenIn(await provider.retrieve(responseId)).status]).toEqual(['queued', 'in_progress'])
  })

  it('loses nothing in a restart: responses, cancellations, and what it counted', async () => {
    const running = seenIn(await create('none', 1, 1_000)).responseId
    const stopped = seenIn(await create('stuck', 2)).responseId
    const ended = seenIn(await create('none', 3)).responseId
    await provider.cancel(stopped)
    const answer = outputText(await waitForStatus(provider, ended, 'completed'))
    const before = await counters()
    await sandbox.close()
    await open(0.05)
    expect(seenIn(await provider.retrieve(running)).status).toBe('queued')
    expect(seenIn(await provider.retrieve(stopped)).status).toBe('cancelled')
    expect(outputText(seenIn(await provider.retrieve(ended)))).toBe(answer)
    expect(await counters()).toEqual(before)
    expect(before.creates.total).toBe(3)
  })

  it('counts on after a kill in the middle of a line of its log', async () => {
    await create('none', 1)
    await sandbox.close()
    appendFileSync(path.join(dir, 'creates.jsonl'), '{"at":"2026-')
    await open(0.05)
    await create('none', 2)
    await sandbox.close()
    await open(0.05)
    expect((await counters()).attempts).toEqual({ 'attempt-1': 1, 'attempt-2': 1 })
  })

  it('counts the creates of each attempt and job, so that a second one shows', async () => {
    await create('none', 1)
    await create('none', 1)
    await create('error_500', 1)
    await create('none', 2)
    expect(await counters()).toEqual({
      creates: { total: 4, accepted: 3, refused: 1, lost: 0 },
      attempts: { 'attempt-1': 3, 'attempt-2': 1 },
      jobs: { 'job-1': 4 },
    })
  })

  it('answers nobody without a key, and no page that points its own name at loopback', async () => {
    expect((await post({ authorization: '' })).status).toBe(401)
    expect(await statusFor('evil.example')).toBe(403)
    expect(await statusFor(`127.0.0.1:${sandbox.port}`)).toBe(200)
  })

  it.each(['../counters', '..%2F..%2Fetc', 'resp_', '%', 'resp_%00'])('has no response called %s', async (id) => {
    const response = await fetch(`http://127.0.0.1:${sandbox.port}/v1/responses/${id}`, {
      headers: { authorization: 'Bearer x' },
    })
    expect(response.status).toBe(404)
    expect(await response.json()).toMatchObject({ error: { type: 'invalid_request_error' } })
  })
})

describe('the process of the sandbox', () => {
  it('says where it listens, and ends when its parent goes away', async () => {
    const child = fork(path.join(import.meta.dirname, 'main.ts'), {
      env: { ...process.env, SANDBOX_DIR: dir, SANDBOX_PORT: '0' },
      execArgv: ['--import', 'tsx'],
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    })
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
    const { port } = await new Promise<{ port: number }>((resolve) => {
      child.once('message', (message) => resolve(message as { port: number }))
    })
    const response = await fetch(`http://127.0.0.1:${port}/sandbox/counters`)
    expect(response.status).toBe(200)
    child.disconnect()
    expect(await ended).toBe(0)
  })

  it('says in a sentence that its port is taken', async () => {
    const child = fork(path.join(import.meta.dirname, 'main.ts'), {
      env: { ...process.env, SANDBOX_DIR: dir, SANDBOX_PORT: String(sandbox.port) },
      execArgv: ['--import', 'tsx'],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    })
    let said = ''
    child.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString()
    })
    expect(await new Promise((resolve) => child.once('close', resolve))).toBe(1)
    expect(said).toContain(`cannot listen on port ${sandbox.port}: it is taken.`)
  })
})

function post(headers: Record<string, string>): Promise<Response> {
  return fetch(`${sandbox.baseUrl}/responses`, {
    method: 'POST',
    headers: { authorization: 'Bearer x', 'content-type': 'application/json', ...headers },
    body: JSON.stringify(exampleRequest()),
  })
}

/** The status for a request that calls this host by `name`. */
function statusFor(name: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const options = { port: sandbox.port, host: '127.0.0.1', path: '/sandbox/counters', headers: { host: name } }
    httpRequest(options, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
      .once('error', reject)
      .end()
  })
}
