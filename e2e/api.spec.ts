import type { APIResponse } from '@playwright/test'
import { jobSchema, problemSchema, workflowItemSchema } from '@/lib/jobs/view'
import { expect, test } from './fixtures'
import { LEASE, QUESTION } from './jobs'

const ASK = {
  workflow: 'report',
  title: 'Over the API',
  input: { question: QUESTION },
  documents: [{ name: 'lease.md', text: LEASE }],
  reference: 'API-1',
}

const bearer = (key: string) => ({ authorization: `Bearer ${key}` })

async function expectProblem(answer: APIResponse, status: number) {
  expect(answer.status()).toBe(status)
  expect(answer.headers()['content-type']).toBe('application/problem+json')
  const problem = problemSchema.parse(await answer.json())
  expect(problem.status).toBe(status)
  expect(problem.type).toMatch(/^urn:holdpoint:problem:[a-z-]+$/)
  return problem
}

test('a program starts a job and reads it as it was promised', async ({ request, apiKey }) => {
  const headers = bearer(await apiKey(['requester', 'reviewer']))
  const workflows = await (await request.get('/api/v1/workflows', { headers })).json()
  expect(workflows.items.map((item: unknown) => workflowItemSchema.parse(item).key).sort()).toEqual([
    'action',
    'digest',
    'extraction',
    'recommendation',
    'reply',
    'report',
  ])

  const made = await request.post('/api/v1/jobs', { headers, data: ASK })
  expect(made.status()).toBe(201)
  const job = jobSchema.parse(await made.json())
  expect(made.headers().location).toBe(`/api/v1/jobs/${job.id}`)
  expect(job).toMatchObject({ title: 'Over the API', reference: 'API-1', failure: null, deliveries: [] })
  expect(['queued', 'running']).toContain(job.state)

  await expect
    .poll(async () => (await (await request.get(`/api/v1/jobs/${job.number}`, { headers })).json()).state)
    .toBe('awaiting_review')
  const whole = jobSchema.parse(await (await request.get(`/api/v1/jobs/${job.id}`, { headers })).json())
  expect(whole.attempts[0]).toMatchObject({ number: 1, providerStatus: 'completed', failureClass: null })
  expect(whole.attempts[0]?.usage?.totalTokens).toBeGreaterThan(0)
  expect(whole.result?.hash).toMatch(/^[0-9a-f]{64}$/)
  expect(whole.evidence.length).toBeGreaterThan(0)
  expect(whole.trace.length).toBeGreaterThan(0)
  expect(whole.checks.map(({ outcome }) => outcome)).not.toContain('fail')
  expect(whole.events.map(({ command }) => command)).toEqual(['create', 'start', 'hold'])
  expect(whole.version).toBe(whole.events.length)
})

test('the same Idempotency-Key makes one job, and with another body it is an error', async ({ request, apiKey }) => {
  const headers = { ...bearer(await apiKey('requester')), 'idempotency-key': 'order-42' }
  const answers = await Promise.all([1, 2, 3].map(() => request.post('/api/v1/jobs', { headers, data: ASK })))
  const ids = await Promise.all(answers.map(async (answer) => (await answer.json()).id))
  expect(answers.map((answer) => answer.status())).toEqual([201, 201, 201])
  expect(new Set(ids).size).toBe(1)

  const other = await request.post('/api/v1/jobs', { headers, data: { ...ASK, title: 'Another' } })
  expect((await expectProblem(other, 422)).type).toBe('urn:holdpoint:problem:idempotency-mismatch')
  // The key is one owner's: somebody else may use the same word.
  const stranger = { ...bearer(await apiKey('requester')), 'idempotency-key': 'order-42' }
  const theirs = await request.post('/api/v1/jobs', { headers: stranger, data: ASK })
  expect(theirs.status()).toBe(201)
  expect((await theirs.json()).id).not.toBe(ids[0])
})

