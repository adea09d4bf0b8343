/** What other rules would have made of the failures of the last 30 days, and what that would have cost. */
import type { Actor } from '@/lib/access/actor'
import { hasRole } from '@/lib/access/can'
import type { Tx } from '@/lib/store/db.server'
import { Forbidden } from '@/lib/store/errors'
import { builtinRules } from './builtin'
import { decide, type Verdict } from './decide'
import { type FailedAttempt, readFailures } from './failures.server'
import { checkedRules, readRules, rulesHash } from './store.server'
import type { DryRun, DryRunGroup, Fate, UnclassifiedGroup } from './trial'
import type { Rule } from './types'
import { whenWords } from './words'

export const DRY_RUN_DAYS = 30
/** More failures than this are not gone through. */
const MOST = 20_000
const EXAMPLES = 5

/**
 * Goes through the failures of the last 30 days with `given`, without changing anything.
 * @throws {Forbidden} for anybody but a lead or an owner; {InvalidInput} where the rules could not be put in force.
 */
export async function dryRun(tx: Tx, actor: Actor, given: unknown, now = new Date()): Promise<DryRun> {
  if (!hasRole(actor, 'lead')) throw new Forbidden('Only a lead or an owner may try rules.')
  const rules = checkedRules(given)
  const since = new Date(now.getTime() - DRY_RUN_DAYS * 86_400_000)
  const { attempts, more } = await readFailures(tx, { since, most: MOST })
  const inForce = await rulesByVersion(tx)
  const groups = new Map<string, DryRunGroup>()
  let untold = 0
  for (const attempt of attempts) {
    if (attempt.signal === null) {
      untold += 1
      continue
    }
    const before = decide(attempt.signal, inForce.get(attempt.rulesVersion ?? 0) ?? builtinRules)
    const after = decide(attempt.signal, rules)
    if (before.class === after.class && fateOf(before) === fateOf(after)) continue
    gather(groups, attempt, { before, after, rules })
  }
  const found = [...groups.values()].sort((one, other) => other.count - one.count)
  return {
    hash: rulesHash(rules),
    days: DRY_RUN_DAYS,
    failures: attempts.length,
    more,
    groups: found,
    untold,
    usd: found.reduce<number | null>((sum, { usd }) => (sum === null || usd === null ? null : sum + usd), 0),
  }
}

async function rulesByVersion(tx: Tx): Promise<Map<number, Rule[]>> {
  const versions = await tx.failureRuleSet.findMany({ select: { version: true, rules: true } })
  return new Map(versions.map(({ version, rules }) => [version, readRules(rules)]))
}

function fateOf({ class: failureClass, retry, stopsQueue }: Verdict): Fate {
  if (stopsQueue) return 'stops_queue'
  if (retry !== null) return 'again'
  return failureClass === 'review_required' || failureClass === 'unclassified' ? 'held' : 'failed'
}

function gather(
  groups: Map<string, DryRunGroup>,
  attempt: FailedAttempt,
  { before, after, rules }: { before: Verdict; after: Verdict; rules: readonly Rule[] },
): void {
  const [from, to] = [fateOf(before), fateOf(after)]
  const key = [attempt.code, before.class, from, after.class, to, after.ruleId].join('\n')
  const rule = rules.find(({ id }) => id === after.ruleId)
  const group = groups.get(key) ?? {
    from: { class: before.class, fate: from },
    to: { class: after.class, fate: to, rule: rule === undefined ? null : whenWords(rule) },
    code: attempt.code,
    count: 0,
    examples: [],
    usd: 0,
  }
  group.count += 1
  if (group.examples.length < EXAMPLES) group.examples.push({ jobNumber: attempt.jobNumber, attempt: attempt.number })
  const usd = costOfChange(attempt, from, to, after)
  group.usd = group.usd === null || usd === null ? null : group.usd + usd
  groups.set(key, group)
}

/**
 * At most: each further try counts with what this one cost, as often as the rule or the workflow allows. What would not
 * have been tried again spares what its later attempts cost.
 */
function costOfChange(attempt: FailedAttempt, from: Fate, to: Fate, after: Verdict): number | null {
  if (from === to || (from !== 'again' && to !== 'again')) return 0
  if (from === 'again') return attempt.laterMicros === null ? null : -Number(attempt.laterMicros) / 1_000_000
  const allowed = after.retry?.maxAttempts ?? attempt.maxAttempts
  const more = Math.max(0, allowed - attempt.number)
  return attempt.costMicros === null ? null : (more * Number(attempt.costMicros)) / 1_000_000
}

/** What has no rule, by code: failures of the last 30 days that were held because nobody knows what they mean. */
export async function unclassified(tx: Tx, rules: readonly Rule[], now = new Date()): Promise<UnclassifiedGroup[]> {
  const since = new Date(now.getTime() - DRY_RUN_DAYS * 86_400_000)
  const { attempts } = await readFailures(tx, { since, most: MOST, onlyUnclassified: true })
  const groups = new Map<string, UnclassifiedGroup>()
  for (const { signal, code, at, jobNumber, number, message } of attempts) {
    // What has a rule by now, and what Holdpoint itself stopped for, is known.
    if (signal === null || signal.source === 'ours' || decide(signal, rules).ruleId !== null) continue
    const seen = groups.get(code)
    if (seen === undefined) {
      const example = { jobNumber, attempt: number, message }
      const time = at.toISOString()
      groups.set(code, { code, count: 1, firstAt: time, lastAt: time, example, signal: signalFor(code, signal) })
    } else {
      seen.count += 1
      // Newest first.
      seen.firstAt = at.toISOString()
    }
  }
  return [...groups.values()].sort((one, other) => other.count - one.count)
}

function signalFor(code: string, signal: NonNullable<FailedAttempt['signal']>): Rule['signal'] {
  if (signal.incomplete != null) return { kind: 'incomplete', value: signal.incomplete }
  if (signal.code === null && signal.httpStatus !== null)
    return { kind: 'http_status', value: String(signal.httpStatus) }
  return { kind: 'code', value: signal.code ?? code }
}
