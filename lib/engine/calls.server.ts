/**
 * Making the calls that were permitted: one after another, each stored before it is made, and made once in effect. The
 * sending of one may be retried, always with the same id and the same bytes, by which its receiver tells a repetition.
 */

import { env } from '@/lib/env.server'
import type { ToolCall } from '@/lib/generated/prisma/client'
import { openStop } from '@/lib/money/stops.server'
import { lockQueue } from '@/lib/queues/turn.server'
import { putBlob, readBlob, readText } from '@/lib/store/blobs.server'
import type { Tx } from '@/lib/store/db.server'
import { LostRace } from '@/lib/store/errors'
import { type Facts, lockFacts } from '@/lib/store/facts.server'
import { transact, wake } from '@/lib/store/move.server'
import { type AllowList, parseAllowList } from '@/lib/tools/addresses'
import { functionNamed } from '@/lib/tools/offered'
import { type Posted, type Posting, post } from '@/lib/tools/post.server'
import { ownSigningSecret, signedHeaders } from '@/lib/tools/signing.server'
import { type ReadEnv, readSecret } from '@/lib/tools/tool-environment'
import type { FunctionTool } from '@/lib/workflows/definition'
import type { EngineContext } from './context'

/** With the delays below, some ten minutes in all, at the usual first delay of two seconds. */
const TRIES = 6
/** Each delay is four times the one before: 2 s, 8 s, 32 s, 128 s, 512 s, less jitter. */
const FACTOR = 4
const LONGEST_DELAY_MS = 10 * 60_000
/** Beyond its timeout, a try is given this long to be written down before another worker takes it for lost. */
const LEASE_MS = 30_000
/** A process that was suspended for longer than this between claiming a call and making it makes it no more. */
const SUSPENDED_MS = 10_000

export type CallsMade =
  /** Every call of the attempt has its answer. */
  | 'done'
  /** One is under way, or is tried again then. */
  | { wakeAt: Date }
  /** One got no answer in all its tries, or can never be sent. */
  | { failed: ToolCall }

/** What calls depend on beside the engine: a test sets them. */
export type CallSurroundings = { readEnv: ReadEnv; allowed: AllowList; post: (posting: Posting) => Promise<Posted> }

function surroundings(): CallSurroundings {
  return { readEnv: (name) => process.env[name], allowed: parseAllowList(env().HOLDPOINT_ALLOW_PRIVATE), post }
}

/**
 * Makes the permitted function calls of the attempt that the job continues, in order. No transaction is open while one
 * is under way, and none begins once the job has stopped waiting for it or sending of its workflow stands still.
 * @throws {LostRace} where the job has moved on, its queue was stopped, or another worker makes the call.
 */
export async function makeCalls(
  context: EngineContext,
  { job }: Pick<Facts, 'job'>,
  around: CallSurroundings = surroundings(),
): Promise<CallsMade> {
  if (job.continuesId === null) return 'done'
  for (;;) {
    const next = await firstUnanswered(context.db, job.continuesId)
    if (next === null) return 'done'
    if (next.state === 'failed') return { failed: next }
    const now = context.now()
    if (next.state === 'sending' && next.nextTryAt !== null && next.nextTryAt > now) return { wakeAt: next.nextTryAt }
    const made = await makeOne(context, next, around)
    if (made.state === 'failed') return { failed: made }
    if (made.state === 'sending') return { wakeAt: made.nextTryAt ?? now }
  }
}

function firstUnanswered(tx: Tx, attemptId: string): Promise<ToolCall | null> {
  return tx.toolCall.findFirst({
    where: { attemptId, kind: 'function', state: { in: ['permitted', 'sending', 'failed'] } },
    orderBy: { position: 'asc' },
  })
}