test('each refusal is a problem that says what to do', async ({ request, apiKey, page, signIn }) => {
  const requester = bearer(await apiKey('requester'))
  const nobody = await request.get('/api/v1/jobs')
  await expectProblem(nobody, 401)
  expect(nobody.headers()['www-authenticate']).toBe('Bearer')
  await expectProblem(await request.get('/api/v1/jobs', { headers: bearer('hp_wrong') }), 401)

  const reviewer = bearer(await apiKey('reviewer'))
  await expectProblem(await request.post('/api/v1/jobs', { headers: reviewer, data: ASK }), 403)
  await expectProblem(await request.get('/api/v1/jobs/999999999', { headers: requester }), 404)
  const broken = { ...requester, 'content-type': 'application/json' }
  await expectProblem(await request.post('/api/v1/jobs', { headers: broken, data: Buffer.from('{"workflow"') }), 400)

  const empty = await request.post('/api/v1/jobs', { headers: requester, data: { ...ASK, input: {}, documents: [] } })
  const { errors } = await expectProblem(empty, 422)
  expect(errors?.map(({ pointer }) => pointer).sort()).toEqual(['/documents', '/input/question'])
  const noSuch = await request.post('/api/v1/jobs', { headers: requester, data: { ...ASK, workflow: 'nope' } })
  expect((await expectProblem(noSuch, 422)).errors?.[0]?.pointer).toBe('/workflow')

  // A job of somebody else is not told apart from one that does not exist.
  await signIn('requester')
  const theirs = await (await page.request.post('/api/v1/jobs', { data: ASK })).json()
  const hidden = await expectProblem(await request.get(`/api/v1/jobs/${theirs.id}`, { headers: requester }), 404)
  expect(hidden.detail).toBe('There is no such job, or you may not see it.')
  // A page of another site borrows the cookie.
  const elsewhere = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }
  await expectProblem(await page.request.post('/api/v1/jobs', { headers: elsewhere, data: ASK }), 403)
})

test('a lost race is 409 with who, what and when', async ({ page, signIn, signInElsewhere }) => {
  const { name } = await signIn(['requester', 'reviewer'], 'Fay First')
  const { page: other } = await signInElsewhere('reviewer', 'Les Second')
  const { id } = await (await page.request.post('/api/v1/jobs', { data: ASK })).json()
  const read = async () => jobSchema.parse(await (await page.request.get(`/api/v1/jobs/${id}`)).json())
  await expect.poll(async () => (await read()).state).toBe('awaiting_review')
  const { version, result } = await read()
  const commands = `/api/v1/jobs/${id}/commands`

  const stale = await page.request.post(commands, { data: { command: 'approve', resultHash: '0'.repeat(64) } })
  await expectProblem(stale, 409)
  await expectProblem(await page.request.post(commands, { data: { command: 'abandon' } }), 422)
  const decision = { expectedVersion: version, resultHash: result?.hash }
  const won = await page.request.post(commands, { data: { command: 'approve', note: 'Fine.', ...decision } })
  expect(won.status()).toBe(200)
  expect(jobSchema.parse(await won.json())).toMatchObject({ state: 'completed', allowedCommands: expect.any(Array) })

  const lost = await expectProblem(
    await other.request.post(commands, { data: { command: 'approve', ...decision } }),
    409,
  )
  expect(lost.conflict).toMatchObject({ command: 'approve', state: 'completed', by: { name } })
  expect(Date.parse(lost.conflict?.at ?? '')).toBeGreaterThan(Date.now() - 60_000)
  const forbidden = await other.request.post(commands, { data: { command: 'reopen', note: 'No.' } })
  await expectProblem(forbidden, 403)
})

test('an unchanged job or list is 304, a changed one is not', async ({ request, apiKey }) => {
  const headers = bearer(await apiKey(['requester', 'support']))
  const { id } = await (await request.post('/api/v1/jobs', { headers, data: ASK })).json()
  for (const path of [`/api/v1/jobs/${id}`, '/api/v1/jobs?mine=true']) {
    // Other tests change jobs meanwhile: sooner or later nothing has changed between two questions.
    await expect(async () => {
      const first = await request.get(path, { headers })
      const again = await request.get(path, { headers: { ...headers, 'if-none-match': first.headers().etag ?? '' } })
      expect(again.status()).toBe(304)
      expect((await again.body()).length).toBe(0)
    }).toPass({ timeout: 60_000 })
  }
  const before = await request.get(`/api/v1/jobs/${id}`, { headers })
  await request.post(`/api/v1/jobs/${id}/commands`, { headers, data: { command: 'comment', note: 'Looked.' } })
  const conditional = { ...headers, 'if-none-match': before.headers().etag ?? '' }
  const after = await request.get(`/api/v1/jobs/${id}`, { headers: conditional })
  expect(after.status(), 'whoever changed it sees the change in the next answer').toBe(200)
  expect((await after.json()).events.at(-1)).toMatchObject({ command: 'comment', note: 'Looked.' })
})

test('the API describes itself, and the outside learns nothing else', async ({ request }) => {
  const document = await (await request.get('/api/openapi.json')).json()
  expect(document.openapi).toMatch(/^3\.1/)
  expect(Object.keys(document.paths)).toEqual(
    expect.arrayContaining(['/api/v1/workflows', '/api/v1/jobs', '/api/v1/jobs/{id}', '/api/v1/jobs/{id}/commands']),
  )
  expect((await request.get('/api/health/live')).status()).toBe(200)
  for (const path of ['/api/v1/workflows', '/api/v1/heartbeats?jobs=x', '/api/v1/jobs/1']) {
    expect((await request.get(path)).status(), path).toBe(401)
  }
})
