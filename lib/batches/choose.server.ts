/**
 * The choice of a batch: which jobs of a group, frozen by id and version when somebody looks at what a retry of all of
 * them means. What is started later is exactly what was looked at.
 */
import { v7 as uuidv7 } from 'uuid'
import type { Actor } from '@/lib/access/actor'
import { standsIn } from '@/lib/failures/store.server'
import type { FailureGroup } from '@/lib/generated/prisma/client'
import { currentDayBudget } from '@/lib/money/day-budget.server'
import { microsOf } from '@/lib/money/micros'
import { priceBook } from '@/lib/money/price.server'
import { worstCaseOfJob } from '@/lib/money/worst-case'
import { asLead } from '@/lib/queues/control.server'
import type { Db, Tx } from '@/lib/store/db.server'
import { InvalidInput, NotFound } from '@/lib/store/errors'
import type { WorkflowDefinition } from '@/lib/workflows/definition'
import { definitionOf } from '@/lib/workflows/store.server'
import { whyNot } from './why-not'

/** A choice can still be overlooked, and is made in one transaction. What is more is told, and chosen next time. */
export const MOST_CHOSEN = 2_000
/** What was looked at and never started is thrown away after so long. */
const DRAFT_MS = 24 * 3_600_000

/**
 * Chooses the jobs that the group holds up now. Nothing is retried by that.
 * @returns the id of the batch. @throws {Forbidden | InvalidInput | NotFound}
 */
export async function chooseBatch(db: Db, actor: Actor, groupId: string, now: Date): Promise<string> {
  const lead = asLead(actor)
  await throwAwayOldDrafts(db, now)
  return db.$transaction(async (tx) => {
    const group = await tx.failureGroup.findUnique({ where: { id: groupId } })
    if (group === null) throw new NotFound('There is no such group of failures.')
    const chosen = await candidates(tx, group)
    if (chosen.length === 0) throw new InvalidInput('No job stands stopped by this failure any more.')
    const id = uuidv7()
    await tx.retryBatch.create({
      data: {
        id,
        workflowKey: group.workflowKey,
        groupId,
        state: 'draft',
        createdBy: lead.userId,
        createdAt: now,
        isCut: chosen.length > MOST_CHOSEN,
      },
    })
    const items = await itemsOf(tx, group, chosen.slice(0, MOST_CHOSEN), lead.userId, now)
    await tx.retryBatchItem.createMany({ data: items.map((item, position) => ({ batchId: id, position, ...item })) })
    return id
  })
}

async function throwAwayOldDrafts(db: Db, now: Date): Promise<void> {
  const old = await db.retryBatch.findMany({
    where: { state: 'draft', createdAt: { lt: new Date(now.getTime() - DRAFT_MS) } },
    select: { id: true },
  })
  for (const { id } of old) {
    await db.$transaction(async (tx) => {
      // Somebody may start it at this very moment.
      const rows = await tx.$queryRaw<
        unknown[]
      >`SELECT 1 FROM retry_batch WHERE id = ${id}::uuid AND state = 'draft' FOR UPDATE`
      if (rows.length === 0) return
      await tx.retryBatchItem.deleteMany({ where: { batchId: id } })
      await tx.retryBatch.delete({ where: { id } })
    })
  }
}

type Chosen = {
  id: string
  number: number
  version: number
  workflow_version_id: string
  budget_micros: bigint | null
  round_kind: string | null
  round_id: string | null
  has_live_call: boolean
  has_unseen_end: boolean
  paid: bigint
  paid_unknown: number
  counted: bigint
  characters: number
}

