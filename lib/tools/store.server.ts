/** The calls of a job as they are stored: asked for, answered, and what goes back to the model. */
import { v7 as uuidv7 } from 'uuid'
import type { ToolCall } from '@/lib/generated/prisma/client'
import type { InputItem } from '@/lib/provider/types'
import { putText, readBlob, readText } from '@/lib/store/blobs.server'
import type { Tx } from '@/lib/store/db.server'
import type { WorkflowDefinition } from '@/lib/workflows/definition'
import { definitionOf } from '@/lib/workflows/store.server'
import { readArguments } from './arguments'
import { functionNamed } from './offered'
import type { PlannedCall } from './plan-calls'
import { type OutputFacts, outputWords } from './words'

/** More of an answer than this does not go to the model, in UTF-16 units: the whole of it is kept here. */
const LONGEST_OUTPUT = 200_000

export type Inserting = {
  jobId: string
  attemptId: string
  /** The permission round in which those that wait do so; null where none waits. */
  roundId: string | null
  calls: readonly PlannedCall[]
  now: Date
}

/**
 * Stores the calls of an attempt. In the transaction that stores its payload and its trace, and after the round where
 * there is one: the database takes calls at no other time.
 */
export async function insertCalls(tx: Tx, { jobId, attemptId, roundId, calls, now }: Inserting): Promise<void> {
  for (const call of calls) {
    const argumentsSha256 = await putText(tx, call.argumentsText)
    await tx.toolCall.create({
      data: {
        id: uuidv7(),
        jobId,
        attemptId,
        position: call.position,
        callId: call.callId,
        kind: call.kind,
        name: call.name,
        serverLabel: call.serverLabel,
        risk: call.risk,
        argumentsSha256,
        createdAt: now,
        state: call.state,
        code: call.code,
        roundId: call.state === 'waiting' ? roundId : null,
        permittedSha256: call.state === 'permitted' ? argumentsSha256 : null,
      },
    })
  }
}

/**
 * What the next request carries for the calls of an attempt, in their order. A call without an id of its own has
 * nothing that could answer it.
 * @throws where a call has no answer yet.
 */
export async function outputsFor(tx: Tx, attemptId: string): Promise<InputItem[]> {
  const attempt = await tx.attempt.findUniqueOrThrow({
    where: { id: attemptId },
    include: { job: { include: { workflowVersion: true } }, toolCalls: { orderBy: { position: 'asc' } } },
  })
  const definition = definitionOf(attempt.job.workflowVersion)
  const outputs: InputItem[] = []
  for (const call of attempt.toolCalls) {
    if (call.code === 'bad_id' || call.code === 'repeated_id') continue
    outputs.push(await outputOf(tx, definition, call))
  }
  return outputs
}

async function outputOf(tx: Tx, definition: WorkflowDefinition, call: ToolCall): Promise<InputItem> {
  const facts = await factsOf(tx, definition, call)
  if (call.kind === 'function') {
    const words = outputWords(facts)
    if (words === null) throw new Error(`call ${call.id} has no answer: it is ${call.state}`)
    return { type: 'function_call_output', call_id: call.callId, output: words }
  }
  if (call.state === 'waiting') throw new Error(`call ${call.id} waits for a person`)
  const approve = call.state === 'permitted'
  const words = approve ? facts.reason : outputWords(facts)
  return {
    type: 'mcp_approval_response',
    approval_request_id: call.callId,
    approve,
    ...(words === null ? {} : { reason: words }),
  }
}

async function factsOf(tx: Tx, definition: WorkflowDefinition, call: ToolCall): Promise<OutputFacts> {
  const isEdited = call.permittedSha256 !== null && call.permittedSha256 !== call.argumentsSha256
  return {
    state: call.state,
    code: call.code,
    httpStatus: call.httpStatus,
    reason: call.reasonSha256 === null ? null : await readText(tx, call.reasonSha256),
    edited: isEdited && call.permittedSha256 !== null ? await readText(tx, call.permittedSha256) : null,
    answer: call.answerSha256 === null ? null : await readAnswer(tx, call.answerSha256, LONGEST_OUTPUT),
    problem: call.code === 'bad_arguments' ? await problemOf(tx, definition, call) : null,
  }
}

/** Why the arguments of a function call did not fit its tool. */
async function problemOf(tx: Tx, definition: WorkflowDefinition, call: ToolCall): Promise<string | null> {
  const tool = functionNamed(definition, call.name)
  const text = await readText(tx, call.argumentsSha256)
  if (tool === null || text === null) return null
  const read = readArguments(tool, text)
  return read.ok ? null : read.why
}

/** What a tool answered, as text of at most `longest` UTF-16 units; null where it has been erased. */
export async function readAnswer(tx: Tx, sha256: string, longest: number): Promise<string | null> {
  const bytes = await readBlob(tx, sha256)
  if (bytes === null) return null
  const text = textOf(bytes)
  if (text === null) return `[${bytes.byteLength.toLocaleString('en')} bytes that are no text]`
  if (text.length <= longest) return text
  return `${text.slice(0, longest).toWellFormed()}\n[cut here: the answer has ${text.length.toLocaleString('en')} characters]`
}

function textOf(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return null
  }
}
