/** One job, whole: what its page and the API show. */

import type { Actor } from '@/lib/access/actor'
import { allowedCommands, can, type Permission, readScope } from '@/lib/access/can'
import type { Deciding } from '@/lib/deliveries/confirmation'
import { documentView } from '@/lib/documents/view'
import type { Prisma, Result } from '@/lib/generated/prisma/client'
import type { Then } from '@/lib/history/then'
import { type FailureClass, failureSentence } from '@/lib/lifecycle/failure'
import type { Command, ProviderStatus, State } from '@/lib/lifecycle/table'
import { attemptCost, jobCost } from '@/lib/money/cost-view'
import { stopOf } from '@/lib/money/stops.server'
import { type QueueSight, queueSight } from '@/lib/queues/sight.server'
import { isBlindNow } from '@/lib/review/blind'
import { readText } from '@/lib/store/blobs.server'
import type { Tx } from '@/lib/store/db.server'
import type { EventBody } from '@/lib/store/event-chain'
import { activeClaims, type Facts, factsForCan, loadFacts } from '@/lib/store/facts.server'
import { callViews } from '@/lib/tools/views.server'
import { definitionOf } from '@/lib/workflows/store.server'
import { deliveryViews } from './delivery-view.server'
import { actorView, type Names, personOf, readNames } from './people.server'
import {
  currentReview,
  hiddenFrom,
  type ReviewContext,
  reasonLabels,
  reviewView,
  roundInclude,
} from './review-view.server'
import { rowInclude, rowOf } from './row.server'
import { type AnsweredCall, eventSentence } from './sentences'
import { readTrace } from './trace.server'
import type { AttemptView, EventView, JobView, ObservationView, ResultView } from './view'

/** Looks shown of one job: the newest. Older ones stay stored. */
const OBSERVATIONS_SHOWN = 200

/** In place of whoever did what a blind round does not tell yet. */
const SOMEBODY = { kind: 'person', id: null, name: 'Somebody' } as const

export const wholeInclude = {
  ...rowInclude,
  workflowVersion: true,
  attempts: { orderBy: { number: 'desc' } },
  results: {
    orderBy: [{ attempt: { number: 'desc' } }, { revision: 'desc' }],
    // Not their text and evidence: of earlier results only the hash is shown, and the newest comes with the facts.
    select: {
      id: true,
      sha256: true,
      attemptId: true,
      revision: true,
      createdAt: true,
      attempt: { select: { number: true } },
    },
  },
  rounds: { orderBy: { number: 'asc' }, include: roundInclude },
  deliveries: { orderBy: { number: 'asc' }, include: { log: { orderBy: { number: 'asc' } } } },
  events: { orderBy: { seq: 'asc' } },
  observations: { orderBy: { id: 'desc' }, take: OBSERVATIONS_SHOWN },
  documents: { orderBy: { position: 'asc' }, include: { document: true } },
} satisfies Prisma.JobInclude

export type WholeJob = Prisma.JobGetPayload<{ include: typeof wholeInclude }>

/** Finds the job by its number or its id; null where there is none that `actor` may see. */
export async function findJobId(tx: Tx, actor: Actor, key: string | number): Promise<string | null> {
  const text = String(key)
  const isNumber = /^\d{1,9}$/.test(text)
  if (!isNumber && !/^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(text)) return null
  const where = isNumber ? { number: Number(text) } : { id: text.toLowerCase() }
  const job = await tx.job.findFirst({ where: { AND: [readScope(actor), where] }, select: { id: true } })
  return job?.id ?? null
}

/** One job by its number or id, as `actor` may see it now; null where there is none that they may see. */
export async function readJob(tx: Tx, actor: Actor, key: string | number, now = new Date()): Promise<JobView | null> {
  return (await readJobUntil(tx, actor, key, now))?.job ?? null
}

