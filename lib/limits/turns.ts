/**
 * Whether another call may go to the provider now, by what it told of its limits. Pure: one row for each provider and
 * model, shared by all workers; each step takes the row and gives the next one.
 */

/** One limit as it stood at the moment that its row calls `updatedAt`. */
export type Limit = {
  limit: number | null
  remaining: number | null
  /** When the whole limit is there again. */
  resetAt: Date | null
}

export type LimitState = {
  requests: Limit
  tokens: Limit
  /** Nothing is sent before this moment. */
  blockedUntil: Date | null
  /** Refusals one after another. Below zero while one call tries whether the provider takes calls again. */
  strikes: number
  updatedAt: Date
}

/** What an answer told. A number is null where its header is absent. */
export type ToldLimits = {
  limitRequests: number | null
  remainingRequests: number | null
  resetRequestsMs: number | null
  limitTokens: number | null
  remainingTokens: number | null
  resetTokensMs: number | null
}

export type Turn =
  | { go: true; state: LimitState }
  /** `gapMs`: after how long the next turn comes free, then the one after it. */
  | { go: false; until: Date; gapMs: number }

/** First wait after a refusal that names none, and the longest. */
const FIRST_BLOCK_MS = 1_000
const LONGEST_BLOCK_MS = 60_000
/** Without an answer for so long, the call that tried is taken for lost: longer than a create may take (30 s). */
const PROBE_LIMIT_MS = 45_000
/** While one call tries, the others look again after this. */
const PROBE_LOOK_MS = 1_000
/** What the limits of the API count by, where an answer does not tell how fast they come back. */
const NOMINAL_PERIOD_MS = 60_000
/** A shorter time until the whole limit is there says too little of how fast it comes back. */
const TELLING_RESET_MS = 1_000

/** No limit takes longer to come back, whatever an answer says: the moment must stay one that a date can hold. */
const LONGEST_RESET_MS = 366 * 86_400_000

const NONE: Limit = { limit: null, remaining: null, resetAt: null }

/** The state before anything was told: nothing is known, so nothing is held back. */
export function unknownLimits(now: Date): LimitState {
  return { requests: NONE, tokens: NONE, blockedUntil: null, strikes: 0, updatedAt: now }
}

/** Whether a call that needs so many tokens may go now. */
export function turnOf(state: LimitState, tokens: number, now: Date): Turn {
  const { requests, blockedUntil, strikes } = state
  const gapMs = Math.ceil(1 / rateOf(requests, state.updatedAt, FIRST_BLOCK_MS))
  if (blockedUntil !== null && blockedUntil > now) {
    // A call that tries is answered long before it is given up.
    const lookMs = strikes < 0 ? now.getTime() + PROBE_LOOK_MS : Number.POSITIVE_INFINITY
    return { go: false, until: new Date(Math.min(lookMs, blockedUntil.getTime())), gapMs }
  }
  const wait = Math.max(
    waitFor(requests, 1, state.updatedAt, now),
    // More than there ever is would wait for ever: it goes when everything is there, and the provider answers.
    waitFor(state.tokens, Math.min(tokens, state.tokens.limit ?? tokens), state.updatedAt, now),
  )
  if (wait > 0) return { go: false, until: new Date(now.getTime() + Math.ceil(wait)), gapMs }
  const taken = withTaken(state, tokens, now)
  if (strikes === 0) return { go: true, state: taken }
  // After a refusal one call tries, and the others wait for what becomes of it.
  const probe = { strikes: -Math.abs(strikes), blockedUntil: new Date(now.getTime() + PROBE_LIMIT_MS) }
  return { go: true, state: { ...taken, ...probe } }
}

export type Told = {
  limits: ToldLimits | null
  /** Whether the call was refused because of a rate limit. */
  rateLimited: boolean
  retryAfterMs: number | null
  /** A look that succeeds says nothing of whether creates are taken. */
  call?: 'create' | 'look'
}

/**
 * The state after an answer.
 * @param random in [0, 1): spreads what waits.
 */
export function noted(state: LimitState, told: Told, now: Date, random: number): LimitState {
  const counted = told.limits === null ? state : withTold(state, told.limits, now)
  if (told.rateLimited) return { ...counted, ...struck(state, told.retryAfterMs, now, random) }
  if (told.call === 'look' || state.strikes >= 0) return counted
  // The call that tried was taken. Where the answers tell what is left, that is enough to go by.
  const tells = counted.requests.remaining !== null
  return { ...counted, strikes: tells ? 0 : Math.floor(-state.strikes / 2), blockedUntil: null }
}

