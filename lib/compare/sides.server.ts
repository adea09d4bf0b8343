/** Reads two sides of a job that are to be compared: attempts with what they gave, and people's revisions of it. */

import type { Actor } from '@/lib/access/actor'
import { documentView } from '@/lib/documents/view'
import type { Attempt, Prisma, Result } from '@/lib/generated/prisma/client'
import { findJobId } from '@/lib/jobs/detail.server'
import { readNames } from '@/lib/jobs/people.server'
import type { AttemptView } from '@/lib/jobs/view'
import { attemptCost } from '@/lib/money/cost-view'
import { readText } from '@/lib/store/blobs.server'
import type { Tx } from '@/lib/store/db.server'
import type { EventBody } from '@/lib/store/event-chain'
import { cutJson } from '@/lib/store/sanitise'
import { definitionOf } from '@/lib/workflows/store.server'
import { defaultSides, parseSideId, type SideId, sideId } from './side-id'
import type { ComparisonView, SideChoice, SideView } from './view'

/** Of a result, in UTF-16 units: two of them are what a page can still compare. */
const MOST_TEXT = 2_000_000
/** Of the trace of one attempt. */
const MOST_STEPS = 200
/** Of one step: enough to see what was called with what. The trace has the rest. */
const STEP_BYTES = 4 * 1024

const include = {
  workflowVersion: true,
  attempts: { orderBy: { number: 'asc' } },
  results: {
    orderBy: [{ attempt: { number: 'asc' } }, { revision: 'asc' }],
    // Not their text: a job may have many, and two of them are compared.
    select: { id: true, attemptId: true, revision: true, sha256: true, createdBy: true, createdAt: true },
  },
  events: { orderBy: { seq: 'asc' }, select: { body: true } },
  documents: { orderBy: { position: 'asc' }, include: { document: true } },
} satisfies Prisma.JobInclude

type ComparedJob = Prisma.JobGetPayload<{ include: typeof include }>

/** The two sides by their names (`a2`, `a2r1`); without a name, the newest and the one before it. */
export type SidesAsked = { left: string | null; right: string | null }

/**
 * Two sides of the job with that number or id, as `actor` may see them; null where there is no such job that they may
 * see. A side that is not there is null.
 */
export async function readSides(
  tx: Tx,
  actor: Actor,
  key: string | number,
  asked: SidesAsked,
): Promise<ComparisonView | null> {
  const id = await findJobId(tx, actor, key)
  const job = id === null ? null : await tx.job.findUnique({ where: { id }, include })
  if (job === null) return null
  const choices = await choicesOf(tx, job)
  const { left, right } = chosen(choices, asked)
  const one = left === null ? null : await readSide(tx, job, left)
  const other = right === null ? null : right === left ? one : await readSide(tx, job, right)
  const { key: workflow, version, name } = job.workflowVersion
  return {
    job: {
      id: job.id,
      number: job.number,
      title: job.title,
      workflow: { key: workflow, name, version },
      inputSchema: definitionOf(job.workflowVersion).inputSchema,
    },
    documents: job.documents.map(({ document }) => documentView(document)),
    choices,
    left: one?.view ?? null,
    right: other?.view ?? null,
    isSameText: one !== null && other !== null && one.text !== null && one.text === other.text,
  }
}

async function choicesOf(tx: Tx, job: ComparedJob): Promise<SideChoice[]> {
  const authors = job.results.map(({ createdBy }) => createdBy).filter((author) => author !== null)
  const names = await readNames(tx, authors, [])
  return job.attempts.flatMap((attempt): SideChoice[] => {
    const results = job.results.filter(({ attemptId }) => attemptId === attempt.id)
    const first = results.find(({ revision }) => revision === 0)
    const own = { attempt: attempt.number, revision: 0 }
    return [
      { id: sideId(own), ...own, by: null, at: attempt.sentAt.toISOString(), hash: first?.sha256 ?? null },
      ...results
        .filter(({ revision }) => revision > 0)
        .map(({ revision, createdBy, createdAt, sha256 }) => ({
          id: sideId({ attempt: attempt.number, revision }),
          attempt: attempt.number,
          revision,
          by: createdBy === null ? null : names.person(createdBy),
          at: createdAt.toISOString(),
          hash: sha256,
        })),
    ]
  })
}

/** Where only one side is named, the other is what is compared with it by itself, unless that is the same one. */
function chosen(
  choices: readonly SideChoice[],
  asked: SidesAsked,
): { left: SideChoice | null; right: SideChoice | null } {
  const find = (name: string) => {
    const named = parseSideId(name)
    return named === null ? null : (choices.find(({ id }) => id === sideId(named)) ?? null)
  }
  if (asked.left !== null && asked.right !== null) return { left: find(asked.left), right: find(asked.right) }
  if (asked.right !== null) {
    const right = find(asked.right)
    const until = right === null ? choices : choices.slice(0, choices.indexOf(right) + 1)
    return { left: until.length < 2 ? null : defaultSides(until).left, right }
  }
  const usual = defaultSides(choices)
  return asked.left === null ? usual : { left: find(asked.left), right: usual.right }
}

