/** The rate limit that all workers share: one row for each provider and model, locked while a turn is taken. */
import type { RateLimit } from '@/lib/generated/prisma/client'
import type { Db, Tx } from '@/lib/store/db.server'
import { rowOf, type Untold } from '@/lib/store/json-row'
import { type LimitState, noted, type Told, type Turn, turnOf, unknownLimits } from './turns'

export type TakenTurn = { go: true } | Extract<Turn, { go: false }>

/** With `go` nobody else gets one until the transaction ends; it is gone only once it is taken. */
export type HeldTurn = { go: true; take: () => Promise<void> } | Extract<Turn, { go: false }>

/**
 * Holds a turn for one create, in the transaction that commits its attempt: if that rolls back, it was never taken.
 * @param tokens what the call needs, estimated.
 */
export async function holdTurn(tx: Tx, provider: string, model: string, tokens: number, now: Date): Promise<HeldTurn> {
  const state = await lockState(tx, provider, model)
  // Nothing was told yet, so nothing is counted.
  if (state === null) return { go: true, take: async () => {} }
  const turn = turnOf(state, Math.ceil(tokens), now)
  if (!turn.go) return turn
  return {
    go: true,
    take: async () => {
      if (turn.state !== state) await save(tx, provider, model, turn.state, now)
    },
  }
}

/** As `holdTurn`, and takes it. */
export async function takeTurn(tx: Tx, provider: string, model: string, tokens: number, now: Date): Promise<TakenTurn> {
  const turn = await holdTurn(tx, provider, model, tokens, now)
  if (!turn.go) return turn
  await turn.take()
  return { go: true }
}

/** Whether `holdTurn` would let it go at this moment. Locks nothing, so it promises nothing. */
export async function wouldTakeTurn(
  tx: Tx,
  provider: string,
  model: string,
  tokens: number,
  now: Date,
): Promise<boolean> {
  const row = await tx.rateLimit.findUnique({ where: { provider_model: { provider, model } } })
  const state = row === null ? null : stateOf(row)
  return state === null || turnOf(state, Math.ceil(tokens), now).go
}

/**
 * Remembers what an answer told of the limits. Cheap where it told nothing and nothing was refused.
 * @param random in [0, 1): spreads the waiting after a refusal.
 */
export async function noteLimits(
  db: Db,
  provider: string,
  model: string,
  told: Told,
  now: Date,
  random: number,
): Promise<void> {
  if (told.limits === null && !told.rateLimited && (await isAtEase(db, provider, model))) return
  await db.$transaction(async (tx) => {
    await tx.$executeRaw`
      INSERT INTO rate_limit (provider, model, strikes, updated_at)
      VALUES (${provider}, ${model}, 0, ${now}::timestamptz) ON CONFLICT DO NOTHING`
    const state = (await lockState(tx, provider, model)) ?? unknownLimits(now)
    await save(tx, provider, model, noted(state, told, now, random), now)
  })
}

/** True where an answer that tells nothing changes nothing. */
async function isAtEase(db: Db, provider: string, model: string): Promise<boolean> {
  const row = await db.rateLimit.findUnique({
    where: { provider_model: { provider, model } },
    select: { strikes: true },
  })
  return row === null || row.strikes >= 0
}

async function lockState(tx: Tx, provider: string, model: string): Promise<LimitState | null> {
  const rows = await tx.$queryRaw<{ row: Record<string, unknown> }[]>`
    SELECT row_to_json(r) AS row FROM rate_limit r WHERE provider = ${provider} AND model = ${model} FOR UPDATE`
  return rows[0] === undefined ? null : stateOf(rowOf<RateLimit>(rows[0].row, LIMIT))
}

const LIMIT: Untold<RateLimit> = {
  moments: { requestsResetAt: true, tokensResetAt: true, blockedUntil: true, updatedAt: true },
  bigints: {},
}

function stateOf(row: RateLimit): LimitState {
  return {
    requests: { limit: row.limitRequests, remaining: row.remainingRequests, resetAt: row.requestsResetAt },
    tokens: { limit: row.limitTokens, remaining: row.remainingTokens, resetAt: row.tokensResetAt },
    blockedUntil: row.blockedUntil,
    strikes: row.strikes,
    updatedAt: row.updatedAt,
  }
}

/** A provider may write any number; the column holds 32 bits. */
const LARGEST = 2_147_483_647
const LATEST_MS = 366 * 86_400_000

async function save(tx: Tx, provider: string, model: string, state: LimitState, now: Date): Promise<void> {
  const bounded = (value: number | null) => (value === null ? null : Math.max(-LARGEST, Math.min(LARGEST, value)))
  const near = (at: Date | null) => (at === null ? null : new Date(Math.min(at.getTime(), now.getTime() + LATEST_MS)))
  const { requests, tokens, blockedUntil, strikes, updatedAt } = state
  await tx.rateLimit.update({
    where: { provider_model: { provider, model } },
    data: {
      limitRequests: bounded(requests.limit),
      remainingRequests: bounded(requests.remaining),
      requestsResetAt: near(requests.resetAt),
      limitTokens: bounded(tokens.limit),
      remainingTokens: bounded(tokens.remaining),
      tokensResetAt: near(tokens.resetAt),
      blockedUntil: near(blockedUntil),
      strikes,
      updatedAt,
    },
  })
}
