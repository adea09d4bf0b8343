/** For tests: what every server of the Responses API must do, as this product counts on it. */
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { CreateOutcome, LookOutcome, Provider, ResponseRequest, Seen } from './types'

export type ContractServer = { provider: Provider; close(): Promise<void> }

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
    { timeout: 10_000, interval: 20 },
  )
}

/** The text of the message in the output. */
export function outputText(seen: Seen): string {
  const output = seen.body.output as { type: string; content?: { type: string; text?: string }[] }[]
  const parts = output.filter(({ type }) => type === 'message').flatMap(({ content }) => content ?? [])
  return parts.map(({ text }) => text ?? '').join('')
}

const order = ['queued', 'in_progress', 'completed']

/** @param start brings up a server whose responses take `seconds`, and a provider that talks to it over HTTP. */
export function describeProviderContract(name: string, start: (seconds: number) => Promise<ContractServer>): void {
  describe(`${name}, by the provider contract`, () => {
    let server: ContractServer | undefined
    const open = async (seconds: number) => {
      server = await start(seconds)
      return server.provider
    }
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
        { timeout: 10_000, interval: 20 },
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
  })
}
