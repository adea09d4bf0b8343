import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { exampleRequest, outputText, seenIn, waitForStatus } from '@/lib/provider/contract'
import { createProvider } from '@/lib/provider/openai.server'
import { behaviours } from '@/lib/provider/rehearsal'
import type { Behaviour, CreateOutcome, RehearsedAttempts } from '@/lib/provider/types'
import { behaviourGroups, behaviourTexts, expectationOf, isMeant } from './behaviours'
import { type Sandbox, type SandboxOptions, startSandbox } from './http.server'
import { duration, generousLimits, keepLimits } from './limits'
import { plans } from './plan'
import type { Counters } from './store.server'

let dir: string
let sandbox: Sandbox
beforeEach(async () => {
  dir = mkdtempSync(path.join(tmpdir(), 'holdpoint-faults-'))
  await open({})
})
afterEach(async () => {
  await sandbox.close()
  rmSync(dir, { recursive: true, force: true })
})

async function open(options: Partial<SandboxOptions>): Promise<void> {
  sandbox = await startSandbox({ dir, seconds: 0, ...options })
}

/** Patient, since the machine may be busy, unless it is silence that is waited for. */
function client(behaviour?: Behaviour) {
  const create = behaviour?.startsWith('create_silence') ? 3_000 : 10_000
  return createProvider({ name: 'sandbox', apiKey: 'sandbox', baseUrl: sandbox.baseUrl, timeouts: { create } })
}

function create(behaviour: Behaviour, number = 1, attempts?: RehearsedAttempts): Promise<CreateOutcome> {
  const metadata = { job_id: 'job-1', attempt_id: `attempt-${number}`, attempt_number: String(number) }
  const rehearsal = attempts === undefined ? { behaviour } : { behaviour, attempts }
  return client(number === 1 ? behaviour : undefined).create(exampleRequest({ metadata }), { rehearsal })
}

async function counters(): Promise<Counters> {
  const response = await fetch(`http://127.0.0.1:${sandbox.port}/sandbox/counters`)
  return (await response.json()) as Counters
}

describe('what can be rehearsed', () => {
  it('has a group, words of its own, and an expectation for each choice of attempts', () => {
    const labels = behaviours.map((behaviour) => behaviourTexts[behaviour].label)
    expect(new Set(labels).size).toBe(labels.length)
    for (const behaviour of behaviours) {
      const { group, attempts, expect: usual } = behaviourTexts[behaviour]
      expect(behaviourGroups[group]).toBeDefined()
      if (attempts === null) expect(expectationOf(behaviour, 'every')).toBe(usual)
      else expect(expectationOf(behaviour, 'first')).not.toBe(expectationOf(behaviour, 'every'))
    }
  })

  it('does something, each in another way than as usual', () => {
    for (const behaviour of behaviours) expect(Object.keys(plans[behaviour]).length > 0).toBe(behaviour !== 'none')
  })

  it('is meant for the first attempt alone, or for every one', async () => {
    expect((await create('create_400_invalid_value', 1, 'first')).kind).toBe('refused')
    expect((await create('create_400_invalid_value', 2, 'first')).kind).toBe('accepted')
    expect((await create('error_500', 1, 'every')).kind).toBe('refused')
    expect((await create('error_500', 2, 'every')).kind).toBe('refused')
    expect((await create('error_500', 2)).kind).toBe('accepted')
    expect(isMeant('asks_permission', 'first', false)).toBe(true)
  })
})

describe('a call that is never read', () => {
  it.each(['create_reset_unread', 'create_silence_unread'] as const)(
    'is counted by its attempt, and the second one is read: %s',
    async (behaviour) => {
      expect((await create(behaviour)).kind).toBe('lost')
      expect((await create(behaviour, 2)).kind).toBe('accepted')
      expect(await counters()).toEqual({
        creates: { total: 2, accepted: 1, refused: 0, lost: 1 },
        attempts: { 'attempt-1': 1, 'attempt-2': 1 },
        jobs: { 'job-1': 2 },
      })
    },
  )
})

describe('a call that was taken, and whose answer was lost', () => {
  it.each(['lost_answer', 'create_garbled', 'create_partial', 'create_silence', 'create_503_page'] as const)(
    'is counted as lost, and runs on: %s',
    async (behaviour) => {
      expect((await create(behaviour)).kind).toBe('lost')
      expect(await counters()).toMatchObject({ creates: { total: 1, lost: 1 }, attempts: { 'attempt-1': 1 } })
    },
  )
})