function struck(
  { blockedUntil, strikes }: LimitState,
  retryAfterMs: number | null,
  now: Date,
  random: number,
): Pick<LimitState, 'blockedUntil' | 'strikes'> {
  const asked = now.getTime() + (retryAfterMs ?? 0)
  const isBlocked = blockedUntil !== null && blockedUntil > now
  if (isBlocked && strikes > 0) {
    // Sent before the refusal that blocked: one wave is one strike.
    return { strikes, blockedUntil: new Date(Math.max(asked, blockedUntil.getTime())) }
  }
  const count = Math.abs(strikes) + 1
  const block = Math.min(LONGEST_BLOCK_MS, FIRST_BLOCK_MS * 2 ** Math.min(count - 1, 16)) * (0.5 + random / 2)
  return { strikes: count, blockedUntil: new Date(Math.max(asked, now.getTime() + Math.round(block))) }
}

/** How many come back in a millisecond, evenly, as these limits do. */
function rateOf({ limit, remaining, resetAt }: Limit, at: Date, otherwiseMs = NOMINAL_PERIOD_MS): number {
  if (limit === null || limit <= 0) return 1 / otherwiseMs
  const missing = limit - (remaining ?? limit)
  const resetMs = resetAt === null ? 0 : resetAt.getTime() - at.getTime()
  return missing > 0 && resetMs >= TELLING_RESET_MS ? missing / resetMs : limit / NOMINAL_PERIOD_MS
}

/** How many are there at `now`, with fractions; infinity where the limit is not known. */
function leftAt(one: Limit, at: Date, now: Date): number {
  if (one.limit === null || one.remaining === null) return Number.POSITIVE_INFINITY
  const passed = Math.max(0, now.getTime() - at.getTime())
  return Math.min(one.limit, one.remaining + passed * rateOf(one, at))
}

/** Milliseconds until `needed` are there. */
function waitFor(one: Limit, needed: number, at: Date, now: Date): number {
  const left = leftAt(one, at, now)
  return left >= needed ? 0 : (needed - left) / rateOf(one, at)
}

/**
 * Takes one request and its tokens. The new `updatedAt` is the moment at which the requests left were a whole number,
 * so that no fraction is lost however often a turn is taken.
 */
function withTaken(state: LimitState, tokens: number, now: Date): LimitState {
  const requests = leftAt(state.requests, state.updatedAt, now) - 1
  const requestRate = rateOf(state.requests, state.updatedAt)
  const whole = Math.floor(requests)
  const sinceWhole = Number.isFinite(requests) ? Math.floor((requests - whole) / requestRate) : 0
  const at = new Date(now.getTime() - sinceWhole)
  const tokensLeft = leftAt(state.tokens, state.updatedAt, now)
  const tokenRate = rateOf(state.tokens, state.updatedAt)
  return {
    ...state,
    requests: limitAt(state.requests, whole, requestRate, at),
    tokens: limitAt(state.tokens, Math.max(0, Math.floor(tokensLeft - tokens - sinceWhole * tokenRate)), tokenRate, at),
    updatedAt: at,
  }
}

function limitAt(one: Limit, remaining: number, rate: number, at: Date): Limit {
  if (one.limit === null || !Number.isFinite(remaining)) return one
  const resetMs = Math.min(Math.ceil((one.limit - remaining) / rate), LONGEST_RESET_MS)
  return { ...one, remaining, resetAt: new Date(at.getTime() + resetMs) }
}

/**
 * What an answer told, beside what was taken since its call was sent: of requests the smaller of both counts; of tokens,
 * which are guessed before and known after, the middle where more are left than was thought.
 */
function withTold(state: LimitState, told: ToldLimits, now: Date): LimitState {
  const requests = merged(
    state,
    state.requests,
    told.limitRequests,
    told.remainingRequests,
    told.resetRequestsMs,
    now,
    0,
  )
  const tokens = merged(state, state.tokens, told.limitTokens, told.remainingTokens, told.resetTokensMs, now, 0.5)
  return { ...state, requests, tokens, updatedAt: now }
}

function merged(
  state: LimitState,
  before: Limit,
  limit: number | null,
  remaining: number | null,
  resetMs: number | null,
  now: Date,
  trust: number,
): Limit {
  const thought = leftAt(before, state.updatedAt, now)
  const known = limit ?? before.limit
  if (known === null || known <= 0 || remaining === null) {
    if (before.limit === null) return before
    return limitAt(before, Math.floor(thought), rateOf(before, state.updatedAt), now)
  }
  // More than there ever is, or less than nothing, is a slip of whoever counted.
  const told = Math.max(0, Math.min(remaining, known))
  const left = thought < told ? Math.floor(thought + (told - thought) * trust) : told
  const resetAt = resetMs === null ? null : new Date(now.getTime() + resetMs)
  const rate = rateOf({ limit: known, remaining: told, resetAt }, now)
  return limitAt({ limit: known, remaining: left, resetAt: null }, left, rate, now)
}
