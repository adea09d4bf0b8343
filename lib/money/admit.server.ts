/**
 * The gate before each paid call: its worst case is reserved in every account that it belongs to, in the transaction
 * that commits the attempt, and settled when its cost is known. Parallel starts meet in the locked accounts, so that
 * together they pass no budget.
 */
import type { Job } from '@/lib/generated/prisma/client'
import { nextActionKinds } from '@/lib/lifecycle/next-action'
import { holdTurn, wouldTakeTurn } from '@/lib/limits/limiter.server'
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

/** What an attempt asks of the accounts and the limit that all share, worked out before any of them is locked. */
export type Weighed = {
  accounts: Account[]
  micros: bigint
  tokens: number
  provider: string
  model: string
  attemptId: string
  now: Date
}

/**
 * Whether the attempt may be sent now. With `go` its worst case is reserved and its turn is taken; with anything else
 * nothing is, and the attempt must not be committed. The job's row must be locked.
 */
export async function admit(tx: Tx, ask: AdmitAsk): Promise<Admission> {
  const weighed = await weigh(tx, ask)
  return weighed.kind === 'hold' ? weighed : admitWeighed(tx, weighed)
}

/** Works out what the attempt may cost, and in which accounts that counts. Locks nothing. */
export async function weigh(
  tx: Tx,
  ask: AdmitAsk,
): Promise<({ kind: 'weighed' } & Weighed) | Extract<Admission, { kind: 'hold' }>> {
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
  const tokens = Math.max(inputTokensOf(request), request.max_output_tokens)
  return {
    kind: 'weighed',
    accounts,
    micros: worst.micros ?? 0n,
    tokens,
    provider,
    model: request.model,
    attemptId,
    now,
  }
}

/** Whether everything would let it go at this moment. Locks nothing, so it promises nothing. */
export async function looksFree(tx: Tx, { accounts, micros, provider, model, tokens, now }: Weighed): Promise<boolean> {
  const rows = await readUsed(tx, accounts)
  return passedBy(rows, accounts, micros) === null && (await wouldTakeTurn(tx, provider, model, tokens, now))
}

/**
 * As `admit`. From here to the end of the transaction everybody else who starts or ends a call waits where their accounts
 * are the same: nothing should follow that could have come before. The limit is locked before the accounts, always.
 */
