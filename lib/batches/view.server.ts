/** A retry of many as its page shows it: what it means before it is started, and what became of each job. */

import type { BatchState } from '@/lib/failures/view'
import { type FailureClass, failureSentence } from '@/lib/lifecycle/failure'
import type { State } from '@/lib/lifecycle/table'
import { currentDayBudget } from '@/lib/money/day-budget.server'
import { dayAccount, workflowAccount, workflowDayAccount } from '@/lib/money/ledger'
import { dayOf, microsOf, usdOf } from '@/lib/money/micros'
import { openStop, workflowNames } from '@/lib/money/stops.server'
import { queueState } from '@/lib/queues/state.server'
import type { Tx } from '@/lib/store/db.server'
import { definitionOf } from '@/lib/workflows/store.server'
import type { BatchBudget, BatchItem, BatchOutcome, BatchView } from './view'
import { asksToKnow, whyNotWords } from './why-not'

/** One batch whole; null where there is none. */
export async function readBatch(tx: Tx, id: string, now: Date): Promise<BatchView | null> {
  const batch = await tx.retryBatch.findUnique({
    where: { id },
    include: { changes: { orderBy: [{ at: 'desc' }, { id: 'desc' }] } },
  })
  if (batch === null) return null
  const [group, names, totals, queue, stop, budgets, people] = await Promise.all([
    tx.failureGroup.findUniqueOrThrow({ where: { id: batch.groupId } }),
    workflowNames(tx, [batch.workflowKey]),
    totalsOf(tx, id),
    queueState(tx, batch.workflowKey),
    openStop(tx, batch.workflowKey),
    budgetsOf(tx, batch.workflowKey, now),
    tx.user.findMany({
      where: { id: { in: [batch.createdBy, ...batch.changes.flatMap(({ userId }) => userId ?? [])] } },
      select: { id: true, name: true },
    }),
  ])
  const nameOf = (userId: string) =>
    people.find((person) => person.id === userId)?.name ?? 'Somebody who is no longer here'
  return {
    id,
    state: batch.state as BatchState,
    workflow: { key: batch.workflowKey, name: names.get(batch.workflowKey) ?? batch.workflowKey },
    group: {
      id: group.id,
      sentence: failureSentence(group.failureClass as FailureClass, group.code === '' ? null : group.code),
      failureClass: group.failureClass as FailureClass,
      code: group.code,
    },
    asksToKnow: asksToKnow(group.failureClass),
    isCut: batch.isCut,
    by: { id: batch.createdBy, name: nameOf(batch.createdBy) },
    createdAt: batch.createdAt.toISOString(),
    startedAt: batch.startedAt?.toISOString() ?? null,
    endedAt: batch.endedAt?.toISOString() ?? null,
    note: batch.note,
    perMinute: batch.perMinute,
    ...totals,
    budgets,
    queue,
    standsStill: stop !== null,
    changes: batch.changes.map((change) => ({
      id: change.id,
      at: change.at.toISOString(),
      by: change.userId === null ? null : nameOf(change.userId),
      kind: change.kind,
      note: change.note,
    })),
  }
}

type Totals = Pick<BatchView, 'counts' | 'excluded' | 'paid' | 'worst'>

