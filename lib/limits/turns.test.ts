import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type LimitState, noted, type ToldLimits, turnOf, unknownLimits } from './turns'

const at = (ms: number) => new Date(1_800_000_000_000 + ms)

/** A provider that takes `limit` calls a minute, refilled evenly, as OpenAI does; each refusal counts for nothing. */
class Bucket {
  private missing = 0
  private seen = 0
  taken = 0
  refused = 0
  constructor(
    readonly limit: number,
    readonly tells: boolean,
  ) {}

  ask(now: number): { ok: boolean; limits: ToldLimits | null; retryAfterMs: number | null } {
    this.missing = Math.max(0, this.missing - ((now - this.seen) * this.limit) / 60_000)
    this.seen = now
    const ok = this.missing + 1 <= this.limit
    if (ok) {
      this.missing += 1
      this.taken += 1
    } else this.refused += 1
    const limits = {
      limitRequests: this.limit,
      remainingRequests: Math.max(0, Math.floor(this.limit - this.missing)),
      resetRequestsMs: Math.ceil((this.missing * 60_000) / this.limit),
      limitTokens: null,
      remainingTokens: null,
      resetTokensMs: null,
    }
    const waitMs = Math.ceil(((this.missing + 1 - this.limit) * 60_000) / this.limit)
    return { ok, limits: this.tells ? limits : null, retryAfterMs: ok || !this.tells ? null : waitMs }
  }
}

/** A small generator with a seed, so that a run can be told again. */
function chance(seed: number): () => number {
  let state = seed >>> 0 || 1
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

/** Runs what is due in order of time, until nothing is left. @returns when the last thing happened. */
function simulate(first: (later: (ms: number, run: () => void) => void, now: () => number) => void): number {
  const due: { at: number; run: () => void }[] = []
  let now = 0
  const later = (ms: number, run: () => void) => {
    const happens = now + Math.max(0, ms)
    let low = 0
    let high = due.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((due[middle]?.at ?? 0) > happens) low = middle + 1
      else high = middle
    }
    due.splice(low, 0, { at: happens, run })
  }
  first(later, () => now)
  for (let steps = 0; steps < 400_000; steps += 1) {
    const next = due.pop()
    if (next === undefined) return now
    now = next.at
    next.run()
  }
  throw new Error('the simulation does not end')
}

type Storm = { jobs: number; limit: number; tells: boolean; workers: number; latencyMs: number; seed: number }

/** So many hands: who finds none free waits in line. */
function hands(count: number) {
  let free = count
  const line: (() => void)[] = []
  return {
    take(run: () => void) {
      if (free === 0) return void line.push(run)
      free -= 1
      run()
    },
    give() {
      const next = line.shift()
      if (next === undefined) free += 1
      else next()
    },
  }
}

/** All jobs come at once and share the limiter; `workers` calls may be under way at a time. */
function together({ jobs, limit, tells, workers, latencyMs, seed }: Storm) {
  const provider = new Bucket(limit, tells)
  const random = chance(seed)
  const worker = hands(workers)
  let state: LimitState = unknownLimits(at(0))
  let waiting = jobs
  const end = simulate((later, now) => {
    const attempt = () => {
      const turn = turnOf(state, 1, at(now()))
      if (!turn.go) {
        worker.give()
        const wait = turn.until.getTime() - at(now()).getTime()
        return later(wait + random() * Math.min(waiting * turn.gapMs, 60_000), () => worker.take(attempt))
      }
      state = turn.state
      later(latencyMs / 2, () => {
        const { ok, limits, retryAfterMs } = provider.ask(now())
        later(latencyMs / 2, () => {
          state = noted(state, { limits, rateLimited: !ok, retryAfterMs }, at(now()), random())
          if (ok) waiting -= 1
          else later(random() * 1_000, () => worker.take(attempt))
          worker.give()
        })
      })
    }
    for (let job = 0; job < jobs; job += 1) later(random() * 100, () => worker.take(attempt))
  })
  return { waiting, refused: provider.refused, minutes: end / 60_000 }
}

/** The control: each job backs off by itself, with exponential backoff, full jitter and the wait it was told. */
function alone({ jobs, limit, tells, workers, latencyMs, seed }: Storm) {
  const provider = new Bucket(limit, tells)
  const random = chance(seed)
  const worker = hands(workers)
  simulate((later, now) => {
    const attempt = (tries: number) => {
      later(latencyMs / 2, () => {
        const { ok, retryAfterMs } = provider.ask(now())
        later(latencyMs / 2, () => {
          const backoff = Math.min(60_000, 1_000 * 2 ** tries) * random()
          if (!ok) later(Math.max(backoff, retryAfterMs ?? 0), () => worker.take(() => attempt(tries + 1)))
          worker.give()
        })
      })
    }
    for (let job = 0; job < jobs; job += 1) later(random() * 100, () => worker.take(() => attempt(0)))
  })
  return { refused: provider.refused }
}

const storms = fc.record({
  jobs: fc.integer({ min: 1, max: 120 }),
  limit: fc.integer({ min: 6, max: 200 }),
  workers: fc.integer({ min: 1, max: 40 }),
  latencyMs: fc.integer({ min: 20, max: 3_000 }),
  seed: fc.integer({ min: 1, max: 1_000_000 }),
})