type Read = { view: SideView /** All of the result's text; null where there is none. */; text: string | null }

async function readSide(tx: Tx, job: ComparedJob, choice: SideChoice): Promise<Read | null> {
  const attempt = job.attempts.find(({ number }) => number === choice.attempt)
  if (attempt === undefined) return null
  const asked = askedOf(job, attempt.number)
  const [result, input, guidance, sent, steps] = await Promise.all([
    readResult(tx, job, attempt, choice),
    readText(tx, asked.input),
    asked.guidance === null ? null : readText(tx, asked.guidance),
    readText(tx, attempt.requestSha256),
    readSteps(tx, attempt.id),
  ])
  const view: SideView = {
    ...choice,
    call: callOf(attempt, job),
    result: result === null ? null : resultOf(result),
    input: { hash: asked.input, fields: input === null ? null : (JSON.parse(input) as Record<string, unknown>) },
    guidance: asked.guidance === null ? null : { hash: asked.guidance, text: guidance },
    settings: sent === null ? null : settingsOf(sent),
    ...steps,
  }
  return { view, text: result === null || result.isErased ? null : result.text }
}

/** What the attempt was given: the input and the guidance as they stood when it started. */
function askedOf(job: ComparedJob, number: number): { input: string; guidance: string | null } {
  const asked = { input: job.inputSha256, guidance: job.guidanceSha256 }
  for (const event of job.events) {
    const body = JSON.parse(event.body) as EventBody
    if (body.input !== undefined) asked.input = body.input
    if (body.command === 'create') asked.guidance = null
    if (body.guidance !== undefined) asked.guidance = body.guidance
    if (body.command === 'start' && body.attempt === number) break
  }
  return asked
}

async function readResult(
  tx: Tx,
  job: ComparedJob,
  attempt: Attempt,
  { revision }: SideId,
): Promise<(Result & { isErased: boolean }) | null> {
  const wanted = job.results.find((result) => result.attemptId === attempt.id && result.revision === revision)
  const result = wanted === undefined ? null : await tx.result.findUnique({ where: { id: wanted.id } })
  if (result === null) return null
  const blob = await tx.blob.findUnique({ where: { sha256: result.sha256 }, select: { erasedAt: true } })
  return { ...result, isErased: blob === null || blob.erasedAt !== null }
}

function resultOf({ isErased, ...result }: Result & { isErased: boolean }): NonNullable<SideView['result']> {
  return {
    kind: result.kind as NonNullable<SideView['result']>['kind'],
    text: isErased ? '' : result.text.slice(0, MOST_TEXT).toWellFormed(),
    characters: result.text.length,
    isErased,
    createdAt: result.createdAt.toISOString(),
    claims: isErased ? [] : (result.evidence as NonNullable<SideView['result']>['claims']),
    checks: result.checks as NonNullable<SideView['result']>['checks'],
  }
}

function callOf(attempt: Attempt, job: ComparedJob): SideView['call'] {
  const outcome = attempt.outcome as { sentence: string } | null
  return {
    providerStatus: attempt.providerStatus as AttemptView['providerStatus'],
    provider: attempt.provider,
    model: attempt.model,
    failureClass: attempt.failureClass as AttemptView['failureClass'],
    sentence: outcome?.sentence ?? null,
    sentAt: attempt.sentAt.toISOString(),
    finishedAt: attempt.finishedAt?.toISOString() ?? null,
    seenFinalAt: attempt.seenFinalAt?.toISOString() ?? null,
    endedAt: attempt.endedAt?.toISOString() ?? null,
    continues: job.attempts.find(({ id }) => id === attempt.continuesId)?.number ?? null,
    usage: attempt.usage as AttemptView['usage'],
    cost: attemptCost(attempt),
  }
}

/** What names the attempt differs each time, and the input is compared by itself. */
function settingsOf(sent: string): Record<string, unknown> {
  const { input: _, metadata: __, previous_response_id: ___, ...settings } = JSON.parse(sent) as Record<string, unknown>
  return settings
}

/** The answer itself is compared as the result: of it, only that it is there. */
async function readSteps(tx: Tx, attemptId: string): Promise<Pick<SideView, 'steps' | 'stepCount'>> {
  const [items, stepCount] = await Promise.all([
    tx.traceItem.findMany({ where: { attemptId }, orderBy: { position: 'asc' }, take: MOST_STEPS }),
    tx.traceItem.count({ where: { attemptId } }),
  ])
  const steps = items.map(({ position, type, data, cut }) => {
    const shown = type === 'message' ? { data: null, cut: false } : cutJson(data, STEP_BYTES)
    return { position, type, data: shown.data, cut: cut || shown.cut }
  })
  return { steps, stepCount }
}
