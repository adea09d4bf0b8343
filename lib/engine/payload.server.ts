/** Copying a final response the first time it is seen: its bytes, its trace, its result with evidence and checks. */
import { v7 as uuidv7 } from 'uuid'
import { documentTexts } from '@/lib/documents/store.server'
import { runChecks } from '@/lib/evidence/checks'
import { collectEvidence } from '@/lib/evidence/collect'
import { type ReadResponse, readResponse } from '@/lib/evidence/response'
import type { Check } from '@/lib/evidence/types'
import type { Attempt, Prisma } from '@/lib/generated/prisma/client'
import type { Seen } from '@/lib/provider/types'
import { putBlob } from '@/lib/store/blobs.server'
import type { Tx } from '@/lib/store/db.server'
import type { Facts } from '@/lib/store/facts.server'
import { cutJson, sanitiseJson, sanitiseText } from '@/lib/store/sanitise'

/** The provider keeps a stored response for about 30 days (platform documentation, "Your data"). */
const PROVIDER_KEEPS_DAYS = 30
/** More of one trace item than this is not displayed; the payload has it all. */
const TRACE_ITEM_BYTES = 64 * 1024
const TRACE_ITEMS = 500

export type Kept = {
  reading: ReadResponse
  /** Calls in the output that wait for an answer of ours. */
  waitingCalls: number
  /** Null where the response is not a whole result. */
  result: { id: string; sha256: string } | null
  checks: Check[]
}

/** Stores what a final response says. Called once an attempt: the caller guards it. */
export async function keepPayload(
  tx: Tx,
  { facts, attempt, seen, now }: { facts: Facts; attempt: Attempt; seen: Seen; now: Date },
): Promise<Kept> {
  const payloadSha256 = await putBlob(tx, seen.raw)
  const reading = readResponse(seen.body)
  await tx.attempt.update({
    where: { id: attempt.id },
    data: {
      providerStatus: seen.status,
      payloadSha256,
      seenFinalAt: now,
      finishedAt: reading.completedAt,
      providerCopyUntil: new Date(attempt.sentAt.getTime() + PROVIDER_KEEPS_DAYS * 86_400_000),
      usage: reading.usage === null ? undefined : (reading.usage as Prisma.InputJsonValue),
    },
  })
  await keepTrace(tx, attempt.id, reading.items)
  const waitingCalls = countWaitingCalls(reading.items)
  const isWhole =
    seen.status === 'completed' && reading.refusal === null && waitingCalls === 0 && reading.text.trim() !== ''
  if (!isWhole) return { reading, waitingCalls, result: null, checks: [] }

  const { definition, job } = facts
  const documents = await documentTexts(tx, job.id)
  const claims = collectEvidence(definition, reading.json, documents)
  const checks = runChecks(definition, { complete: true, json: reading.json, claims, documents })
  const id = uuidv7()
  await tx.result.create({
    data: {
      id,
      jobId: job.id,
      attemptId: attempt.id,
      revision: 0,
      sha256: payloadSha256,
      kind: definition.kind,
      text: sanitiseText(reading.text),
      json: reading.json === undefined ? undefined : (sanitiseJson(reading.json) as Prisma.InputJsonValue),
      evidence: sanitiseJson(claims) as Prisma.InputJsonValue,
      checks: sanitiseJson(checks) as Prisma.InputJsonValue,
      createdAt: now,
    },
  })
  return { reading, waitingCalls, result: { id, sha256: payloadSha256 }, checks }
}

async function keepTrace(tx: Tx, attemptId: string, items: unknown[]): Promise<void> {
  const rows = items.slice(0, TRACE_ITEMS).map((item, position) => {
    const { data, cut } = cutJson(item, TRACE_ITEM_BYTES)
    const type = typeof item === 'object' && item !== null && 'type' in item ? String(item.type) : 'unknown'
    return { attemptId, position, type: sanitiseText(type).slice(0, 100), data: data as Prisma.InputJsonValue, cut }
  })
  await tx.traceItem.createMany({ data: rows, skipDuplicates: true })
}

/** Function calls without their output, and approval requests without their response. */
function countWaitingCalls(items: unknown[]): number {
  const fields = items.filter((item): item is Record<string, unknown> => typeof item === 'object' && item !== null)
  const answered = new Set(
    fields
      .filter((item) => item.type === 'function_call_output' || item.type === 'mcp_approval_response')
      .map((item) => item.call_id ?? item.approval_request_id),
  )
  return fields.filter(
    (item) =>
      (item.type === 'function_call' && !answered.has(item.call_id)) ||
      (item.type === 'mcp_approval_request' && !answered.has(item.id)),
  ).length
}
