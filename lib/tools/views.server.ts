/** The calls of a job as people see them: what was asked, why, who allowed what, and what came of it. */
import type { ToolCall } from '@/lib/generated/prisma/client'
import { callsThen } from '@/lib/history/fold-calls'
import type { Then } from '@/lib/history/then'
import { readNames } from '@/lib/jobs/people.server'
import type { ToolCallView } from '@/lib/jobs/view'
import { readText } from '@/lib/store/blobs.server'
import type { Tx } from '@/lib/store/db.server'
import { sanitiseJson, sanitiseText } from '@/lib/store/sanitise'
import type { WorkflowDefinition } from '@/lib/workflows/definition'
import { canonical, LONGEST_ARGUMENTS, parseJson } from './arguments'
import { functionNamed, serverLabelled } from './offered'
import { readAnswer } from './store.server'
import { whyOf } from './why'
import { callSentence } from './words'

/** Of an answer, as many UTF-16 units are shown. */
const ANSWER_SHOWN = 20_000

/** The calls of `jobId`, by attempt and place. @param then the moment as of which; null: now. */
export async function callViews(
  tx: Tx,
  jobId: string,
  definition: WorkflowDefinition,
  then: Pick<Then, 'seq' | 'known'> | null = null,
): Promise<ToolCallView[]> {
  const stored = await tx.toolCall.findMany({
    where: { jobId },
    orderBy: [{ attempt: { number: 'asc' } }, { position: 'asc' }],
    include: { attempt: { select: { number: true } }, round: { select: { number: true } } },
  })
  const calls = then === null ? stored : callsThen(stored, then)
  if (calls.length === 0) return []
  const [texts, deciders, reasons, continued] = await Promise.all([
    readTexts(tx, calls),
    readDeciders(tx, jobId, calls),
    readReasoning(tx, calls),
    tx.attempt.findMany({ where: { jobId, continuesId: { not: null } }, orderBy: { number: 'asc' } }),
  ])
  const made = madeCalls(calls, texts, continued)
  return Promise.all(
    calls.map(async (call): Promise<ToolCallView> => {
      const by = call.decidedSeq === null ? null : (deciders.get(call.decidedSeq) ?? null)
      const isEdited = call.permittedSha256 !== null && call.permittedSha256 !== call.argumentsSha256
      const asked = texts.get(call.argumentsSha256) ?? null
      const tool = call.kind === 'function' ? functionNamed(definition, call.name) : null
      const server = call.kind === 'mcp' ? serverLabelled(definition, call.serverLabel ?? '') : null
      const state = call.state as ToolCallView['state']
      const kind = call.kind as ToolCallView['kind']
      return {
        id: call.id,
        attempt: call.attempt.number,
        position: call.position,
        kind,
        name: call.name,
        serverLabel: call.serverLabel,
        risk: call.risk as ToolCallView['risk'],
        description: tool?.description ?? server?.description ?? null,
        touches: tool?.touches ?? server?.touches ?? null,
        parameters: tool?.parameters ?? null,
        arguments: shownArguments(asked),
        argumentsHash: call.argumentsSha256,
        why: whyOf(reasons.get(call.attemptId) ?? [], call.position),
        state,
        sentence: callSentence({ ...call, state, kind, by: by?.name ?? null, isEdited }),
        round: call.round?.number ?? null,
        by,
        reason: call.reasonSha256 === null ? null : (texts.get(call.reasonSha256) ?? null),
        editedArguments: isEdited ? shownArguments(texts.get(call.permittedSha256 ?? '') ?? null) : null,
        // Where it went; before that, where it would go.
        url: call.url ?? tool?.url ?? server?.serverUrl ?? null,
        tries: call.tries,
        sentAt: call.sentAt?.toISOString() ?? null,
        answeredAt: call.answeredAt?.toISOString() ?? null,
        httpStatus: call.httpStatus,
        answer: call.answerSha256 === null ? null : await shownAnswer(tx, call.answerSha256),
        madeBefore: made
          .filter((one) => one.attempt < call.attempt.number && isSameCall(one, call, asked))
          .map(({ attempt, at, answered }) => ({ attempt, at: at.toISOString(), answered })),
      }
    }),
  )
}

