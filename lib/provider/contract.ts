/** For tests: what every server of the Responses API must do, as this product counts on it. */
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Behaviour } from './rehearsal'
import type { CreateOutcome, LookOutcome, Provider, ResponseRequest, Seen } from './types'

export type ContractServer = {
  provider: Provider
  /** The same, and waits for an answer no longer than a third of a second. */
  impatient: Provider
  /** Lets the next request misbehave, where a rehearsal does not tell the server so. */
  prepare(behaviour: Behaviour): void
  /** The creates that reached it. */
  creates(): Promise<number>
  close(): Promise<void>
}

const citations = {
  type: 'array',
  items: {
    type: 'object',
    properties: { document: { type: 'string' }, quote: { type: 'string' } },
    required: ['document', 'quote'],
    additionalProperties: false,
  },
}

/** The schema of a report, as strict mode takes it. */
export const reportSchema = {
  type: 'object',
  properties: {
    title: { type: 'string' },
    summary: { type: 'string' },
    findings: {
      type: 'array',
      items: {
        type: 'object',
        properties: { claim: { type: 'string' }, citations },
        required: ['claim', 'citations'],
        additionalProperties: false,
      },
    },
    open_questions: { type: 'array', items: { type: 'string' } },
  },
  required: ['title', 'summary', 'findings', 'open_questions'],
  additionalProperties: false,
}

/** A request for a report over one short document. */
export function exampleRequest(change: Partial<ResponseRequest> = {}): ResponseRequest {
  return {
    model: 'gpt-5.5',
    instructions: 'Answer from the documents.',
    input: [
      '<documents>',
      '<document id="d1" name="lease.md">',
      '<passage id="d1.1" page="1">',
      'The deposit is $2,900. It is returned within 30 days.',
      '</passage>',
      '</document>',
      '</documents>',
      '<request>',
      '{ "question": "How much is the deposit?" }',
      '</request>',
    ].join('\n'),
    background: true,
    store: true,
    max_output_tokens: 1_000,
    metadata: { job_id: 'job-1', job_number: '1', attempt_id: 'attempt-1', attempt_number: '1', fence: '1' },
    text: { format: { type: 'json_schema', name: 'report', strict: true, schema: reportSchema } },
    ...change,
  }
}

/** What was seen, of an outcome that must have seen something. */
export function seenIn(outcome: CreateOutcome | LookOutcome): Seen {
  if (outcome.kind === 'accepted' || outcome.kind === 'seen') return outcome.seen
  throw new Error(`Nothing was seen: ${JSON.stringify(outcome)}`)
}

/** Looks until it says `status`, and no look fails. */
export function waitForStatus(provider: Provider, responseId: string, status: Seen['status']): Promise<Seen> {
  return vi.waitFor(
    async () => {
      const seen = seenIn(await provider.retrieve(responseId))
      expect(seen.status).toBe(status)
      return seen
    },
    { timeout: 30_000, interval: 20 },
  )
}

/** The text of the message in the output. */
export function outputText(seen: Seen): string {
  const output = seen.body.output as { type: string; content?: { type: string; text?: string }[] }[]
  const parts = output.filter(({ type }) => type === 'message').flatMap(({ content }) => content ?? [])
  return parts.map(({ text }) => text ?? '').join('')
}

const order = ['queued', 'in_progress', 'completed']

/** The system's own, which depends on where it broke. */
const someCode: unknown = expect.any(String)

/** How a create ends, with the code that it is told by; null where the answer names none. */
const createFaults: [Behaviour, CreateOutcome['kind'], number | null, unknown][] = [
  ['create_400_context_length', 'refused', 400, 'context_length_exceeded'],
  ['create_401', 'refused', 401, 'invalid_api_key'],
  ['create_403', 'refused', 403, null],
  ['create_404', 'refused', 404, 'model_not_found'],
  ['create_408', 'refused', 408, null],
  ['create_409', 'refused', 409, null],
  ['create_413', 'refused', 413, 'request_too_large'],
  ['create_422', 'refused', 422, null],
  ['rate_limited', 'refused', 429, 'rate_limit_exceeded'],
  ['create_429_slow_down', 'refused', 429, 'slow_down'],
  ['create_429_quota', 'refused', 429, 'insufficient_quota'],
  ['error_500', 'refused', 500, null],
  ['create_503', 'refused', 503, null],
  ['lost_answer', 'lost', null, someCode],
  ['create_silence', 'lost', null, 'timeout'],
  ['create_503_page', 'lost', 503, 'not_the_api'],
  ['create_garbled', 'lost', 200, 'invalid_json'],
  ['create_partial', 'lost', 200, someCode],
]

const lookFaults: [Behaviour, LookOutcome['kind'], number | null, unknown][] = [
  ['look_401', 'failed', 401, 'invalid_api_key'],
  ['look_404_once', 'gone', 404, null],
  ['look_429', 'failed', 429, 'rate_limit_exceeded'],
  ['look_500', 'failed', 500, null],
  ['look_reset', 'failed', null, someCode],
  ['look_silence', 'failed', null, 'timeout'],
  ['look_page', 'failed', 503, 'not_the_api'],
  ['look_garbled', 'failed', 200, 'invalid_json'],
  ['look_partial', 'failed', 200, someCode],
]