export async function admitWeighed(tx: Tx, weighed: Weighed): Promise<Admission> {
  const { accounts, micros, tokens, provider, model, attemptId, now } = weighed
  // Only what is not there: to find that a row is there ON CONFLICT waits for whoever has it locked.
  await tx.$executeRaw`
    INSERT INTO budget_account (key, reserved_micros, spent_micros, updated_at)
    SELECT key, 0, 0, ${now}::timestamptz FROM unnest(${keysOf(accounts)}::text[]) AS asked (key)
     WHERE NOT EXISTS (SELECT 1 FROM budget_account a WHERE a.key = asked.key) ORDER BY key COLLATE "C"
    ON CONFLICT DO NOTHING`
  const turn = await holdTurn(tx, provider, model, tokens, now)
  const passed = turn.go
    ? await reserve(tx, accounts, { attemptId, micros, now })
    : passedBy(await readUsed(tx, accounts), accounts, micros)
  if (passed === 'budget_job') return { kind: 'hold', reason: passed }
  if (passed !== null) return { kind: 'stop', reason: passed }
  if (!turn.go) return { kind: 'wait', until: await spread(tx, turn, { attemptId, now }), why: 'rate_limit' }
  await turn.take()
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

type Used = { key: string; used: bigint }

const keysOf = (accounts: readonly Account[]) => accounts.map(({ key }) => key).toSorted()

const readUsed = (tx: Tx, accounts: readonly Account[]) => tx.$queryRaw<Used[]>`
  SELECT key, reserved_micros + spent_micros AS used FROM budget_account WHERE key = ANY(${keysOf(accounts)}::text[])`

/** Which limit the money would pass; null: none. */
function passedBy(rows: readonly Used[], accounts: readonly Account[], micros: bigint): PassedBudget | null {
  const used = new Map(rows.map((row) => [row.key, BigInt(row.used)]))
  return accounts.find(({ key, limit }) => limit !== null && (used.get(key) ?? 0n) + micros > limit)?.passed ?? null
}

/**
 * Locks the accounts, always in the same order, and reserves the money in all of them, or in none where that would pass
 * a limit. One statement: they stay locked to the end of the transaction.
 * @returns which limit it would pass; null: it is reserved.
 */
async function reserve(
  tx: Tx,
  accounts: readonly Account[],
  { attemptId, micros, now }: { attemptId: string; micros: bigint; now: Date },
): Promise<PassedBudget | null> {
  const rows = await tx.$queryRaw<{ key: string }[]>`
    WITH locked AS (
      SELECT key, reserved_micros + spent_micros AS used FROM budget_account
       WHERE key = ANY (${accounts.map(({ key }) => key)}::text[]) ORDER BY key COLLATE "C" FOR UPDATE),
    passed AS (
      SELECT l.key FROM locked l
        JOIN unnest(${accounts.map(({ key }) => key)}::text[], ${accounts.map(({ limit }) => limit)}::bigint[]) AS m (key, most)
          ON m.key = l.key
       WHERE l.used + ${micros}::bigint > m.most),
    reserved AS (
      INSERT INTO budget_entry (attempt_id, account_key, reserved_micros, reserved_at)
      SELECT ${attemptId}::uuid, key, ${micros}::bigint, ${now}::timestamptz FROM locked
       WHERE NOT EXISTS (SELECT 1 FROM passed)
      RETURNING account_key),
    counted AS (
      UPDATE budget_account a
         SET reserved_micros = reserved_micros + ${micros}::bigint, updated_at = ${now}::timestamptz
        FROM reserved r WHERE a.key = r.account_key)
    SELECT key FROM passed`
  return accounts.find(({ key }) => rows.some((row) => row.key === key))?.passed ?? null
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
  const lines = JSON.stringify(linesOf(cost))
  await tx.$executeRaw`
    UPDATE attempt SET cost_micros = coalesce(cost_micros, ${micros}::bigint), cost_lines = ${lines}::jsonb
     WHERE id = ${attemptId}::uuid AND (cost_lines IS NULL OR (cost_micros IS NULL AND ${micros}::bigint IS NOT NULL))`
  await settleEntries(tx, attemptId, micros, now)
}

function linesOf(cost: SettledCost): CostLines {
  if (cost.kind === 'free') return { lines: [], why: null }
  if (cost.kind === 'used') return cost.lines
  return { lines: cost.lines ?? [], why: cost.why }
}

/**
 * Moves the attempt's money from reserved to spent; null: the whole of what was reserved, because nobody knows. A row of
 * the accounts is changed only as it comes out of the list that locks them in their order.
 */
async function settleEntries(tx: Tx, attemptId: string, micros: bigint | null, now: Date): Promise<void> {
  await tx.$executeRaw`
    WITH locked AS (
      SELECT key FROM budget_account
       WHERE key IN (SELECT account_key FROM budget_entry WHERE attempt_id = ${attemptId}::uuid AND settled_at IS NULL)
       ORDER BY key COLLATE "C" FOR UPDATE),
    settled AS (
      UPDATE budget_entry SET settled_micros = coalesce(${micros}::bigint, reserved_micros), settled_at = ${now}::timestamptz
       WHERE attempt_id = ${attemptId}::uuid AND settled_at IS NULL
      RETURNING account_key, reserved_micros, settled_micros)
    UPDATE budget_account a
       SET reserved_micros = a.reserved_micros - s.reserved_micros, spent_micros = a.spent_micros + s.settled_micros,
           updated_at = ${now}::timestamptz
      FROM locked l JOIN settled s ON s.account_key = l.key WHERE a.key = l.key`
}