/** As `readJob`, with the first moment at which it is another though nothing is written; null: there is none. */
export async function readJobUntil(
  tx: Tx,
  actor: Actor,
  key: string | number,
  now = new Date(),
): Promise<{ job: JobView; goodUntil: Date | null } | null> {
  const id = await findJobId(tx, actor, key)
  if (id === null) return null
  const [job, facts] = await Promise.all([
    tx.job.findUnique({ where: { id }, include: wholeInclude }),
    loadFacts(tx, id),
  ])
  if (job === null) return null
  const [stop, sight, current] = await Promise.all([
    job.settledAt === null ? stopOf(tx, job.workflowKey) : null,
    queueSight(tx, [job]),
    currentReview(tx, job.workflowKey),
  ])
  const known = factsForCan(facts, now)
  const view = await viewOf(tx, actor, job, {
    resultId: facts.result?.id ?? null,
    hidden: hiddenFrom(actor, job.rounds),
    stop,
    sight,
    current,
    allowedCommands: allowedCommands(actor, known),
    deciding: isTheirs(can(actor, 'confirm', known)) ? facts : null,
    undoUntil: undoUntil(facts),
    asOf: null,
    now,
  })
  return { job: view, goodUntil: goodUntil(facts, view, now) }
}

/** It is for such a person to give, though the job may not be where it can be given. */
function isTheirs(verdict: Permission): boolean {
  return verdict.allowed || verdict.code === 'state'
}

/** In a blind round an answer is good for so long, whoever holds it: else its tag would tell until when others do. */
const BLIND_FOR_MS = 15_000

/**
 * When leases, a snooze or the time to take an approval back run out. A lease that was lengthened meanwhile, which tells
 * nobody, is read anew then.
 */
function goodUntil({ round }: Facts, { undoUntil, allowedCommands }: JobView, now: Date): Date | null {
  const moments: (Date | null)[] = []
  if (undoUntil !== null && allowedCommands.includes('undo')) moments.push(new Date(undoUntil))
  if (round !== null) moments.push(round.snoozedUntil)
  if (round !== null && isBlindNow(round)) moments.push(new Date(now.getTime() + BLIND_FOR_MS))
  else if (round !== null) moments.push(...activeClaims(round, now).map(({ until }) => until))
  const ahead = moments.flatMap((at) => (at !== null && at > now ? at.getTime() : []))
  return ahead.length === 0 ? null : new Date(Math.min(...ahead))
}

export type ViewedAs = {
  /** The result that is shown whole; null: there is none. */
  resultId: string | null
  hidden: Telling['hidden']
  stop: JobView['stop']
  sight: QueueSight
  current: ReviewContext['current']
  allowedCommands: Command[]
  /** What a delivery that they might confirm is judged by; null: nothing of it is theirs to confirm. */
  deciding: Deciding | null
  undoUntil: string | null
  /** The moment as of which the job is given; null: now. */
  asOf: Then | null
  now: Date
}

/** What is shown of a job whose rows are `job`: as they are stored, or as they stood at an earlier moment. */
export async function viewOf(tx: Tx, actor: Actor, job: WholeJob, as: ViewedAs): Promise<JobView> {
  const { id } = job
  const { hidden, stop, sight, current, now } = as
  const definition = definitionOf(job.workflowVersion)
  const [result, notes, names, input, guidance, sizes, trace, calls, receipts, because] = await Promise.all([
    as.resultId === null ? null : tx.result.findUnique({ where: { id: as.resultId } }),
    readNotes(tx, job),
    readNames(tx, actorIds(job, 'person'), actorIds(job, 'api_key')),
    readText(tx, job.inputSha256),
    job.guidanceSha256 === null ? null : readText(tx, job.guidanceSha256),
    sizesOf(tx, job),
    readTrace(tx, readable(job, as.asOf)),
    callViews(tx, id, definition, as.asOf),
    readReceipts(tx, id),
    reasonLabels(tx),
  ])
  const claims = (result?.evidence ?? []) as JobView['evidence']
  return {
    ...rowOf({ ...job, rounds: job.rounds.filter((round) => round.closedAt === null) }, sight),
    priority: job.priority,
    input: input === null ? {} : (JSON.parse(input) as Record<string, unknown>),
    inputSchema: definition.inputSchema,
    outputSchema: definition.output.schema,
    guidance,
    rehearsal: job.rehearsal as JobView['rehearsal'],
    documents: job.documents.map(({ document }) => documentView(document)),
    attempts: job.attempts.map((attempt) => attemptView(attempt, sizes, job.attempts)),
    result: result === null ? null : resultView(result, job, names),
    earlierResults: otherThan(result, job).map((earlier) => ({
      id: earlier.id,
      attempt: earlier.attempt.number,
      revision: earlier.revision,
      hash: earlier.sha256,
      createdAt: earlier.createdAt.toISOString(),
    })),
    evidence: claims,
    checks: (result?.checks ?? []) as JobView['checks'],
    trace,
    calls,
    cost: jobCost(job.attempts),
    stop,
    reviews: job.rounds.map((round) =>
      reviewView(round, { job, definition, current, names, notes, because, sizes, viewer: actor, claims, now }),
    ),
    deliveries: await deliveryViews(tx, job, { sizes, deciding: as.deciding }),
    events: eventViews(job, { names, notes, calls, hidden }),
    observations: observationViews(job, receipts),
    allowedCommands: as.allowedCommands,
    undoUntil: as.undoUntil,
  }
}

