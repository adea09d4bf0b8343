/** Answering the calls that wait: each once, each with the arguments that were on the screen. */
import type { ReviewRound, ToolCall } from '@/lib/generated/prisma/client'
import type { State } from '@/lib/lifecycle/table'
import { answersSchema, type CallAnswer } from '@/lib/tools/answers'
import { canonical, problemsOfEdited } from '@/lib/tools/arguments'
import { functionNamed } from '@/lib/tools/offered'
import type { WorkflowDefinition } from '@/lib/workflows/definition'
import { putText, readText } from './blobs.server'
import type { Giving, Plan } from './command-plans.server'
import type { Tx } from './db.server'
import { Forbidden, InvalidInput, JobConflict } from './errors'
import { closeRound, type Facts } from './facts.server'

/** What is written of one call: who may be told is the event, which names its id and the hash of its arguments. */
type Settled = {
  call: ToolCall
  allowed: boolean
  /** The arguments that it may be made with; null where it may not. */
  permittedSha256: string | null
  reasonSha256: string | null
}

/** How the command `answer` is carried out: every waiting call is permitted or denied, and the run goes on. */
export async function planAnswer(tx: Tx, facts: Facts, giving: Giving): Promise<Plan> {
  const { round, definition } = facts
  if (round === null) throw new InvalidInput('No call of this job waits for an answer.')
  const answers = readAnswers(giving.ask.params?.answers)
  const waiting = await tx.toolCall.findMany({
    where: { roundId: round.id, state: 'waiting' },
    orderBy: { position: 'asc' },
  })
  refuseUnfit(waiting, answers)
  await refuseOtherArguments(tx, facts, waiting, answers)
  refuseGiver(facts, giving, answers)
  const settled: Settled[] = []
  for (const call of waiting) settled.push(await settle(tx, definition, call, answers))
  return {
    set: {
      continuesId: round.attemptId,
      dueAt: new Date(giving.now.getTime() + definition.limits.deadlineMinutes * 60_000),
      clockAt: giving.now,
      notBefore: null,
      tries: 0,
      failureClass: null,
      failureCode: null,
    },
    round: null,
    wakeAt: giving.now,
    detail: {
      calls: settled.map(({ call, allowed, permittedSha256 }) => ({
        id: call.id,
        allowed,
        arguments: permittedSha256 ?? call.argumentsSha256,
      })),
    },
    after: async (moved) => {
      await closeRound(tx, round, 'answer', giving.now)
      for (const one of settled) await write(tx, round, one, moved.version)
    },
  }
}

function readAnswers(given: unknown): CallAnswer[] {
  const parsed = answersSchema.safeParse(given ?? [])
  if (parsed.success) return parsed.data
  const errors = parsed.error.issues.map((issue) => ({
    pointer: ['/params/answers', ...issue.path].join('/'),
    detail: issue.message,
  }))
  throw new InvalidInput('The answers cannot be used.', errors)
}

/** Each call that waits is answered exactly once, and a denial says why. */
function refuseUnfit(waiting: readonly ToolCall[], answers: readonly CallAnswer[]): void {
  const errors = answers.flatMap(({ callId, allow, reason, arguments: edited }, index) => {
    const call = waiting.find(({ id }) => id === callId)
    const pointer = `/params/answers/${index}`
    if (call === undefined) return [{ pointer: `${pointer}/callId`, detail: 'No such call waits in this round.' }]
    if (answers.findIndex((answer) => answer.callId === callId) !== index) {
      return [{ pointer: `${pointer}/callId`, detail: 'This call is answered twice. Answer it once.' }]
    }
    if (!allow && !reason) {
      return [{ pointer: `${pointer}/reason`, detail: 'Give a reason: it goes back to the model.' }]
    }
    if (!allow && edited !== undefined) {
      return [{ pointer: `${pointer}/arguments`, detail: 'A call that is denied takes no other arguments.' }]
    }
    if (edited !== undefined && call.kind === 'mcp') {
      const detail =
        'The arguments of a call to an MCP server cannot be edited: the provider makes it, with its own copy of them. ' +
        'Deny it, and say in the reason what should be different.'
      return [{ pointer: `${pointer}/arguments`, detail }]
    }
    return []
  })
  const missing = waiting.filter(({ id }) => !answers.some(({ callId }) => callId === id))
  if (missing.length > 0) {
    const names = new Intl.ListFormat('en').format(missing.slice(0, 5).map(({ name }) => `“${name}”`))
    errors.push({
      pointer: '/params/answers',
      detail: `Every call that waits needs an answer. Without one: ${names}${missing.length > 5 ? ' and more' : ''}.`,
    })
  }
  if (errors.length > 0) throw new InvalidInput(errors.map(({ detail }) => detail).join(' '), errors)
}