/** Oldest and most urgent first, one more than a batch takes. */
function candidates(tx: Tx, group: FailureGroup): Promise<Chosen[]> {
  return tx.$queryRaw<Chosen[]>`
    SELECT j.id::text, j.number, j.version, j.workflow_version_id::text, j.budget_micros, r.kind AS round_kind, r.id::text AS round_id,
           calls.has_live_call, calls.has_unseen_end, calls.paid, calls.paid_unknown,
           coalesce((SELECT b.reserved_micros + b.spent_micros FROM budget_account b WHERE b.key = 'job:' || j.id::text), 0)::bigint AS counted,
           (coalesce((SELECT size FROM blob WHERE sha256 = j.input_sha256), 0)
             + coalesce((SELECT sum(d.characters) FROM job_document jd JOIN document d ON d.id = jd.document_id WHERE jd.job_id = j.id), 0))::int AS characters
      FROM (SELECT * FROM job j WHERE ${standsIn(group)} ORDER BY j.priority DESC, j.number LIMIT ${MOST_CHOSEN + 1}) j
      LEFT JOIN review_round r ON r.job_id = j.id AND r.closed_at IS NULL
      CROSS JOIN LATERAL (
        SELECT coalesce(bool_or(a.ended_at IS NULL AND a.provider_status <> 'unknown'), false) AS has_live_call,
               coalesce(bool_or((a.ended_at IS NULL AND a.provider_status = 'unknown')
                 OR (a.ended_at IS NOT NULL AND a.number = j.fence AND a.seen_final_at IS NULL
                     AND a.provider_status IN ('unknown', 'queued', 'in_progress'))), false) AS has_unseen_end,
               coalesce(sum(a.cost_micros), 0)::bigint AS paid, count(*) FILTER (WHERE a.cost_micros IS NULL)::int AS paid_unknown
          FROM attempt a WHERE a.job_id = j.id) calls
     ORDER BY j.priority DESC, j.number`
}

type Item = {
  jobId: string
  jobNumber: number
  jobVersion: number
  outcome: 'ready' | 'excluded'
  code: string | null
  paidMicros: bigint
  paidUnknown: number
  worstMicros: bigint | null
}

async function itemsOf(
  tx: Tx,
  { workflowKey }: FailureGroup,
  jobs: readonly Chosen[],
  userId: string,
  now: Date,
): Promise<Item[]> {
  const versionIds = [...new Set(jobs.map((job) => job.workflow_version_id))]
  const rounds = jobs.flatMap(({ round_id }) => round_id ?? [])
  // One after another: a transaction has one connection.
  const versions = await tx.workflowVersion.findMany({ where: { id: { in: versionIds } } })
  const workflow = await tx.workflow.findUniqueOrThrow({ where: { key: workflowKey } })
  const book = await priceBook(tx, now)
  const dayMicros = await currentDayBudget(tx)
  const claims = await tx.reviewClaim.findMany({
    where: { roundId: { in: rounds }, releasedAt: null, leaseUntil: { gt: now }, userId: { not: userId } },
    select: { roundId: true },
  })
  const current = await tx.workflowVersion.findUniqueOrThrow({
    where: { key_version: { key: workflowKey, version: workflow.currentVersion } },
  })
  const definitions = new Map(versions.map((version) => [version.id, definitionOf(version)]))
  const budgetMicros = smallest([dayMicros, ...budgetsOf(definitionOf(current))])
  const held = new Set(claims.map(({ roundId }) => roundId))
  return jobs.map((job) => {
    const definition = definitions.get(job.workflow_version_id)
    if (definition === undefined) throw new Error(`job ${job.number} has no version of its workflow`)
    const worst = worstCaseOfJob(definition, job.characters, book)
    const limit = job.budget_micros ?? micros(definition.budget.perJobUsd)
    const code = whyNot({
      roundKind: job.round_kind,
      isRetired: workflow.retiredAt !== null,
      hasLiveCall: job.has_live_call,
      hasUnseenEnd: job.has_unseen_end,
      isHeld: job.round_id !== null && held.has(job.round_id),
      worstMicros: worst.micros,
      leftMicros: limit === null ? null : BigInt(limit) - BigInt(job.counted),
      budgetMicros,
    })
    return {
      jobId: job.id,
      jobNumber: job.number,
      jobVersion: job.version,
      outcome: code === null ? 'ready' : 'excluded',
      code,
      paidMicros: BigInt(job.paid),
      paidUnknown: job.paid_unknown,
      worstMicros: worst.micros,
    }
  })
}

function budgetsOf({ budget }: WorkflowDefinition): (bigint | null)[] {
  return [micros(budget.totalUsd), micros(budget.perDayUsd)]
}

function micros(usd: number | null): bigint | null {
  return usd === null ? null : microsOf(usd)
}

function smallest(amounts: readonly (bigint | null)[]): bigint | null {
  return amounts.reduce<bigint | null>(
    (least, amount) => (amount === null || (least !== null && least <= amount) ? least : amount),
    null,
  )
}