async function readTexts(tx: Tx, calls: readonly ToolCall[]): Promise<Map<string, string>> {
  const hashes = calls.flatMap((call) => [call.argumentsSha256, call.permittedSha256, call.reasonSha256])
  const texts = new Map<string, string>()
  for (const hash of new Set(hashes.filter((one) => one !== null))) {
    const text = await readText(tx, hash)
    if (text !== null) texts.set(hash, sanitiseText(text))
  }
  return texts
}

type Decider = { name: string; at: string }

async function readDeciders(tx: Tx, jobId: string, calls: readonly ToolCall[]): Promise<Map<number, Decider>> {
  const decided = new Set(calls.map(({ decidedSeq }) => decidedSeq).filter((seq) => seq !== null))
  const events = await tx.event.findMany({
    where: { jobId, seq: { in: [...decided] } },
    select: { seq: true, at: true, actorKind: true, actorId: true },
  })
  const idsOf = (kind: string) =>
    events.flatMap(({ actorKind, actorId }) => (actorKind === kind && actorId !== null ? [actorId] : []))
  const names = await readNames(tx, idsOf('person'), idsOf('api_key'))
  return new Map(
    events.map(({ seq, at, actorKind, actorId }) => {
      const name = actorKind === 'person' ? names.person(actorId ?? '') : names.key(actorId ?? '')
      return [seq, { name, at: at.toISOString() }]
    }),
  )
}

type Words = { position: number; type: string; data: unknown }

/** The reasoning summaries and messages of the attempts that asked for calls. */
async function readReasoning(tx: Tx, calls: readonly ToolCall[]): Promise<Map<string, Words[]>> {
  const items = await tx.traceItem.findMany({
    where: {
      attemptId: { in: [...new Set(calls.map(({ attemptId }) => attemptId))] },
      type: { in: ['reasoning', 'message'] },
    },
    orderBy: { position: 'asc' },
    select: { attemptId: true, position: true, type: true, data: true },
  })
  return Map.groupBy(items, ({ attemptId }) => attemptId)
}

/** Arguments as a value; the text itself where it is no JSON, and its beginning where nobody could read the whole. */
function shownArguments(text: string | null): unknown {
  if (text === null) return null
  if (text.length > LONGEST_ARGUMENTS) return `${text.slice(0, 2_000)}…`
  const value = parseJson(text)
  return value === undefined ? text : sanitiseJson(value)
}

async function shownAnswer(tx: Tx, sha256: string): Promise<string | null> {
  const text = await readAnswer(tx, sha256, ANSWER_SHOWN)
  return text === null ? null : sanitiseText(text)
}

type Made = {
  attempt: number
  at: Date
  answered: boolean
  kind: string
  name: string
  serverLabel: string | null
  /** The arguments that it was made with. */
  text: string
}

/** What was really made: sent by us, or, at an MCP server, allowed and then left to the provider. */
function madeCalls(
  calls: readonly (ToolCall & { attempt: { number: number } })[],
  texts: ReadonlyMap<string, string>,
  continued: readonly { continuesId: string | null; sentAt: Date }[],
): Made[] {
  return calls.flatMap((call): Made[] => {
    const left = continued.find(({ continuesId }) => continuesId === call.attemptId)
    const at = call.kind === 'mcp' ? (call.state === 'permitted' ? left?.sentAt : undefined) : call.sentAt
    if (at === undefined || at === null || call.permittedSha256 === null) return []
    const { kind, name, serverLabel } = call
    const text = texts.get(call.permittedSha256) ?? ''
    return [{ attempt: call.attempt.number, at, answered: call.state === 'answered', kind, name, serverLabel, text }]
  })
}

function isSameCall(made: Made, call: ToolCall, asked: string | null): boolean {
  const isSameTool = made.kind === call.kind && made.name === call.name && made.serverLabel === call.serverLabel
  return isSameTool && asked !== null && canonical(made.text) === canonical(asked)
}
