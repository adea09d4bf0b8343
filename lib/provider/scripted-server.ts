/** For tests: a small server of the Responses API, by the SDK's types and by nothing of ours, that can be told to misbehave. */
import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Response, ResponseCreateParamsNonStreaming } from 'openai/resources/responses/responses'

export type Received = { method: string; path: string; headers: IncomingMessage['headers']; body: string }
export type Step = (response: ServerResponse, received: Received) => void

export type ScriptedServer = {
  baseUrl: string
  /** Every request so far, in order. */
  received: Received[]
  /** What to do with the next request instead of answering it. Several are taken in order. */
  next(step: Step): void
  close(): Promise<void>
}

const EMPTY_REPORT = JSON.stringify({ title: 'T', summary: 'S', findings: [], open_questions: [] })

/**
 * @param seconds how long a response takes from creation to completion.
 * @param text what every response says.
 */
export async function startScriptedServer(seconds = 0.2, text = EMPTY_REPORT): Promise<ScriptedServer> {
  const received: Received[] = []
  const steps: Step[] = []
  const responses = new Map<string, { body: Response; due: number }>()
  const server = createServer((request, response) => {
    readAll(request).then(
      (body) => {
        const one = { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body }
        received.push(one)
        response.setHeader('x-request-id', `req_${received.length}`)
        const step = steps.shift()
        if (step) step(response, one)
        else answer(response, one, responses, { seconds, text })
      },
      () => response.destroy(),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    received,
    next: (step) => steps.push(step),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** Answers with JSON as the API does. */
export function sendJson(response: ServerResponse, status: number, body: unknown, headers = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
}

export function sendError(
  response: ServerResponse,
  status: number,
  error: { message?: string; type?: string; param?: string | null; code?: string | null },
  headers = {},
): void {
  const whole = { message: 'It went wrong.', type: 'invalid_request_error', param: null, code: null, ...error }
  sendJson(response, status, { error: whole }, headers)
}

function answer(
  response: ServerResponse,
  { method, path, body }: Received,
  responses: Map<string, { body: Response; due: number }>,
  { seconds, text }: { seconds: number; text: string },
): void {
  const [, id, action] = /^\/v1\/responses(?:\/([^/]+))?(?:\/(cancel))?$/.exec(path) ?? []
  if (method === 'POST' && !id) {
    const asked = JSON.parse(body) as ResponseCreateParamsNonStreaming
    if (!asked.model) {
      sendError(response, 400, { param: 'model', code: 'missing_required_parameter' })
      return
    }
    const made = { body: makeResponse(asked), due: Date.now() + seconds * 1000 }
    responses.set(made.body.id, made)
    sendJson(response, 200, made.body)
    return
  }
  const found = id ? responses.get(id) : undefined
  if (!found) {
    sendError(response, 404, { message: `Response with id '${id}' not found.` })
    return
  }
  if (isRunning(found.body)) move(found, text, action === 'cancel')
  sendJson(response, 200, found.body)
}

function move(running: { body: Response; due: number }, text: string, isCancelled: boolean): void {
  if (Date.now() >= running.due) complete(running.body, text)
  else running.body.status = isCancelled ? 'cancelled' : 'in_progress'
}

function isRunning({ status }: Response): boolean {
  return status === 'queued' || status === 'in_progress'
}

function makeResponse(asked: ResponseCreateParamsNonStreaming): Response {
  return {
    id: `resp_${randomUUID().replaceAll('-', '')}`,
    object: 'response',
    access_programs: null,
    background: true,
    created_at: Math.floor(Date.now() / 1000),
    error: null,
    incomplete_details: null,
    instructions: asked.instructions ?? null,
    max_output_tokens: asked.max_output_tokens ?? null,
    metadata: asked.metadata ?? null,
    model: asked.model ?? '',
    output: [],
    output_text: '',
    parallel_tool_calls: true,
    previous_response_id: null,
    status: 'queued',
    temperature: null,
    text: asked.text ?? {},
    tool_choice: 'auto',
    tools: [],
    top_p: null,
    truncation: 'disabled',
  }
}

function complete(body: Response, text: string): void {
  body.status = 'completed'
  body.completed_at = Math.floor(Date.now() / 1000)
  body.output = [
    { id: 'rs_1', type: 'reasoning', summary: [{ type: 'summary_text', text: 'Thought about it.' }] },
    {
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      status: 'completed',
      content: [{ type: 'output_text', text, annotations: [], logprobs: [] }],
    },
  ]
  body.usage = {
    input_tokens: 20,
    input_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 },
    output_tokens: 10,
    output_tokens_details: { reasoning_tokens: 4 },
    total_tokens: 30,
  }
}

async function readAll(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}