/** The attempts whose trace is shown: at a moment, those whose answer had come in. */
function readable({ attempts }: WholeJob, then: Then | null): WholeJob['attempts'] {
  return then === null ? attempts : attempts.filter(({ payloadSha256 }) => payloadSha256 !== null)
}

function undoUntil({ job, lastDecision, definition }: Facts): string | null {
  if (job.state !== 'completed' || lastDecision?.command !== 'approve') return null
  return new Date(lastDecision.at.getTime() + definition.review.undoSeconds * 1_000).toISOString()
}

function attemptView(
  attempt: WholeJob['attempts'][number],
  sizes: Map<string, number>,
  all: WholeJob['attempts'],
): AttemptView {
  const outcome = attempt.outcome as { sentence: string; message?: string | null; retry?: AttemptView['retry'] } | null
  const failureClass = attempt.failureClass as FailureClass | null
  return {
    number: attempt.number,
    responseId: attempt.responseId,
    requestId: attempt.requestId,
    providerStatus: attempt.providerStatus as ProviderStatus,
    provider: attempt.provider,
    model: attempt.model,
    requestHash: attempt.requestSha256,
    failureClass,
    failureCode: attempt.failureCode,
    sentence:
      outcome?.sentence ??
      (attempt.providerStatus === 'unknown' ? failureSentence('unclassified', 'lost_answer') : null),
    message: outcome?.message ?? null,
    retry: failureClass === null ? null : (outcome?.retry ?? null),
    sentAt: attempt.sentAt.toISOString(),
    acceptedAt: attempt.acceptedAt?.toISOString() ?? null,
    finishedAt: attempt.finishedAt?.toISOString() ?? null,
    seenFinalAt: attempt.seenFinalAt?.toISOString() ?? null,
    endedAt: attempt.endedAt?.toISOString() ?? null,
    providerCopyUntil: attempt.providerCopyUntil?.toISOString() ?? null,
    usage: attempt.usage as AttemptView['usage'],
    payload:
      attempt.payloadSha256 === null
        ? null
        : { sha256: attempt.payloadSha256, size: sizes.get(attempt.payloadSha256) ?? 0 },
    continues: all.find((earlier) => earlier.id === attempt.continuesId)?.number ?? null,
    rulesVersion: attempt.rulesVersion,
    cost: attemptCost(attempt),
  }
}

/** The results beside the one that is shown, the newest first: those before it, and what came in late. */
function otherThan(result: Result | null, job: WholeJob): WholeJob['results'] {
  return job.results.filter(({ id }) => id !== result?.id)
}

function resultView(result: Result, job: WholeJob, names: Names): ResultView {
  return {
    id: result.id,
    attempt: job.attempts.find(({ id }) => id === result.attemptId)?.number ?? 0,
    revision: result.revision,
    kind: result.kind as ResultView['kind'],
    text: result.text,
    json: result.json,
    hash: result.sha256,
    editedBy: result.createdBy === null ? null : personOf(result.createdBy, names),
    createdAt: result.createdAt.toISOString(),
  }
}

type Telling = {
  names: Names
  notes: Map<string, string | null>
  calls: readonly AnsweredCall[]
  hidden: (event: { body: string; actorId: string | null }) => boolean
}

/** A hash covers what it follows: whoever guesses what is hidden could prove it by any hash from there on. */
function eventViews({ events, deliveries }: WholeJob, telling: Telling): EventView[] {
  const from = events.find(telling.hidden)?.seq ?? Number.POSITIVE_INFINITY
  const numbers = new Map(deliveries.map(({ id, number }) => [id, number]))
  return events.map((event) => ({ ...eventView(event, telling, numbers), hash: event.seq < from ? event.hash : null }))
}