/** One try of one call. @returns the call as it then is: answered, failed, or to be tried again. */
async function makeOne(context: EngineContext, call: ToolCall, around: CallSurroundings): Promise<ToolCall> {
  const claimed = await transact(context.db, (tx) => claim(context, tx, call))
  const claimedAt = performance.now()
  if (claimed.call.state === 'failed') return claimed.call
  const headers = await headersOf(context, claimed, around.readEnv)
  // What was true when it was claimed may be so no longer; whoever looks next finds it when its lease is over.
  if (performance.now() - claimedAt > SUSPENDED_MS) throw new LostRace('this process was suspended before the call')
  const posted = headers === null ? SECRET_MISSING : await around.post(postingOf(claimed, headers, around.allowed))
  return record(context, claimed.call, posted)
}

type Claimed = { call: ToolCall; tool: FunctionTool; workflowKey: string; body: Uint8Array }

/**
 * Takes the next try of a call for this worker: the bytes are stored and the call is `sending` before anything is
 * sent. A try whose worker has not been heard of since its lease ran out is one of those that are counted.
 */
async function claim(context: EngineContext, tx: Tx, { id }: ToolCall): Promise<Claimed> {
  const facts = await lockFacts(tx, (await tx.toolCall.findUniqueOrThrow({ where: { id } })).jobId)
  const call = await tx.toolCall.findUniqueOrThrow({ where: { id } })
  const { job, definition, live } = facts
  const now = context.now()
  const isOver = job.dueAt !== null && job.dueAt <= now
  if (job.state !== 'queued' || job.continuesId !== call.attemptId || live !== null || isOver) {
    throw new LostRace('the job no longer waits for this call')
  }
  // Paused since the job was looked at, perhaps during the call before this one: whoever resumes sending wakes it.
  // Whoever pauses it takes the same lock, so that no call begins after that is said to be done.
  await lockQueue(tx, job.workflowKey)
  if ((await openStop(tx, job.workflowKey)) !== null) throw new LostRace('sending stands still')
  const isTheirs = call.state === 'sending' && (call.nextTryAt ?? now) > now
  if (isTheirs || (call.state !== 'permitted' && call.state !== 'sending')) {
    throw new LostRace('another worker makes the call, or has made it')
  }
  const tool = functionNamed(definition, call.name)
  if (tool === null) throw new Error(`workflow ${definition.key} has no function tool ${call.name}`)
  const workflowKey = definition.key
  if (call.state === 'sending' && call.tries >= TRIES) {
    // Its last try was taken by a worker that never came back.
    const failed = await change(tx, call, { state: 'failed', code: 'no_answer', nextTryAt: null })
    return { call: failed, tool, workflowKey, body: new Uint8Array() }
  }
  const body = await bodyOf(tx, facts, call)
  const nextTryAt = new Date(now.getTime() + tool.timeoutSeconds * 1_000 + LEASE_MS)
  const claimed = await change(tx, call, {
    state: 'sending',
    tries: call.tries + 1,
    nextTryAt,
    ...(call.state === 'permitted' ? { requestSha256: await putBlob(tx, body), url: tool.url, sentAt: now } : {}),
  })
  await wake(tx, job.id, nextTryAt)
  return { call: claimed, tool, workflowKey, body }
}

/** The same bytes at each try: those of the first are stored. */
async function bodyOf(tx: Tx, { job }: Facts, call: ToolCall): Promise<Uint8Array> {
  if (call.requestSha256 !== null) {
    const stored = await readBlob(tx, call.requestSha256)
    if (stored === null) throw new Error(`the request of call ${call.id} has been erased`)
    return stored
  }
  const permitted = call.permittedSha256 === null ? null : await readText(tx, call.permittedSha256)
  if (permitted === null) throw new Error(`the arguments of call ${call.id} have been erased`)
  const { number } = await tx.attempt.findUniqueOrThrow({ where: { id: call.attemptId }, select: { number: true } })
  const request = {
    id: call.id,
    tool: call.name,
    // Read and written anew: what the person saw is what the tool reads, also where a key stood twice.
    arguments: JSON.parse(permitted) as unknown,
    job: { id: job.id, number: job.number },
    attempt: number,
    callId: call.callId,
  }
  return new TextEncoder().encode(JSON.stringify(request))
}