test('in a storm every job gets through, as fast as the limit allows, and few calls are refused', () => {
  const refused = { together: 0, alone: 0 }
  fc.assert(
    fc.property(storms, (storm) => {
      const shared = together({ ...storm, tells: true })
      expect(shared.waiting).toBe(0)
      // Calls that are under way before anything was told cannot know; after that hardly any is refused.
      expect(shared.refused).toBeLessThanOrEqual(storm.workers + 3)
      const aboveOneBucket = Math.max(0, storm.jobs - storm.limit) / storm.limit
      const hands = (storm.jobs / storm.workers) * (storm.latencyMs / 60_000)
      expect(shared.minutes).toBeLessThanOrEqual(1.5 * aboveOneBucket + hands + 2)
      refused.together += shared.refused
      refused.alone += alone({ ...storm, tells: true }).refused
    }),
    { numRuns: 100, seed: 7 },
  )
  report('The answers tell the limits', refused)
  expect(refused.together * 4).toBeLessThan(refused.alone)
})

test('where the answers tell nothing but 429, one call at a time tries', () => {
  const refused = { together: 0, alone: 0 }
  fc.assert(
    fc.property(storms, (storm) => {
      const shared = together({ ...storm, tells: false })
      expect(shared.waiting).toBe(0)
      refused.together += shared.refused
      refused.alone += alone({ ...storm, tells: false }).refused
    }),
    { numRuns: 100, seed: 7 },
  )
  report('The answers tell nothing', refused)
  expect(refused.together * 4).toBeLessThan(refused.alone)
})

function report(what: string, refused: { together: number; alone: number }) {
  const ratio = (refused.alone / Math.max(1, refused.together)).toFixed(1)
  const line = `${what}: ${refused.together} calls refused with one limiter, ${refused.alone} with backoff each alone (1 to ${ratio})`
  process.stdout.write(`${line}\n`)
}

const LIMITS: ToldLimits = {
  limitRequests: 60,
  remainingRequests: 2,
  resetRequestsMs: 58_000,
  limitTokens: 10_000,
  remainingTokens: 9_000,
  resetTokensMs: 6_000,
}
const ok = { limits: LIMITS, rateLimited: false, retryAfterMs: null }
const refusal = { limits: null, rateLimited: true, retryAfterMs: null }

function go(state: LimitState, tokens: number, ms: number): LimitState {
  const turn = turnOf(state, tokens, at(ms))
  if (!turn.go) throw new Error(`no turn before ${turn.until.getTime() - at(0).getTime()}`)
  return turn.state
}
const waits = (state: LimitState, tokens: number, ms: number) => {
  const turn = turnOf(state, tokens, at(ms))
  return turn.go ? 0 : turn.until.getTime() - at(ms).getTime()
}

test('what was told is counted down, and comes back at the rate that it tells', () => {
  let state = noted(unknownLimits(at(0)), ok, at(0), 0)
  state = go(state, 10, 0)
  state = go(state, 10, 0)
  expect(waits(state, 10, 0)).toBe(1_000)
  state = go(state, 10, 1_000)
  expect(waits(state, 10, 1_500)).toBe(500)
})

test('no fraction is lost however often a turn is asked for and taken', () => {
  const slow = { ...LIMITS, limitRequests: 3, remainingRequests: 0, resetRequestsMs: 60_000 }
  let state = noted(unknownLimits(at(0)), { ...ok, limits: slow }, at(0), 0)
  let now = 0
  for (let turn = 0; turn < 90; turn += 1) {
    now += waits(state, 1, now)
    state = go(state, 1, now)
  }
  // Three a minute: ninety take half an hour.
  expect(now).toBeGreaterThan(1_800_000 - 1_000)
  expect(now).toBeLessThan(1_800_000 + 1_000)
})

test('a call waits for its tokens, and one that needs more than there ever is for all of them', () => {
  const state = noted(unknownLimits(at(0)), ok, at(0), 0)
  expect(waits(state, 9_500, 0)).toBe(3_000)
  expect(waits(state, 50_000, 0)).toBe(6_000)
  expect(waits(state, 50_000, 6_000)).toBe(0)
})

test('nothing is sent before the wait that the provider asked for is over, then one call tries', () => {
  const blocked = noted(unknownLimits(at(0)), { ...refusal, retryAfterMs: 20_000 }, at(0), 0)
  expect(waits(blocked, 1, 0)).toBe(20_000)
  const trying = go(blocked, 1, 20_000)
  expect(waits(trying, 1, 20_000)).toBeGreaterThan(0)
  const taken = noted(trying, { limits: null, rateLimited: false, retryAfterMs: null }, at(21_000), 0)
  expect(waits(taken, 1, 21_000)).toBe(0)
})

test('one wave of refusals is one strike; each failed try makes the wait longer', () => {
  let state = unknownLimits(at(0))
  for (let call = 0; call < 20; call += 1) state = noted(state, refusal, at(call), 0.999)
  expect(state.strikes).toBe(1)
  const blocks: number[] = []
  for (let now = 1_000, tries = 0; tries < 8; tries += 1) {
    now += waits(state, 1, now)
    state = noted(go(state, 1, now), refusal, at(now), 0.999)
    blocks.push(Math.round(waits(state, 1, now) / 1_000))
  }
  expect(blocks).toEqual([2, 4, 8, 16, 32, 60, 60, 60])
})

test('a look that succeeds does not say that creates are taken again', () => {
  const trying = go(noted(unknownLimits(at(0)), refusal, at(0), 0), 1, 5_000)
  const looked = noted(trying, { limits: null, rateLimited: false, retryAfterMs: null, call: 'look' }, at(5_100), 0)
  expect(waits(looked, 1, 5_100)).toBeGreaterThan(0)
})

test('a call that tried and was never heard of does not block for ever', () => {
  const trying = go(noted(unknownLimits(at(0)), refusal, at(0), 0), 1, 5_000)
  expect(waits(trying, 1, 5_000 + 45_000)).toBe(0)
})