/** An answer is for the arguments that were on the screen. @throws {JobConflict} where they are others. */
async function refuseOtherArguments(
  tx: Tx,
  { job }: Facts,
  waiting: readonly ToolCall[],
  answers: readonly CallAnswer[],
): Promise<void> {
  const hashes = new Map(waiting.map(({ id, argumentsSha256 }) => [id, argumentsSha256]))
  if (answers.every(({ callId, argumentsHash }) => hashes.get(callId) === argumentsHash)) return
  const last = await tx.event.findFirstOrThrow({
    where: { jobId: job.id, command: { not: 'comment' } },
    orderBy: { seq: 'desc' },
  })
  throw new JobConflict('The arguments on your screen are not those of the call, so nothing was answered.', {
    command: last.command,
    state: job.state as State,
    by: { kind: last.actorKind as 'person', id: last.actorId },
    at: last.at,
  })
}

/** Allowing is for a person, and for another than asked where the policy says so. Denying is for anybody who may answer. */
function refuseGiver({ job, round }: Facts, { actor }: Giving, answers: readonly CallAnswer[]): void {
  if (!answers.some(({ allow }) => allow)) return
  if (actor.userId === null) {
    throw new Forbidden('This key belongs to a service. It may deny calls; to allow one, use the key of a person.')
  }
  if (round?.requesterMayApprove === false && job.requesterId === actor.userId) {
    throw new Forbidden('You asked for this job, and its policy wants somebody else to allow its calls.')
  }
}

async function settle(
  tx: Tx,
  definition: WorkflowDefinition,
  call: ToolCall,
  answers: readonly CallAnswer[],
): Promise<Settled> {
  const index = answers.findIndex(({ callId }) => callId === call.id)
  const answer = answers[index]
  if (answer === undefined) throw new Error(`call ${call.id} has no answer`)
  const reasonSha256 = answer.reason ? await putText(tx, answer.reason) : null
  if (!answer.allow) return { call, allowed: false, permittedSha256: null, reasonSha256 }
  const permittedSha256 = await permittedOf(tx, definition, call, { answer, index })
  return { call, allowed: true, permittedSha256, reasonSha256 }
}

/** The hash of the arguments that the call may be made with. What was not really changed is what the model wrote. */
async function permittedOf(
  tx: Tx,
  definition: WorkflowDefinition,
  call: ToolCall,
  { answer, index }: { answer: CallAnswer; index: number },
): Promise<string> {
  const edited = answer.arguments
  if (edited === undefined) return call.argumentsSha256
  const text = JSON.stringify(edited)
  const asked = await readText(tx, call.argumentsSha256)
  if (asked !== null && canonical(asked) === canonical(text)) return call.argumentsSha256
  const tool = functionNamed(definition, call.name)
  const problems = tool === null ? [] : problemsOfEdited(definition, tool, edited)
  if (problems.length > 0) {
    throw new InvalidInput(
      problems.map(({ detail }) => detail).join(' '),
      problems.map(({ pointer, detail }) => ({ pointer: `/params/answers/${index}/arguments${pointer}`, detail })),
    )
  }
  return putText(tx, text)
}

/** The guard in WHERE: a permission is given once, for a call that still waits in this round. */
async function write(
  tx: Tx,
  round: ReviewRound,
  { call, allowed, permittedSha256, reasonSha256 }: Settled,
  decidedSeq: number,
): Promise<void> {
  const { count } = await tx.toolCall.updateMany({
    where: { id: call.id, roundId: round.id, state: 'waiting' },
    data: { state: allowed ? 'permitted' : 'denied', decidedSeq, permittedSha256, reasonSha256 },
  })
  if (count === 0) throw new Error(`call ${call.id} was answered while its job was locked`)
}
