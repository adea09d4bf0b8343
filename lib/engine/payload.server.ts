/** Copying a final response the first time it is seen: its bytes, its trace, its result with evidence and checks. */
import { v7 as uuidv7 } from 'uuid'
import { documentTexts } from '@/lib/documents/store.server'
import { checkAnnotations, countAnnotations } from '@/lib/evidence/annotations'
import { runChecks } from '@/lib/evidence/checks'
import { collectEvidence } from '@/lib/evidence/collect'
import { type ReadResponse, readResponse } from '@/lib/evidence/response'
import type { Check, Claim } from '@/lib/evidence/types'
import type { Attempt, Prisma } from '@/lib/generated/prisma/client'
import type { Seen } from '@/lib/provider/types'
import { putBlob, readBlob } from '@/lib/store/blobs.server'
import type { Tx } from '@/lib/store/db.server'
import { LostRace } from '@/lib/store/errors'
import { cutJson, sanitiseJson, sanitiseText } from '@/lib/store/sanitise'
import { type PlannedCall, planCalls } from '@/lib/tools/plan-calls'
import type { WorkflowDefinition } from '@/lib/workflows/definition'

/** The provider keeps a stored response for about 30 days (platform documentation, "Your data"). */
const PROVIDER_KEEPS_DAYS = 30
/** More of one trace item than this is not displayed; the payload has it all. */
const TRACE_ITEM_BYTES = 64 * 1024
const TRACE_ITEMS = 500
/** More calls in one answer than a person can answer at once. */
export const MOST_CALLS = 500

/** What a final response says, worked out before anything is written: reading ten megabytes holds no transaction open. */
export type Payload = {
  seen: Seen
  reading: ReadResponse
  /** Calls in the output that wait for an answer of ours. */
  calls: PlannedCall[]
  /** It is a whole result; else there is nothing to decide on. */
  isWhole: boolean
  claims: Claim[]
  checks: Check[]
}

export type Kept = Payload & {
  /** Null where the response is not a whole result. */
  result: { id: string; sha256: string } | null
}

/** Reads a final response against the documents of its job. */
export async function readPayload(
  tx: Tx,
  { jobId, definition, seen }: { jobId: string; definition: WorkflowDefinition; seen: Seen },
): Promise<Payload> {
  const reading = readResponse(seen.body)
  const calls = seen.status === 'completed' ? planCalls(definition, reading.items) : []
  const isWhole =
    seen.status === 'completed' && reading.refusal === null && calls.length === 0 && reading.text.trim() !== ''
  if (!isWhole) return { seen, reading, calls, isWhole, claims: [], checks: [] }
  const documents = await documentTexts(tx, jobId)
  const claims = collectEvidence(definition, reading.json, documents)
  const earlier = await earlierItems(tx, jobId, seen.responseId)
  const annotations = { findings: checkAnnotations(reading.items, earlier), total: countAnnotations(reading.items) }
  const checks = runChecks(definition, { complete: true, json: reading.json, claims, documents, annotations })
  return { seen, reading, calls, isWhole, claims, checks }
}

/** The items of the responses that this one goes on from, through calls in the middle of the run. */
async function earlierItems(tx: Tx, jobId: string, responseId: string): Promise<unknown[]> {
  const select = { id: true, continuesId: true, payloadSha256: true } as const
  const items: unknown[][] = []
  let attempt = await tx.attempt.findFirst({ where: { jobId, responseId }, select })
  while (attempt !== null && attempt.continuesId !== null) {
    attempt = await tx.attempt.findUnique({ where: { id: attempt.continuesId }, select })
    const bytes = attempt?.payloadSha256 ? await readBlob(tx, attempt.payloadSha256) : null
    if (bytes !== null) items.unshift(readResponse(JSON.parse(new TextDecoder().decode(bytes))).items)
  }
  return items.flat()
}

/** A final response of which only the bytes can be kept: reading it failed, and would fail the same way each time. */
export function unreadablePayload(seen: Seen): Payload {
  const reading = { ...readResponse({}), usage: readResponse({ usage: seen.body.usage }).usage }
  return { seen, reading, calls: [], isWhole: false, claims: [], checks: [] }
}

/**
 * Stores what a final response says. Its attempt must not have ended, unless `isLate`: what comes back of a call that
 * was given up is added to it.
 * @throws {LostRace} when somebody has stored it.
 */
export async function keepPayload(
  tx: Tx,
  {
    payload,
    attempt,
    kind,
    now,
    isLate = false,
  }: { payload: Payload; attempt: Attempt; kind: string; now: Date; isLate?: boolean },
): Promise<Kept> {
  const { seen, reading } = payload
  const payloadSha256 = await putBlob(tx, seen.raw)
  const kept = await tx.attempt.updateMany({
    where: { id: attempt.id, fence: attempt.fence, payloadSha256: null, ...(isLate ? {} : { endedAt: null }) },
    data: {
      ...(isLate && isKnown(attempt) ? {} : { providerStatus: seen.status }),
      payloadSha256,
      seenFinalAt: now,
      finishedAt: reading.completedAt,
      providerCopyUntil: new Date(attempt.sentAt.getTime() + PROVIDER_KEEPS_DAYS * 86_400_000),
      usage: reading.usage === null ? undefined : (reading.usage as Prisma.InputJsonValue),
    },
  })
  if (kept.count === 0) throw new LostRace('the payload was kept before')
  await keepTrace(tx, attempt.id, payload)
  if (!payload.isWhole) return { ...payload, result: null }
  const id = uuidv7()
  await tx.result.create({
    data: {
      id,
      jobId: attempt.jobId,
      attemptId: attempt.id,
      revision: 0,
      sha256: payloadSha256,
      kind,
      text: sanitiseText(reading.text),
      json: reading.json === undefined ? undefined : (sanitiseJson(reading.json) as Prisma.InputJsonValue),
      evidence: sanitiseJson(payload.claims) as Prisma.InputJsonValue,
      checks: sanitiseJson(payload.checks) as Prisma.InputJsonValue,
      createdAt: now,
    },
  })
  return { ...payload, result: { id, sha256: payloadSha256 } }
}

/** Of a call that was let go, what was last seen of it while it mattered stays. */
function isKnown({ providerStatus }: Attempt): boolean {
  return providerStatus !== 'unknown' && providerStatus !== 'sending'
}

/** The first items, and each call that waits for us, wherever it stands: what is asked of people is always shown. */
async function keepTrace(tx: Tx, attemptId: string, { reading, calls }: Payload): Promise<void> {
  const asked = new Set(calls.length > MOST_CALLS ? [] : calls.map(({ position }) => position))
  const kept = [...reading.items.entries()].filter(([position]) => position < TRACE_ITEMS || asked.has(position))
  const rows = kept.map(([position, item]) => {
    const { data, cut } = cutJson(item, TRACE_ITEM_BYTES)
    return { attemptId, position, type: typeOf(item), data: data as Prisma.InputJsonValue, cut }
  })
  await tx.traceItem.createMany({ data: rows, skipDuplicates: true })
}

function typeOf(item: unknown): string {
  const type = typeof item === 'object' && item !== null && 'type' in item ? item.type : null
  return typeof type === 'string' ? sanitiseText(type.slice(0, 100)) : 'unknown'
}
