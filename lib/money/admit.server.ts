/**
 * The gate before each paid call: its worst case is reserved in every account that it belongs to, in the transaction
 * that commits the attempt, and settled when its cost is known. Parallel starts meet in the locked accounts, so that
 * together they pass no budget.
 */
import type { Job } from '@/lib/generated/prisma/client'
import { nextActionKinds } from '@/lib/lifecycle/next-action'
import { takeTurn } from '@/lib/limits/limiter.server'
import type { ResponseRequest } from '@/lib/provider/types'
import type { Tx } from '@/lib/store/db.server'
import type { WorkflowDefinition } from '@/lib/workflows/definition'
import type { CostLines } from './cost-view'
import { currentDayBudget } from './day-budget.server'
import { type Account, accountsOf, jobAccount, type PassedBudget } from './ledger'
import { priceBook } from './price.server'
import { inputTokensOf, type WorstCase, worstCaseOf } from './worst-case'

export type Admission =
  | { kind: 'go' }
  | { kind: 'wait'; until: Date; why: 'rate_limit' }
  | { kind: 'stop'; reason: Exclude<PassedBudget, 'budget_job'> }
  | { kind: 'hold'; reason: 'budget_job' | 'price_unknown' }

export type AdmitAsk = {
  job: Pick<Job, 'id' | 'workflowKey' | 'budgetMicros'>
  /** The version that the job runs under. */
  definition: WorkflowDefinition
  /** The version of its workflow that is current. */
  currentDefinition: WorkflowDefinition
  request: ResponseRequest
  provider: string
  now: Date
  attemptId: string
}

/**
 * Whether the attempt may be sent now. With `go` its worst case is reserved and its turn is taken; with anything else
 * nothing is, and the attempt must not be committed. The job's row must be locked.
 */
export async function admit(tx: Tx, ask: AdmitAsk): Promise<Admission> {
  const { job, definition, currentDefinition, request, provider, now, attemptId } = ask
  const [worst, dayMicros] = [await worstOf(tx, request, now), await currentDayBudget(tx)]
  const accounts = accountsOf(
    job,
    { jobMicros: job.budgetMicros, definition, current: currentDefinition, dayMicros },
    now,
  )
  if (worst.micros === null && accounts.some(({ limit }) => limit !== null)) {
    return { kind: 'hold', reason: 'price_unknown' }
  }
  const micros = worst.micros ?? 0n
  const passed = await lockAndCompare(tx, accounts, micros, now)
  if (passed === 'budget_job') return { kind: 'hold', reason: passed }
  if (passed !== null) return { kind: 'stop', reason: passed }
  const tokens = Math.max(inputTokensOf(request), request.max_output_tokens)
  const turn = await takeTurn(tx, provider, request.model, tokens, now)
  if (!turn.go) return { kind: 'wait', until: await spread(tx, turn, { attemptId, now }), why: 'rate_limit' }
  await reserve(tx, accounts, { attemptId, micros, now })
  return { kind: 'go' }
}

async function worstOf(tx: Tx, request: ResponseRequest, now: Date): Promise<WorstCase> {
  const book = await priceBook(tx, now)
  const carried = request.previous_response_id
    ? await carriedBy(tx, request.previous_response_id)
    : { tokens: 0, micros: 0n }
  const worst = worstCaseOf(request, carried.tokens, book)
  return worst.micros === null ? worst : { micros: worst.micros + carried.micros, why: null }
}

/**
 * What a response brings along into the one that continues it: all that it read and wrote. Where its usage is not
 * known, as much money as was reserved for it: its tokens were counted there at no lower price.
 */
async function carriedBy(tx: Tx, responseId: string): Promise<{ tokens: number; micros: bigint }> {
  const before = await tx.attempt.findFirst({ where: { responseId }, select: { id: true, jobId: true, usage: true } })
  if (before === null) return { tokens: 0, micros: 0n }
  const usage = before.usage as { totalTokens?: number } | null
  if (usage?.totalTokens !== undefined) return { tokens: usage.totalTokens, micros: 0n }
  const entry = await tx.budgetEntry.findUnique({
    where: { attemptId_accountKey: { attemptId: before.id, accountKey: jobAccount(before.jobId) } },
  })
  return { tokens: 0, micros: entry?.reservedMicros ?? 0n }
}

/** Locks the accounts, always in the same order, and says which limit the money would pass; null: none. */
async function lockAndCompare(tx: Tx, accounts: Account[], micros: bigint, now: Date): Promise<PassedBudget | null> {
  const keys = accounts.map(({ key }) => key).toSorted()
  await tx.$executeRaw`
    INSERT INTO budget_account (key, reserved_micros, spent_micros, updated_at)
    SELECT key, 0, 0, ${now}::timestamptz FROM unnest(${keys}::text[]) AS key ORDER BY key COLLATE "C"
    ON CONFLICT DO NOTHING`
  const rows = await tx.$queryRaw<{ key: string; used: bigint }[]>`
    SELECT key, reserved_micros + spent_micros AS used FROM budget_account
     WHERE key = ANY(${keys}::text[]) ORDER BY key COLLATE "C" FOR UPDATE`
  const used = new Map(rows.map((row) => [row.key, BigInt(row.used)]))
  const passed = accounts.find(({ key, limit }) => limit !== null && (used.get(key) ?? 0n) + micros > limit)
  return passed?.passed ?? null
}

