/** Jobs whose model asks for calls, and a server of tools at which they really arrive. */
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Actor } from '@/lib/access/actor'
import { type CallSurroundings, type CallsMade, makeCalls } from '@/lib/engine/calls.server'
import type { Job, ToolCall } from '@/lib/generated/prisma/client'
import type { Seen } from '@/lib/provider/types'
import { giveCommand } from '@/lib/store/command.server'
import type { Db } from '@/lib/store/db.server'
import { loadFacts } from '@/lib/store/facts.server'
import { parseAllowList } from '@/lib/tools/addresses'
import type { CallAnswer } from '@/lib/tools/answers'
import { post } from '@/lib/tools/post.server'
import type { FunctionTool, WorkflowDefinition } from '@/lib/workflows/definition'
import { publishBuiltins } from '@/lib/workflows/store.server'
import { testDatabase } from './database'
import { accepted, calling, completed, type Engine, publishWithTools, reportJob, testEngine } from './engine'
import { person } from './people'

export type Received = { id: string; headers: IncomingHttpHeaders; body: string }

/** A server of tools. `answers` are taken in order; when they are used up it says that all is well. */
export async function toolServer() {
  const received: Received[] = []
  const answers: ((response: ServerResponse) => void)[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8')
      received.push({ id: String(request.headers['webhook-id']), headers: request.headers, body })
      const answer = answers.shift()
      if (answer === undefined) response.end('{"receipt":"R-1"}')
      else answer(response)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/tool`,
    received,
    answers,
    /** Answers the next requests with these statuses. */
    say: (...statuses: number[]) =>
      answers.push(
        ...statuses.map((status) => (response: ServerResponse) => response.writeHead(status).end(`HTTP ${status}`)),
      ),
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const PARAMETERS = {
  type: 'object',
  properties: { to: { type: 'string', title: 'To' }, amount: { type: 'number', title: 'Amount', minimum: 0 } },
  required: ['to', 'amount'],
  additionalProperties: false,
}

export const PAY = { name: 'pay', arguments: { to: 'Dana', amount: 5 } }
export const LOOK_UP = { name: 'look_up', arguments: { to: 'Dana', amount: 0 } }

export type CallsWorld = Awaited<ReturnType<typeof callsWorld>>

/** A store, an engine and a server of tools: `pay` waits for a person, `look_up` does not, `close_account` never goes. */
export async function callsWorld(over: Partial<FunctionTool> = {}, definition: Partial<WorkflowDefinition> = {}) {
  const [database, server] = await Promise.all([testDatabase({ max: 20 }), toolServer()])
  const { db } = database
  await publishBuiltins(db)
  const tool = { type: 'function', description: 'A tool.', parameters: PARAMETERS, timeoutSeconds: 5 } as const
  const tools: WorkflowDefinition['tools'] = [
    { ...tool, name: 'pay', risk: 'write', url: server.url, touches: 'Pays money', ...over },
    { ...tool, name: 'look_up', risk: 'read', url: server.url },
    { ...tool, name: 'close_account', risk: 'forbidden', url: server.url },
    { type: 'mcp', serverLabel: 'crm', serverUrl: 'https://crm.example/mcp', risk: 'write', tools: { find: 'read' } },
  ]
  const workflow = await publishWithTools(db, { tools, ...definition })
  const [requester, reviewer] = await Promise.all([person(db, ['requester'], 'Rosa'), person(db, ['reviewer'], 'Dana')])
  const engine = await testEngine(db)
  const around: CallSurroundings = { readEnv: () => undefined, allowed: parseAllowList('127.0.0.1'), post }
  return {
    db,
    database,
    server,
    ...engine,
    engine,
    requester,
    reviewer,
    around,
    /** A job whose model asked for these calls, and nobody has answered. */
    ask: (calls: { name: string; arguments: unknown }[]) =>
      askFor(db, engine, { requester, workflow, answer: (id) => calling(id, calls) }),
    /** As `ask`, with output items as the provider gives them. */
    askWith: (output: unknown[]) =>
      askFor(db, engine, { requester, workflow, answer: (id) => completed(id, '', { output }) }),
    calls: (jobId: string) =>
      db.toolCall.findMany({ where: { jobId }, orderBy: [{ createdAt: 'asc' }, { position: 'asc' }] }),
    answer: (jobId: string, make: (call: ToolCall) => Partial<CallAnswer> = () => ({}), actor: Actor = reviewer) =>
      answerCalls(db, engine, { jobId, make, actor }),
    make: async (jobId: string, how: Partial<CallSurroundings> = {}): Promise<CallsMade> =>
      makeCalls(engine.context, await loadFacts(db, jobId), { ...around, ...how }),
    async [Symbol.asyncDispose]() {
      await server.close()
      await database[Symbol.asyncDispose]()
    },
  }
}

type Asking = { requester: Actor; workflow: string; answer: (responseId: string) => Seen }

async function askFor(db: Db, { provider, step }: Engine, { requester, workflow, answer }: Asking): Promise<Job> {
  const job = await reportJob(db, requester, { workflow })
  provider.onCreate.push((request) => {
    const seen = answer(`resp_${request.metadata.attempt_id}`)
    return { ...accepted(seen.responseId), kind: 'accepted', seen }
  })
  return step(job.id)
}

type Answering = { jobId: string; make: (call: ToolCall) => Partial<CallAnswer>; actor: Actor }

/** Answers every call that waits: allows it, unless `make` says otherwise. */
async function answerCalls(db: Db, { context }: Engine, { jobId, make, actor }: Answering) {
  const waiting = await db.toolCall.findMany({ where: { jobId, state: 'waiting' }, orderBy: { position: 'asc' } })
  const answers = waiting.map((call) => ({
    callId: call.id,
    allow: true,
    argumentsHash: call.argumentsSha256,
    ...make(call),
  }))
  return giveCommand(db, actor, jobId, { command: 'answer', params: { answers } }, 'api', context.now())
}
