import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { exampleRequest, outputText, seenIn, waitForStatus } from '@/lib/provider/contract'
import { createProvider } from '@/lib/provider/openai.server'
import type { Behaviour, InputItem, Provider, ResponseRequest, Seen } from '@/lib/provider/types'
import { type Sandbox, startSandbox } from './http.server'
import { planCalls } from './tools'

const parameters = {
  type: 'object',
  properties: {
    email: { type: 'string' },
    amount: { type: 'number', minimum: 1 },
    urgency: { enum: ['low', 'high'] },
    reason: { type: 'string', maxLength: 20 },
    question: { type: 'string' },
  },
  required: ['email', 'amount', 'urgency', 'reason', 'question'],
  additionalProperties: false,
}
const letter = { type: 'function', name: 'send_letter', description: 'Sends a letter.', parameters, strict: true }
const register = { type: 'mcp', server_label: 'land', server_url: 'https://mcp.example/', require_approval: 'always' }

let dir: string
let sandbox: Sandbox
let provider: Provider
beforeEach(async () => {
  dir = mkdtempSync(path.join(tmpdir(), 'holdpoint-tools-'))
  sandbox = await startSandbox({ dir, seconds: 0 })
  provider = createProvider({ name: 'sandbox', apiKey: 'sandbox', baseUrl: sandbox.baseUrl })
})
afterEach(async () => {
  await sandbox.close()
  rmSync(dir, { recursive: true, force: true })
})

type Call = { type: string; id: string; call_id?: string; name: string; arguments: string }

async function ask(change: Partial<ResponseRequest>, behaviour: Behaviour = 'asks_permission'): Promise<Seen> {
  const { responseId } = seenIn(await provider.create(exampleRequest(change), { rehearsal: { behaviour } }))
  return waitForStatus(provider, responseId, 'completed')
}

function callsOf({ body }: Seen): Call[] {
  return (body.output as Call[]).filter(({ type }) => type === 'function_call' || type === 'mcp_approval_request')
}

function answersTo(calls: Call[]): InputItem[] {
  return calls.map((call) =>
    call.type === 'function_call'
      ? { type: 'function_call_output', call_id: call.call_id, output: 'Sent as no. 4711.' }
      : { type: 'mcp_approval_response', approval_request_id: call.id, approve: false, reason: 'Not today.' },
  )
}

describe('tools in the sandbox', () => {
  it('are called with arguments that fit their schema, from the input where a name matches', async () => {
    const calls = callsOf(await ask({ tools: [letter, register] }))
    expect(calls).toMatchObject([
      { type: 'function_call', name: 'send_letter', status: 'completed' },
      { type: 'mcp_approval_request', server_label: 'land' },
    ])
    const given = JSON.parse(calls[0]?.arguments ?? '') as Record<string, unknown>
    const validate = new Ajv2020().compile(parameters)
    expect(validate(given), JSON.stringify(validate.errors)).toBe(true)
    expect(given).toMatchObject({ email: 'tenant@example.com', question: 'How much is the deposit?' })
  })

  it('are taken and left alone where nothing else is asked for', async () => {
    const seen = await ask({ tools: [letter, { type: 'web_search' }, { type: 'code_interpreter' }] }, 'none')
    expect(callsOf(seen)).toEqual([])
    expect(outputText(seen)).toContain('The deposit is $2,900.')
    expect(seen.body.tools).toHaveLength(3)
  })

  it('are refused where they make no sense', async () => {
    const nameless = { type: 'function', parameters }
    const outcome = await provider.create(exampleRequest({ tools: [nameless] }))
    expect(outcome).toMatchObject({ kind: 'refused', httpStatus: 400, error: { param: 'tools.0.name' } })
  })

  it('go on by the id of the earlier response, and the answer tells what they said', async () => {
    const first = await ask({ tools: [letter, register] })
    const input = answersTo(callsOf(first))
    const text = outputText(await ask({ tools: [letter, register], input, previous_response_id: first.responseId }))
    expect(text).toContain('“send_letter” answered: “Sent as no. 4711.”.')
    expect(text).toContain('was not allowed: “Not today.”.')
    expect(JSON.parse(text)).toMatchObject({ findings: [{ citations: [{ document: 'd1' }] }] })
  })

  it('go on by their items where the earlier response is forgotten', async () => {
    const first = await ask({ tools: [letter] }, 'previous_forgotten')
    const answers = answersTo(callsOf(first))
    const request = exampleRequest({ tools: [letter], input: answers, previous_response_id: first.responseId })
    const rehearsal = { behaviour: 'previous_forgotten' } as const
    expect(await provider.create(request, { rehearsal })).toMatchObject({
      kind: 'refused',
      error: { code: 'previous_response_not_found', param: 'previous_response_id' },
    })
    const { input: before } = exampleRequest()
    const items = [
      { type: 'message', role: 'user', content: before },
      ...(first.body.output as InputItem[]),
      ...answers,
    ]
    const text = outputText(await ask({ tools: [letter], input: items }, 'previous_forgotten'))
    expect(text).toContain('“send_letter” answered: “Sent as no. 4711.”.')
    expect(text).toContain('The deposit is $2,900.')
  })

  it('are not gone on with by an unheard-of id, an answer to no call, or with a call left open', async () => {
    const first = await ask({ tools: [letter, register] })
    const input = answersTo(callsOf(first))
    const previous_response_id = first.responseId
    const refused = (change: Partial<ResponseRequest>) => provider.create(exampleRequest(change))
    expect(await refused({ input, previous_response_id: 'resp_unheard_of' })).toMatchObject({
      error: { code: 'previous_response_not_found' },
    })
    expect(await refused({ input: input.slice(0, 1), previous_response_id })).toMatchObject({ httpStatus: 400 })
    const stray = { type: 'function_call_output', call_id: 'call_stray', output: '' }
    expect(await refused({ input: [...input, stray], previous_response_id })).toMatchObject({ httpStatus: 400 })
  })

  it('of a server are called only where it wants to be asked', () => {
    const named = (require_approval: unknown) =>
      planCalls([{ ...register, allowed_tools: ['read', 'write'], require_approval }], 'What?', 'x').map(
        ({ name }) => name,
      )
    expect(named('always')).toEqual(['read'])
    expect(named(undefined)).toEqual(['read'])
    expect(named({ always: { tool_names: ['write'] } })).toEqual(['write'])
    expect(named('never')).toEqual([])
    expect(named({ always: { tool_names: [] }, never: { tool_names: ['read', 'write'] } })).toEqual([])
  })
})