async function reserve(
  tx: Tx,
  accounts: Account[],
  { attemptId, micros, now }: { attemptId: string; micros: bigint; now: Date },
): Promise<void> {
  const keys = accounts.map(({ key }) => key)
  await tx.budgetEntry.createMany({
    data: keys.map((accountKey) => ({ attemptId, accountKey, reservedMicros: micros, reservedAt: now })),
  })
  await tx.$executeRaw`
    UPDATE budget_account SET reserved_micros = reserved_micros + ${micros}::bigint, updated_at = ${now}::timestamptz
     WHERE key = ANY(${keys}::text[])`
}

/** More jobs than this are not counted: they wait about as long. */
const MOST_COUNTED = 1_000
const LONGEST_WAIT_MS = 60_000
const WAITING_RANKS = [nextActionKinds.indexOf('wait_send'), nextActionKinds.indexOf('wait_backoff')]

/**
 * When a job that got no turn asks again: at some moment within the time that all those who wait take to get theirs, so
 * that they do not all come at once for the one turn that is free. A turn that nobody asks for is not lost.
 */
async function spread(
  tx: Tx,
  { until, gapMs }: { until: Date; gapMs: number },
  { attemptId, now }: { attemptId: string; now: Date },
): Promise<Date> {
  const waiting = await tx.job.count({ where: { nextRank: { in: WAITING_RANKS } }, take: MOST_COUNTED })
  const chance = Number.parseInt(attemptId.slice(-8), 16) / 2 ** 32
  // However long the provider asks to wait: a job that sleeps for longer would be taken for lost.
  const from = Math.min(until.getTime(), now.getTime() + LONGEST_WAIT_MS)
  return new Date(from + Math.round(chance * Math.min(waiting * gapMs, LONGEST_WAIT_MS)))
}

/** What an attempt cost in the end. */
export type SettledCost =
  /** Nothing was taken: it was refused at the door, or never left. */
  | { kind: 'free' }
  | { kind: 'used'; micros: bigint; lines: CostLines }
  /** It may have been paid; `why` is a sentence. The worst case stays counted. */
  | { kind: 'not_known'; why: string; lines?: CostLines['lines'] }

/** Nobody saw how the attempt ended. It may have been paid. */
export async function settleUnseen(tx: Tx, attemptId: string, now: Date): Promise<void> {
  const why = 'Nobody saw how this call ended, so what it cost is not known. It may have been paid.'
  await settle(tx, { attemptId, now, cost: { kind: 'not_known', why } })
}

/**
 * Puts what the attempt cost in the place of what was reserved for it. Once: a later call changes no account, and only
 * fills in a cost that was not known. Whatever ends an attempt calls it: else its reservation would stand for ever.
 */
export async function settle(
  tx: Tx,
  { attemptId, now, cost }: { attemptId: string; now: Date; cost: SettledCost },
): Promise<void> {
  const micros = cost.kind === 'free' ? 0n : cost.kind === 'used' ? cost.micros : null
  await settleEntries(tx, attemptId, micros, now)
  const lines = JSON.stringify(linesOf(cost))
  await tx.$executeRaw`
    UPDATE attempt SET cost_micros = coalesce(cost_micros, ${micros}::bigint), cost_lines = ${lines}::jsonb
     WHERE id = ${attemptId}::uuid AND (cost_lines IS NULL OR (cost_micros IS NULL AND ${micros}::bigint IS NOT NULL))`
}

function linesOf(cost: SettledCost): CostLines {
  if (cost.kind === 'free') return { lines: [], why: null }
  if (cost.kind === 'used') return cost.lines
  return { lines: cost.lines ?? [], why: cost.why }
}

/** Moves the attempt's money from reserved to spent; null: the whole of what was reserved, because nobody knows. */
async function settleEntries(tx: Tx, attemptId: string, micros: bigint | null, now: Date): Promise<void> {
  await tx.$executeRaw`
    SELECT 1 FROM budget_account
     WHERE key IN (SELECT account_key FROM budget_entry WHERE attempt_id = ${attemptId}::uuid AND settled_at IS NULL)
     ORDER BY key COLLATE "C" FOR UPDATE`
  await tx.$executeRaw`
    WITH settled AS (
      UPDATE budget_entry SET settled_micros = coalesce(${micros}::bigint, reserved_micros), settled_at = ${now}::timestamptz
       WHERE attempt_id = ${attemptId}::uuid AND settled_at IS NULL
      RETURNING account_key, reserved_micros, settled_micros)
    UPDATE budget_account a
       SET reserved_micros = a.reserved_micros - s.reserved_micros, spent_micros = a.spent_micros + s.settled_micros,
           updated_at = ${now}::timestamptz
      FROM settled s WHERE a.key = s.account_key`
}
