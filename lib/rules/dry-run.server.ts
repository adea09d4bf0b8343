/** What other rules would have made of the failures of the last 30 days, and what that would have cost. */
import type { Actor } from '@/lib/access/actor'
import { hasRole } from '@/lib/access/can'
import { retriesByItself } from '@/lib/lifecycle/failure'
import type { Tx } from '@/lib/store/db.server'
import { Forbidden } from '@/lib/store/errors'
import { builtinRules } from './builtin'
import { decide, type Verdict } from './decide'
import { type FailedAttempt, readFailures, readUsualCosts } from './failures.server'
import { checkedRules, readRules, rulesHash } from './store.server'
import type { DryRun, DryRunGroup, Fate, UnclassifiedGroup } from './trial'
import type { Rule } from './types'
import { whenWords } from './words'

export const DRY_RUN_DAYS = 30
/** More failures than this are not gone through: so many are read and judged within a second or two. */
const MOST = 20_000
const EXAMPLES = 5

/**
 * Goes through the failures of the last 30 days with `given`, without changing anything.
 * @throws {Forbidden} for anybody but a lead or an owner; {InvalidInput} where the rules could not be put in force.
 */
export async function dryRun(tx: Tx, actor: Actor, given: unknown, now = new Date()): Promise<DryRun> {
  if (!hasRole(actor, 'lead')) throw new Forbidden('Only a lead or an owner may try rules.')
  const rules = checkedRules(given)
  const since = sinceWhen(now)
  const { attempts, more } = await readFailures(tx, { since, most: MOST })
  const usual = await readUsualCosts(tx, { since })
  const inForce = await rulesByVersion(tx)
  const groups = new Map<string, DryRunGroup>()
  /** By job, the last attempt that would not have been made at all. */
  const spared = new Map<string, number>()
  let untold = 0
  // From the oldest on, so that the first attempt of a run that would have ended it is met first.
  for (const attempt of attempts.toReversed()) {
    const before = judged(attempt, inForce.get(attempt.rulesVersion ?? 0) ?? builtinRules)
    const after = judged(attempt, rules)
    if (before === null || after === null || !isAsStored(before, attempt)) {
      untold += 1
      continue
    }
    if (before.class === after.class && before.fate === after.fate) continue
    const isSpared = attempt.number <= (spared.get(attempt.jobId) ?? 0)
    if (before.fate === 'again' && !isSpared) spared.set(attempt.jobId, attempt.lastOfRun)
    const usd = isSpared ? 0 : costOfChange(attempt, before, after, usual.get(attempt.workflowKey) ?? null)
    gather(groups, attempt, { before, after, rule: rules.find(({ id }) => id === after.ruleId), usd })
  }
  const found = [...groups.values()].sort((one, other) => other.count - one.count)
  return {
    hash: rulesHash(rules),
    days: DRY_RUN_DAYS,
    failures: attempts.length,
    more,
    groups: found,
    untold,
    usd: found.reduce<number | null>((sum, { usd }) => add(sum, usd), 0),
  }
}

const sinceWhen = (now: Date) => new Date(now.getTime() - DRY_RUN_DAYS * 86_400_000)
const add = (one: number | null, other: number | null) => (one === null || other === null ? null : one + other)

async function rulesByVersion(tx: Tx): Promise<Map<number, Rule[]>> {
  const versions = await tx.failureRuleSet.findMany({ select: { version: true, rules: true } })
  return new Map(versions.map(({ version, rules }) => [version, readRules(rules)]))
}

type Judged = Verdict & { fate: Fate }

/** What these rules make of it; null where what is stored does not say what was met. */
function judged({ signal, tries, maxAttempts }: FailedAttempt, rules: readonly Rule[]): Judged | null {
  if (signal === null) return null
  const verdict = decide(signal, rules)
  // A whole result is put before people, whatever its checks say: the engine does not send it again.
  if (signal.checks !== undefined) {
    return { ...verdict, class: retriesByItself(verdict.class) ? 'review_required' : verdict.class, fate: 'held' }
  }
  return { ...verdict, fate: fateOf(verdict, tries, maxAttempts) }
}

