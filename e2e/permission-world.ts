/** A provider whose model asks for calls before it answers, and a server of tools that counts what reaches it. */
import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { sendJson } from '@/lib/provider/scripted-server'
import type { WorkflowDefinition } from '@/lib/workflows/definition'

export type Arrived = { headers: IncomingMessage['headers']; body: string }

export type OwnServer = { url: string; received: Arrived[]; close(): Promise<void> }

/** What the model writes around its calls: hostile where it can be. */
export const WHY = 'The lease was ended early, so <b>the deposit</b> goes back. ![x](https://evil.example/p.png)'

/** A tool that pays, one that writes letters, and one that nobody may use. */
export function withTools(report: WorkflowDefinition, url: string): WorkflowDefinition {
  return {
    ...report,
    key: 'deposits',
    name: 'Deposit refunds',
    tools: [
      {
        type: 'function',
        name: 'refund_deposit',
        description: 'Pays a deposit back to a tenant, from the escrow account.',
        touches: 'Moves money from the escrow account to the tenant.',
        risk: 'write',
        url: `${url}/refund`,
        timeoutSeconds: 10,
        secretHeader: { name: 'Authorization', env: 'REFUNDS_TOKEN' },
        signingSecretEnv: 'REFUNDS_SIGNING_SECRET',
        parameters: {
          type: 'object',
          properties: {
            tenant: { type: 'string', title: 'Tenant' },
            amount: { type: 'number', title: 'Amount', description: 'In euros.', minimum: 0 },
            reason: { type: 'string', title: 'Reason', 'x-control': 'textarea' },
          },
          required: ['tenant', 'amount', 'reason'],
          additionalProperties: false,
        },
      },
      {
        type: 'function',
        name: 'send_letter',
        description: 'Sends a letter by post.',
        touches: 'A letter leaves the house.',
        risk: 'write',
        url: `${url}/letter`,
        timeoutSeconds: 10,
        parameters: {
          type: 'object',
          properties: { to: { type: 'string', title: 'To' }, text: { type: 'string', title: 'Text' } },
          required: ['to', 'text'],
          additionalProperties: false,
        },
      },
    ],
  }
}

/** What the model asks for, in the API's own shape. */
export const CALLS = [
  { id: 'rs_1', type: 'reasoning', summary: [{ type: 'summary_text', text: WHY }] },
  {
    id: 'fc_1',
    type: 'function_call',
    call_id: 'call_refund',
    name: 'refund_deposit',
    arguments: JSON.stringify({ tenant: 'Dana <i>Whitfield</i>', amount: 2220, reason: 'Keys handed back.' }),
    status: 'completed',
  },
  {
    id: 'fc_2',
    type: 'function_call',
    call_id: 'call_letter',
    name: 'send_letter',
    arguments: JSON.stringify({ to: 'Dana Whitfield', text: 'Your deposit is on its way.' }),
    status: 'completed',
  },
]

export type CallingProvider = OwnServer & {
  /** The bodies of the creates, in order. */
  creates: Record<string, unknown>[]
}

/** Each create is answered by the next of `outputs`, and by the last one when they are used up. */
export async function startCallingProvider(outputs: readonly unknown[][]): Promise<CallingProvider> {
  const creates: Record<string, unknown>[] = []
  const responses = new Map<string, Record<string, unknown>>()
  const server = await listen((arrived, request, response) => {
    const [, id] = /^\/v1\/responses\/([^/]+)$/.exec(request.url ?? '') ?? []
    if (request.method === 'POST' && id === undefined) {
      const asked = JSON.parse(arrived.body) as Record<string, unknown>
      const output = outputs[Math.min(creates.length, outputs.length - 1)] ?? []
      creates.push(asked)
      const made = {
        id: `resp_${randomUUID().replaceAll('-', '')}`,
        object: 'response',
        created_at: Math.floor(Date.now() / 1000),
        metadata: asked.metadata,
        model: asked.model,
      }
      const usage = { input_tokens: 20, output_tokens: 10, total_tokens: 30 }
      responses.set(made.id, { ...made, status: 'completed', completed_at: made.created_at, output, usage })
      return sendJson(response, 200, { ...made, status: 'queued', output: [] })
    }
    const found = responses.get(id ?? '')
    if (found !== undefined) return sendJson(response, 200, found)
    sendJson(response, 404, {
      error: { message: 'Not found.', type: 'invalid_request_error', param: null, code: null },
    })
  })
  return { ...server, url: `${server.url}/v1`, creates }
}

/** Answers every call with `status` and a receipt. */
export function startToolServer(status = 200): Promise<OwnServer> {
  return listen((_arrived, _request, response) => {
    sendJson(response, status, { receipt: 'R-2207', note: 'Paid <script>alert(1)</script>' })
  })
}

type Answer = (arrived: Arrived, ...args: Parameters<RequestListener>) => void

async function listen(answer: Answer): Promise<OwnServer> {
  const received: Arrived[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const arrived = { headers: request.headers, body: Buffer.concat(chunks).toString('utf8') }
      received.push(arrived)
      answer(arrived, request, response)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
