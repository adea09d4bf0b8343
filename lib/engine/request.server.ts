/** What the next attempt of a job sends: the whole request, or our answers to the calls of an earlier response. */
import { documentTexts } from '@/lib/documents/store.server'
import { readResponse } from '@/lib/evidence/response'
import type { Attempt } from '@/lib/generated/prisma/client'
import type { InputItem, ResponseRequest } from '@/lib/provider/types'
import { readBlob, readText } from '@/lib/store/blobs.server'
import type { Facts } from '@/lib/store/facts.server'
import { requestTools } from '@/lib/tools/request-tools'
import { outputsFor } from '@/lib/tools/store.server'
import { buildContinuation, buildRequest } from '@/lib/workflows/request'
import type { EngineContext } from './context'

export type NextRequest = {
  request: ResponseRequest
  /** For `withSecrets`, just before the call: stored nowhere. */
  secrets: Readonly<Record<string, string>>
  /** Variables that the workflow names and the environment of this worker does not have. */
  missing: string[]
  /** The attempt whose calls it answers. */
  continuesId: string | null
  previousResponseId: string | null
}

/** The provider's code for a response that it no longer has. */
export const PREVIOUS_GONE = 'previous_response_not_found'

/** Builds the next request of `facts.job`, for the attempt `attemptId`. */
export async function nextRequest(context: EngineContext, facts: Facts, attemptId: string): Promise<NextRequest> {
  const { job, definition } = facts
  const number = String(job.fence + 1)
  const metadata = {
    job_id: job.id,
    job_number: String(job.number),
    attempt_id: attemptId,
    attempt_number: number,
    fence: number,
  }
  const { tools, secrets, missing } = requestTools(definition, (name) => process.env[name])
  if (job.continuesId === null) {
    const { input, guidance } = await textsOf(context, facts)
    const documents = await documentTexts(context.db, job.id)
    const request = buildRequest({ definition, input, documents, guidance, metadata, tools })
    return { request, secrets, missing, continuesId: null, previousResponseId: null }
  }
  const earlier = await context.db.attempt.findUniqueOrThrow({ where: { id: job.continuesId } })
  const outputs = await outputsFor(context.db, earlier.id)
  const responseId = (await isCopyThere(context, earlier)) ? earlier.responseId : null
  const before = responseId === null ? { items: await itemsUpTo(context, earlier) } : { responseId }
  const request = buildContinuation({ definition, metadata, tools, outputs, before })
  return { request, secrets, missing, continuesId: earlier.id, previousResponseId: responseId }
}

async function textsOf(
  context: EngineContext,
  { job }: Facts,
): Promise<{ input: Record<string, unknown>; guidance: string | null }> {
  const input = JSON.parse((await readText(context.db, job.inputSha256)) ?? '{}') as Record<string, unknown>
  const guidance = job.guidanceSha256 === null ? null : await readText(context.db, job.guidanceSha256)
  return { input, guidance }
}

/** Whether the provider still has the response, as far as we know. A continuation that it refused has told us. */
async function isCopyThere(context: EngineContext, earlier: Attempt): Promise<boolean> {
  if (earlier.provider !== context.provider.name) return false
  if (earlier.providerCopyUntil !== null && earlier.providerCopyUntil <= context.now()) return false
  const refused = await context.db.attempt.count({ where: { continuesId: earlier.id, failureCode: PREVIOUS_GONE } })
  return refused === 0
}

/** Everything up to and with the output of `attempt`, from what we kept: the input of its chain, items and answers. */
async function itemsUpTo(context: EngineContext, attempt: Attempt): Promise<InputItem[]> {
  const before = attempt.continuesId === null ? await firstInput(context, attempt) : await itemsBefore(context, attempt)
  const payload = attempt.payloadSha256 === null ? null : await readBlob(context.db, attempt.payloadSha256)
  const output = payload === null ? [] : readResponse(JSON.parse(new TextDecoder().decode(payload))).items
  return [...before, ...output.filter(isReplayable).map(withoutId)]
}

async function itemsBefore(context: EngineContext, attempt: Attempt): Promise<InputItem[]> {
  const earlier = await context.db.attempt.findUniqueOrThrow({ where: { id: attempt.continuesId ?? '' } })
  return [...(await itemsUpTo(context, earlier)), ...(await outputsFor(context.db, earlier.id))]
}

async function firstInput(context: EngineContext, attempt: Attempt): Promise<InputItem[]> {
  const sent = await readText(context.db, attempt.requestSha256)
  if (sent === null) throw new Error(`the request of attempt ${attempt.number} has been erased`)
  const { input } = JSON.parse(sent) as ResponseRequest
  if (typeof input !== 'string') return input
  return [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: input }] }]
}

/** Reasoning is known to the provider by its id alone, and that copy has gone with the response. */
function isReplayable(item: unknown): item is InputItem {
  if (typeof item !== 'object' || item === null || !('type' in item)) return false
  return item.type !== 'reasoning'
}

/** An id would be looked up at the provider. Only a request for leave is answered by its id. */
function withoutId(item: InputItem): InputItem {
  if (item.type === 'mcp_approval_request') return item
  const { id: _, ...rest } = item
  return rest
}