function fateOf(
  { class: failureClass, retry, stopsQueue, countsTries }: Verdict,
  tries: number,
  maxAttempts: number,
): Fate {
  if (stopsQueue) return 'stops_queue'
  if (!retriesByItself(failureClass)) {
    return failureClass === 'review_required' || failureClass === 'unclassified' ? 'held' : 'failed'
  }
  if (retry === null) return 'failed'
  return countsTries && tries >= (retry.maxAttempts ?? maxAttempts) ? 'failed' : 'again'
}

/** Whether going through it again gives what was decided then: else nothing can be said of other rules either. */
function isAsStored(before: Judged, attempt: FailedAttempt): boolean {
  if (attempt.signal?.checks !== undefined) return true
  return (
    before.class === attempt.class && before.code === attempt.code && (before.fate === 'again') === attempt.didRetry
  )
}

function gather(
  groups: Map<string, DryRunGroup>,
  { code, jobNumber, number }: FailedAttempt,
  { before, after, rule, usd }: { before: Judged; after: Judged; rule: Rule | undefined; usd: number | null },
): void {
  const key = [code, before.class, before.fate, after.class, after.fate, after.ruleId].join('\n')
  const group = groups.get(key) ?? {
    from: { class: before.class, fate: before.fate },
    to: { class: after.class, fate: after.fate, rule: rule === undefined ? null : whenWords(rule) },
    code,
    count: 0,
    examples: [],
    usd: 0,
  }
  group.count += 1
  // The newest first.
  group.examples = [{ jobNumber, attempt: number }, ...group.examples].slice(0, EXAMPLES)
  group.usd = add(group.usd, usd)
  groups.set(key, group)
}

/**
 * In dollars, at most: every further try that would have been allowed, each at what an attempt of its workflow usually
 * costs, or what this one did where that is more. What would not have been tried again spares what followed by itself.
 */
function costOfChange(
  attempt: FailedAttempt,
  before: Judged,
  after: Judged,
  usualMicros: number | null,
): number | null {
  if (before.fate === 'again') return attempt.laterMicros === null ? null : -Number(attempt.laterMicros) / 1_000_000
  if (after.fate !== 'again') return 0
  // What uses up no tries goes on until its deadline: nobody knows how often.
  if (attempt.costMicros === null || usualMicros === null || !after.countsTries) return null
  const allowed = after.retry?.maxAttempts ?? attempt.maxAttempts
  return ((allowed - attempt.tries) * Math.max(usualMicros, Number(attempt.costMicros))) / 1_000_000
}

/** What has no rule, by code: failures of the last 30 days that were held because nobody knows what they mean. */
export async function unclassified(tx: Tx, rules: readonly Rule[], now = new Date()): Promise<UnclassifiedGroup[]> {
  const { attempts } = await readFailures(tx, { since: sinceWhen(now), most: MOST, onlyUnclassified: true })
  const groups = new Map<string, UnclassifiedGroup>()
  for (const { signal, code, at, jobNumber, number, message } of attempts) {
    // What has a rule by now, and what Holdpoint itself stopped for, is known.
    if (signal === null || signal.source === 'ours' || decide(signal, rules).ruleId !== null) continue
    const looksAt = signalFor(signal)
    const key = JSON.stringify([code, looksAt])
    const seen = groups.get(key)
    if (seen === undefined) {
      const example = { jobNumber, attempt: number, message }
      const time = at.toISOString()
      groups.set(key, { code, count: 1, firstAt: time, lastAt: time, example, signal: looksAt })
    } else {
      seen.count += 1
      // Newest first.
      seen.firstAt = at.toISOString()
    }
  }
  return [...groups.values()].sort((one, other) => other.count - one.count)
}

/** What a rule would look at to fit it; null where it has nothing that a rule could name. */
function signalFor({ incomplete, code, httpStatus }: NonNullable<FailedAttempt['signal']>): Rule['signal'] | null {
  if (incomplete != null) return { kind: 'incomplete', value: incomplete }
  if (code !== null) return { kind: 'code', value: code }
  return httpStatus === null ? null : { kind: 'http_status', value: String(httpStatus) }
}