/** @param start brings up a server whose responses take `seconds`, and a provider that talks to it over HTTP. */
export function describeProviderContract(name: string, start: (seconds: number) => Promise<ContractServer>): void {
  describe(`${name}, by the provider contract`, () => {
    let server: ContractServer | undefined
    const bring = async (seconds: number) => {
      server = await start(seconds)
      return server
    }
    const open = async (seconds: number) => (await bring(seconds)).provider
    afterEach(async () => {
      await server?.close()
      server = undefined
    })

    it('takes a request at once, before it has worked on it', async () => {
      const provider = await open(60)
      const outcome = await provider.create(exampleRequest())
      expect(outcome.kind).toBe('accepted')
      expect(outcome.httpStatus).toBe(200)
      expect(outcome.requestId).toMatch(/^req_/)
      const seen = seenIn(outcome)
      expect(seen.responseId).toMatch(/^resp_/)
      expect(['queued', 'in_progress']).toContain(seen.status)
      expect(seen.body.metadata).toEqual(exampleRequest().metadata)
      expect(seen.body.background).toBe(true)
    })

    it('goes forward only, and ends with an answer that fits the schema that was sent', async () => {
      const provider = await open(0.3)
      const { responseId } = seenIn(await provider.create(exampleRequest()))
      const statuses: string[] = []
      const seen = await vi.waitFor(
        async () => {
          const look = seenIn(await provider.retrieve(responseId))
          statuses.push(look.status)
          expect(look.status).toBe('completed')
          return look
        },
        { timeout: 30_000, interval: 20 },
      )
      const steps = statuses.map((status) => order.indexOf(status))
      expect(steps).not.toContain(-1)
      expect(steps).toEqual(steps.toSorted((a, b) => a - b))
      expect(seen.body.error).toBeNull()
      expect(seen.body.completed_at).toBeGreaterThanOrEqual(seen.body.created_at as number)
      const validate = new Ajv2020().compile(reportSchema)
      expect(validate(JSON.parse(outputText(seen))), JSON.stringify(validate.errors)).toBe(true)
    })

    it('counts what was used', async () => {
      const provider = await open(0.05)
      const { responseId } = seenIn(await provider.create(exampleRequest()))
      const { body } = await waitForStatus(provider, responseId, 'completed')
      const usage = body.usage as Record<string, number>
      expect(usage.input_tokens).toBeGreaterThan(0)
      expect(usage.output_tokens).toBeGreaterThan(0)
      expect(usage.total_tokens).toBe((usage.input_tokens ?? 0) + (usage.output_tokens ?? 0))
    })

    it('gives the same response at every look after the end, and its metadata with it', async () => {
      const provider = await open(0.05)
      const { responseId } = seenIn(await provider.create(exampleRequest()))
      const first = await waitForStatus(provider, responseId, 'completed')
      const second = seenIn(await provider.retrieve(responseId))
      expect(new TextDecoder().decode(second.raw)).toBe(new TextDecoder().decode(first.raw))
      expect(second.body.metadata).toEqual(exampleRequest().metadata)
      expect(JSON.parse(new TextDecoder().decode(second.raw))).toEqual(second.body)
    })

    it('makes a new response for each request, the same one twice included', async () => {
      const provider = await open(60)
      const first = seenIn(await provider.create(exampleRequest()))
      const second = seenIn(await provider.create(exampleRequest()))
      expect(second.responseId).not.toBe(first.responseId)
    })

    it('cancels what is running, once and for all', async () => {
      const provider = await open(60)
      const { responseId } = seenIn(await provider.create(exampleRequest()))
      expect(seenIn(await provider.cancel(responseId)).status).toBe('cancelled')
      expect(seenIn(await provider.cancel(responseId)).status).toBe('cancelled')
      expect(seenIn(await provider.retrieve(responseId)).status).toBe('cancelled')
    })

    it('returns what is final as it is when it is cancelled', async () => {
      const provider = await open(0.05)
      const { responseId } = seenIn(await provider.create(exampleRequest()))
      const final = await waitForStatus(provider, responseId, 'completed')
      expect(seenIn(await provider.cancel(responseId)).body).toEqual(final.body)
    })

    it('says that a response it does not have is gone', async () => {
      const provider = await open(60)
      for (const outcome of [await provider.retrieve('resp_unheard_of'), await provider.cancel('resp_unheard_of')]) {
        expect(outcome).toMatchObject({ kind: 'gone', httpStatus: 404, error: { type: 'invalid_request_error' } })
      }
    })

    it('refuses a request that makes no sense, and names the parameter', async () => {
      const provider = await open(60)
      const outcome = await provider.create(exampleRequest({ model: '' }))
      expect(outcome).toMatchObject({ kind: 'refused', httpStatus: 400, error: { param: 'model', retryAfterMs: null } })
    })

    it.each(createFaults)('tells of %s at create: %s', async (behaviour, kind, httpStatus, code) => {
      const { provider, impatient, prepare, creates } = await bring(60)
      prepare(behaviour)
      const rehearsal = { behaviour, attempts: 'every' } as const
      const who = behaviour === 'create_silence' ? impatient : provider
      const outcome = await who.create(exampleRequest(), { rehearsal })
      expect(outcome).toMatchObject({ kind, httpStatus, error: { code } })
      expect(await creates(), 'nothing is sent again by itself').toBe(1)
      const asked = behaviour === 'rate_limited' || behaviour === 'create_429_slow_down' ? 2_000 : null
      expect('error' in outcome && outcome.error.retryAfterMs).toBe(asked)
    })

    it.each(lookFaults)('tells of %s, which is over after a while: %s', async (behaviour, kind, httpStatus, code) => {
      const { provider, impatient, prepare } = await bring(60)
      const { responseId } = seenIn(await provider.create(exampleRequest(), { rehearsal: { behaviour } }))
      prepare(behaviour)
      const who = behaviour === 'look_silence' ? impatient : provider
      expect(await who.retrieve(responseId)).toMatchObject({ kind, httpStatus, error: { code } })
      await vi.waitFor(async () => expect((await provider.retrieve(responseId)).kind).toBe('seen'), {
        timeout: 30_000,
        interval: 1,
      })
    })
  })
}
