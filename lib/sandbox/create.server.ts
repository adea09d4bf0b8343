/** POST /v1/responses, as the sandbox answers it. */
import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { type Answer, askFirst, continueAnswer, writeAnswer } from './answer'
import { isMeant } from './behaviours'
import { readThread, type Thread } from './continuation'
import type { Desk } from './http.server'
import { type Plan, plans } from './plan'
import { type Reply, refusalError } from './reply.server'
import { ApiError, type CreateBody, isFirstAttempt, readAttemptHeader, readCreate, readRehearsal } from './request'
import { describeResponse, type Ends, queueTime, type StoredResponse } from './response'
import type { CreateRecord } from './store.server'
import { planCalls, unofferedCall } from './tools'

/** The largest request that is read: fifty large documents of plain text. */
const largestRequest = 64 * 1024 * 1024

/** @throws {ApiError} where it is refused. Each well-formed create is counted, whatever is answered. */
export async function createResponse(request: IncomingMessage, desk: Desk): Promise<Reply> {
  const rehearsal = readRehearsal(request.headers['x-holdpoint-rehearsal'])
  const { unread } = plans[rehearsal.behaviour]
  if (unread) {
    const { isFirst, ...counted } = readAttemptHeader(request.headers['x-holdpoint-attempt'])
    if (isMeant(rehearsal.behaviour, rehearsal.attempts, isFirst)) {
      desk.store.count({ at: new Date().toISOString(), ...counted, responseId: null, outcome: 'lost' })
      return { status: 200, body: null, fault: unread }
    }
  }
  const body = readCreate(await readText(request))
  const isFirst = isFirstAttempt(body.metadata)
  const behaviour = isMeant(rehearsal.behaviour, rehearsal.attempts, isFirst) ? rehearsal.behaviour : 'none'
  const plan = plans[behaviour]
  const counted = {
    at: new Date().toISOString(),
    attemptId: body.metadata.attempt_id ?? null,
    jobId: body.metadata.job_id ?? null,
  }
  const now = desk.now()
  const id = `resp_${randomBytes(16).toString('hex')}`
  let written: { answer: Answer; ends: Ends }
  try {
    admit(desk, plan, now)
    const previous = findPrevious(desk, body, plan)
    written = writeEnd(body, plan, readThread(body, previous), previous, id)
  } catch (cause) {
    if (cause instanceof ApiError) desk.store.count({ ...counted, responseId: null, outcome: 'refused' })
    throw cause
  }
  const { answer, ends } = written
  const { input: _input, format: _format, ...kept } = body
  const seconds = rehearsal.seconds ?? plan.seconds ?? desk.seconds
  const stored: StoredResponse = {
    id,
    acceptedAt: now,
    cancelledAt: null,
    seconds: plan.seconds === null ? null : seconds,
    queuedMs: queueTime(seconds * 1_000),
    ends,
    behaviour,
    request: kept,
  }
  // Counted first: killed in between, it may count one create too many, never one too few.
  desk.store.count({ ...counted, responseId: id, outcome: outcomeOf(plan) })
  desk.store.save(stored, answer)
  desk.limits.use(answer.usage.input + answer.usage.output, now)
  if (stored.seconds !== null) {
    desk.webhooks.schedule(id, `response.${ends.status}`, stored.seconds * 1_000, plan.webhook ?? 'once')
  }
  return {
    status: 200,
    body: describeResponse(stored, answer, 'queued'),
    ...(plan.losesCreate ? { fault: plan.losesCreate } : {}),
    ...(plan.isTight ? { headers: desk.limits.headers(now, true) } : {}),
  }
}

function outcomeOf({ losesCreate }: Plan): CreateRecord['outcome'] {
  return losesCreate ? 'lost' : 'accepted'
}

/** @throws {ApiError} where it is refused at the door. */
function admit({ limits }: Desk, { refuses }: Plan, now: number): void {
  if (refuses) throw refusalError(refuses)
  const waitMs = limits.take(now)
  if (waitMs === null) return
  throw new ApiError(429, 'Rate limit reached for requests.', {
    type: 'requests',
    code: 'rate_limit_exceeded',
    headers: { 'retry-after-ms': String(waitMs), 'retry-after': String(Math.ceil(waitMs / 1_000)) },
  })
}

/** The answer that is continued, or null. @throws {ApiError} 400 where it is not there. */
function findPrevious({ store }: Desk, { previous_response_id: id }: CreateBody, plan: Plan): Answer | null {
  if (id === null) return null
  const found = plan.forgetsPrevious ? null : store.read(id)
  if (found && plans[found.stored.behaviour].everyLook !== 'gone') return found.answer
  throw new ApiError(400, `Previous response with id '${id.slice(0, 80)}' not found.`, {
    param: 'previous_response_id',
    code: 'previous_response_not_found',
  })
}

function writeEnd(
  body: CreateBody,
  plan: Plan,
  { input, answered }: Thread,
  previous: Answer | null,
  id: string,
): { answer: Answer; ends: Ends } {
  const tail = id.slice('resp_'.length)
  const says = plan.ends?.status === 'completed' ? plan.ends.says : undefined
  const ends = plan.ends ?? { status: 'completed' as const }
  const asked = { instructions: body.instructions ?? '', input, format: body.format }
  // What was going to be said waits with the calls; from items alone it is worked out anew.
  const whole = (answered.length > 0 && previous) || writeAnswer(asked, says === 'misquoted')
  if (answered.length > 0) return { answer: continueAnswer(whole, answered), ends }
  if (says === 'unoffered_call') return { answer: askFirst(whole, [unofferedCall(tail)]), ends }
  const calls = plan.callsTools ? planCalls(body.tools, input, tail) : []
  if (calls.length === 0) return { answer: whole, ends }
  return { answer: askFirst(whole, calls), ends: { status: 'completed', says: 'calls' } }
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.byteLength
    if (size > largestRequest) throw new ApiError(413, 'The request is too large.', { code: 'request_too_large' })
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