describe('what has ended', () => {
  it.each([
    ['incomplete_content_filter', 'incomplete', { incomplete_details: { reason: 'content_filter' } }],
    ['incomplete_steered', 'incomplete', { incomplete_details: { reason: 'steered' } }],
    ['failed_bio_policy', 'failed', { error: { code: 'bio_policy' }, output: [] }],
    ['failed_without_code', 'failed', { error: { message: expect.any(String) } }],
    ['failed_unlisted', 'failed', { error: { code: 'sandbox_unheard_of' } }],
    ['empty', 'completed', { error: null, incomplete_details: null }],
  ] as const)('says so as the API does, with what was used: %s', async (behaviour, status, says) => {
    const seen = await waitForStatus(client(), seenIn(await create(behaviour)).responseId, status)
    expect(seen.body).toMatchObject(says)
    expect(seen.body.usage).toMatchObject({ input_tokens: expect.any(Number), total_tokens: expect.any(Number) })
    if (behaviour === 'failed_without_code') expect(seen.body.error).not.toHaveProperty('code')
  })

  it.each(['truncated_json', 'off_schema', 'empty'] as const)('is no answer to go by: %s', async (behaviour) => {
    const seen = await waitForStatus(client(), seenIn(await create(behaviour)).responseId, 'completed')
    const text = outputText(seen)
    if (behaviour === 'truncated_json') expect(() => JSON.parse(text)).toThrow(SyntaxError)
    else if (behaviour === 'off_schema') expect(JSON.parse(text)).not.toHaveProperty('findings')
    else expect(text).toBe('')
  })
})

describe('a look', () => {
  it('shows the first picture for ever, and a cancel the true one', async () => {
    const { responseId } = seenIn(await create('stale'))
    expect(seenIn(await client().retrieve(responseId)).status).toBe('queued')
    expect(seenIn(await client().retrieve(responseId)).status).toBe('queued')
    expect(seenIn(await client().cancel(responseId)).status).toBe('completed')
  })

  it('finds nothing of what was forgotten, and neither does a cancel', async () => {
    const { responseId } = seenIn(await create('gone'))
    expect((await client().retrieve(responseId)).kind).toBe('gone')
    expect((await client().cancel(responseId)).kind).toBe('gone')
  })
})

describe('a cancel', () => {
  it('comes too late, or is not heard', async () => {
    const late = seenIn(await create('finishes_on_cancel')).responseId
    expect(seenIn(await client().retrieve(late)).status).toBe('in_progress')
    expect(seenIn(await client().cancel(late)).status).toBe('completed')
    expect(seenIn(await client().retrieve(late)).status).toBe('completed')
    const deaf = seenIn(await create('stuck_for_good')).responseId
    expect(seenIn(await client().cancel(deaf)).status).toBe('in_progress')
    expect(seenIn(await client().retrieve(deaf)).status).toBe('in_progress')
  })
})

describe('the rate limit', () => {
  it('stands on every answer, and says that it is used up where that was asked for', async () => {
    const generous = (await create('none')).limits
    expect(generous).toMatchObject({ limitRequests: generousLimits.requests, limitTokens: generousLimits.tokens })
    expect(generous?.remainingRequests).toBeGreaterThan(generousLimits.requests / 2)
    expect((await client().retrieve('resp_unheard_of')).limits?.limitRequests).toBe(generous?.limitRequests)
    expect((await create('limit_tight')).limits).toMatchObject({
      remainingRequests: 0,
      resetRequestsMs: 5_000,
      remainingTokens: 0,
    })
  })

  it('is kept: what is too much is refused until enough time has passed', async () => {
    await sandbox.close()
    let now = Date.now()
    await open({ limits: { requests: 2, tokens: 1_000_000 }, now: () => now })
    const first = await create('none', 1)
    expect(first.limits).toMatchObject({ limitRequests: 2, remainingRequests: 1, resetRequestsMs: 30_000 })
    await create('none', 2)
    expect(await create('none', 3)).toMatchObject({
      kind: 'refused',
      httpStatus: 429,
      error: { code: 'rate_limit_exceeded', retryAfterMs: 30_000 },
      limits: { remainingRequests: 0, resetRequestsMs: 60_000 },
    })
    now += 30_000
    expect((await create('none', 4)).kind).toBe('accepted')
    expect((await create('none', 5)).kind).toBe('refused')
  })

  it('counts tokens too', () => {
    const limits = keepLimits({ requests: 100, tokens: 600 })
    expect(limits.take(0)).toBeNull()
    limits.use(700, 0)
    expect(limits.take(0)).toBe(10_100)
    expect(limits.take(10_100)).toBeNull()
  })

  it.each([
    [120, '120ms'],
    [1_000, '1s'],
    [59_001, '1m0s'],
    [360_000, '6m0s'],
  ])('tells %i ms as %s', (milliseconds, words) => {
    expect(duration(milliseconds)).toBe(words)
  })
})