/** Changes the call as it was read. @throws {LostRace} when somebody changed it before. */
async function change(
  tx: Tx,
  { id, state, tries }: ToolCall,
  data: Partial<Omit<ToolCall, 'id' | 'jobId' | 'attemptId' | 'roundId'>>,
): Promise<ToolCall> {
  const [changed] = await tx.toolCall.updateManyAndReturn({ where: { id, state, tries }, data })
  if (changed === undefined) throw new LostRace('the call has moved on')
  return changed
}

/** What became of a try: `secret_missing` is ours. */
type Tried = Posted | { kind: 'refused'; code: 'secret_missing' }
const SECRET_MISSING: Tried = { kind: 'refused', code: 'secret_missing' }

function postingOf({ tool, body }: Claimed, headers: Record<string, string>, allowed: AllowList): Posting {
  return { url: tool.url, headers, body, timeoutMs: tool.timeoutSeconds * 1_000, allowed }
}

/** Null where the environment lacks a secret that the tool needs. */
async function headersOf(
  context: EngineContext,
  claimed: Claimed,
  readEnv: ReadEnv,
): Promise<Record<string, string> | null> {
  const { call, tool, body } = claimed
  const signing = await signingSecret(context, claimed, readEnv)
  const secret = tool.secretHeader === undefined ? null : readSecret(tool.secretHeader.env, readEnv)
  if (signing === undefined || secret === undefined) return null
  return {
    'content-type': 'application/json',
    'user-agent': 'Holdpoint',
    ...(tool.secretHeader === undefined || secret === null ? {} : { [tool.secretHeader.name.toLowerCase()]: secret }),
    ...signedHeaders(signing, `msg_${call.id}`, body, context.now()),
  }
}

async function signingSecret(
  context: EngineContext,
  { tool, workflowKey }: Claimed,
  readEnv: ReadEnv,
): Promise<string | undefined> {
  if (tool.signingSecretEnv !== undefined) return readSecret(tool.signingSecretEnv, readEnv)
  return ownSigningSecret(context.db, workflowKey, tool.name)
}

/** Writes down what came of a try, also when the job was stopped meanwhile: it was made. */
async function record(context: EngineContext, call: ToolCall, tried: Tried): Promise<ToolCall> {
  return transact(context.db, async (tx) => {
    const now = context.now()
    if (tried.kind === 'refused') return change(tx, call, { state: 'failed', code: tried.code, nextTryAt: null })
    if (tried.kind === 'answered' && !mayPass(tried.status)) {
      const httpStatus = tried.status
      if (isRedirect(httpStatus))
        return change(tx, call, { state: 'failed', code: 'redirect', httpStatus, nextTryAt: null })
      return change(tx, call, {
        state: 'answered',
        code: tried.cut ? 'answer_cut' : null,
        httpStatus,
        answerSha256: await putBlob(tx, tried.body),
        answeredAt: now,
        nextTryAt: null,
      })
    }
    const said =
      tried.kind === 'answered'
        ? { code: `http_${tried.status}`, httpStatus: tried.status }
        : { code: tried.code, httpStatus: null }
    if (call.tries >= TRIES) return change(tx, call, { ...said, state: 'failed', nextTryAt: null })
    const delay = delayMs(context, call.tries, tried.kind === 'answered' ? tried.retryAfterMs : null)
    return change(tx, call, { ...said, state: 'sending', nextTryAt: new Date(now.getTime() + delay) })
  })
}

/** Answers that may be others at another time. Every other answer is one, also one that says no. */
function mayPass(status: number): boolean {
  return status === 408 || status === 409 || status === 429 || status >= 500
}

function isRedirect(status: number): boolean {
  return status < 200 || (status >= 300 && status < 400)
}

function delayMs(context: EngineContext, tries: number, retryAfterMs: number | null): number {
  const usual = context.retryMs * FACTOR ** (tries - 1) * (0.5 + context.random() / 2)
  return Math.min(Math.max(usual, retryAfterMs ?? 0), LONGEST_DELAY_MS)
}