async function totalsOf(tx: Tx, batchId: string): Promise<Totals> {
  const rows = await tx.$queryRaw<
    {
      outcome: BatchOutcome
      code: string | null
      jobs: number
      paid: bigint
      unknown: number
      worst: bigint
      unbounded: number
    }[]
  >`
    SELECT outcome, code, count(*)::int AS jobs, sum(paid_micros)::bigint AS paid, sum(paid_unknown)::int AS unknown,
           coalesce(sum(worst_micros), 0)::bigint AS worst, count(*) FILTER (WHERE worst_micros IS NULL)::int AS unbounded
      FROM retry_batch_item WHERE batch_id = ${batchId}::uuid GROUP BY outcome, code ORDER BY count(*) DESC, code`
  const chosen = rows.filter(({ outcome }) => outcome !== 'excluded')
  const counts: Record<BatchOutcome, number> = { ready: 0, excluded: 0, retried: 0, refused: 0, moved_on: 0, left: 0 }
  for (const { outcome, jobs } of rows) counts[outcome] += jobs
  const sum = (values: (bigint | number)[]) => values.reduce<bigint>((total, value) => total + BigInt(value), 0n)
  return {
    counts,
    excluded: rows
      .filter(({ outcome }) => outcome === 'excluded')
      .map(({ code, jobs }) => ({ code: code ?? '', jobs, why: whyNotWords(code ?? '') })),
    paid: {
      usd: usdOf(sum(chosen.map(({ paid }) => paid))),
      unknown: Number(sum(chosen.map(({ unknown }) => unknown))),
    },
    worst: {
      usd: usdOf(sum(chosen.map(({ worst }) => worst))),
      unknown: Number(sum(chosen.map(({ unbounded }) => unbounded))),
    },
  }
}

/** What is left of the budgets that stop the queue when they are used up. */
async function budgetsOf(tx: Tx, workflowKey: string, now: Date): Promise<BatchBudget[]> {
  const workflow = await tx.workflow.findUniqueOrThrow({ where: { key: workflowKey } })
  const version = await tx.workflowVersion.findUniqueOrThrow({
    where: { key_version: { key: workflowKey, version: workflow.currentVersion } },
  })
  const { totalUsd, perDayUsd } = definitionOf(version).budget
  const day = dayOf(now)
  const limits = [
    {
      label: 'this workflow in all',
      key: workflowAccount(workflowKey),
      limit: totalUsd === null ? null : microsOf(totalUsd),
    },
    {
      label: 'this workflow today',
      key: workflowDayAccount(workflowKey, day),
      limit: perDayUsd === null ? null : microsOf(perDayUsd),
    },
    { label: 'everything today', key: dayAccount(day), limit: await currentDayBudget(tx) },
  ]
  const limited = limits.flatMap(({ limit, ...rest }) => (limit === null ? [] : [{ ...rest, limit }]))
  const accounts = await tx.budgetAccount.findMany({ where: { key: { in: limited.map(({ key }) => key) } } })
  return limited.map(({ label, key, limit }) => {
    const account = accounts.find((held) => held.key === key)
    const used = (account?.reservedMicros ?? 0n) + (account?.spentMicros ?? 0n)
    return { label, limitUsd: usdOf(limit), leftUsd: usdOf(used > limit ? 0n : limit - used) }
  })
}

const MOST_ITEMS = 100

/** The jobs of a batch in their order, one page. @param after the position of the last of the page before. */
export async function readBatchItems(
  tx: Tx,
  batchId: string,
  { outcome, after }: { outcome: BatchOutcome | null; after: number | null },
): Promise<{ items: BatchItem[]; next: number | null }> {
  const rows = await tx.retryBatchItem.findMany({
    where: {
      batchId,
      ...(outcome === null ? {} : { outcome }),
      ...(after === null ? {} : { position: { gt: after } }),
    },
    orderBy: { position: 'asc' },
    take: MOST_ITEMS + 1,
  })
  const page = rows.slice(0, MOST_ITEMS)
  const jobs = await tx.job.findMany({
    where: { id: { in: page.map(({ jobId }) => jobId) } },
    select: { id: true, title: true, state: true },
  })
  const byId = new Map(jobs.map((job) => [job.id, job]))
  return {
    items: page.map((item) => ({
      number: item.jobNumber,
      title: byId.get(item.jobId)?.title ?? '',
      state: (byId.get(item.jobId)?.state ?? 'failed') as State,
      outcome: item.outcome as BatchOutcome,
      why: item.sentence ?? (item.code === null ? null : whyNotWords(item.code)),
      at: item.at?.toISOString() ?? null,
      paidUsd: usdOf(item.paidMicros),
      paidUnknown: item.paidUnknown,
      worstUsd: item.worstMicros === null ? null : usdOf(item.worstMicros),
    })),
    next: rows.length > MOST_ITEMS ? (page.at(-1)?.position ?? null) : null,
  }
}