function eventView(
  event: WholeJob['events'][number],
  { names, notes, calls, hidden }: Telling,
  deliveryNumbers: ReadonlyMap<string, number>,
): EventView {
  const body = JSON.parse(event.body) as EventBody
  const isHidden = hidden(event)
  const by = isHidden ? SOMEBODY : actorView(event.actorKind, event.actorId, names)
  return {
    seq: event.seq,
    at: event.at.toISOString(),
    // What it was would say how somebody decided.
    command: isHidden ? 'mark' : (event.command as Command),
    from: event.fromState as State | null,
    to: event.toState as State,
    by,
    transport: event.transport as EventView['transport'],
    isHidden,
    sentence: isHidden
      ? 'Somebody did something in this blind round. It is told when the round is over.'
      : eventSentence(body, by.name, calls),
    note: body.note && !isHidden ? (notes.get(body.note) ?? null) : null,
    isNoteErased: body.note != null && !isHidden && (notes.get(body.note) ?? null) === null,
    attempt: isHidden ? null : (body.attempt ?? null),
    delivery: isHidden ? null : (deliveryNumbers.get(body.delivery?.id ?? '') ?? null),
    round: body.round?.number ?? null,
    hash: event.hash,
  }
}

function observationViews(job: WholeJob, receipts: Receipts): ObservationView[] {
  const numbers = new Map(job.attempts.map((attempt) => [attempt.id, attempt.number]))
  return job.observations.toReversed().map((observation) => ({
    id: String(observation.id),
    at: observation.at.toISOString(),
    attempt: observation.attemptId === null ? null : (numbers.get(observation.attemptId) ?? null),
    kind: observation.kind as ObservationView['kind'],
    httpStatus: observation.httpStatus,
    providerStatus: observation.providerStatus,
    requestId: observation.requestId,
    errorCode: observation.errorCode,
    milliseconds: observation.milliseconds,
    changed: observation.changed,
    webhook: observation.kind === 'webhook' ? (receipts.get(observation.requestId) ?? null) : null,
  }))
}

type Receipts = Map<string | null, NonNullable<ObservationView['webhook']>>

/** The webhooks about a job, by the id under which its observations have them. */
async function readReceipts(tx: Tx, jobId: string): Promise<Receipts> {
  const receipts = await tx.webhookReceipt.findMany({
    where: { jobId },
    orderBy: { receivedAt: 'desc' },
    take: OBSERVATIONS_SHOWN,
  })
  return new Map(
    receipts.map(({ webhookId, eventAt, times, lastReceivedAt }) => [
      webhookId,
      { eventAt: eventAt?.toISOString() ?? null, times, lastReceivedAt: lastReceivedAt.toISOString() },
    ]),
  )
}

function actorIds(job: WholeJob, kind: 'person' | 'api_key'): string[] {
  const fromEvents = job.events.filter((event) => event.actorKind === kind).map((event) => event.actorId)
  const fromDecisions = job.rounds
    .flatMap((round) => round.decisions)
    .map((decision) => (kind === 'person' ? decision.userId : decision.apiKeyId))
  const fromDesk = kind === 'person' ? deskPeople(job) : []
  return [...fromEvents, ...fromDecisions, ...fromDesk].filter((id): id is string => id !== null)
}

/** Whom the desk names beside those who decided. */
function deskPeople({ rounds }: WholeJob): (string | null)[] {
  return rounds.flatMap(({ assigneeId, snoozedBy, claims, marks }) => [
    assigneeId,
    snoozedBy,
    ...claims.map(({ userId }) => userId),
    ...marks.map(({ userId }) => userId),
  ])
}

async function readNotes(tx: Tx, job: WholeJob): Promise<Map<string, string | null>> {
  const hashes = job.events
    .map((event) => (JSON.parse(event.body) as EventBody).note)
    .concat(job.rounds.map((round) => round.snoozeNoteSha256))
    .filter((hash) => typeof hash === 'string')
  const notes = await Promise.all([...new Set(hashes)].map(async (hash) => [hash, await readText(tx, hash)] as const))
  return new Map(notes)
}

async function sizesOf(tx: Tx, job: WholeJob): Promise<Map<string, number>> {
  const hashes = [
    ...job.attempts.map((attempt) => attempt.payloadSha256),
    ...job.rounds.map((round) => round.deliverySha256),
    ...job.deliveries.map((delivery) => delivery.bytesSha256),
  ].filter((hash) => hash !== null)
  const blobs = await tx.blob.findMany({ where: { sha256: { in: hashes } }, select: { sha256: true, size: true } })
  return new Map(blobs.map((blob) => [blob.sha256, blob.size]))
}
