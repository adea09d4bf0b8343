/**
 * Unclassified failures: found among the calls that ended last, and over when somebody has said what they are: a failure
 * rule, or of their groups that they are resolved or ignored. That none came for long ends nothing.
 */
import { signalOf } from '@/lib/failures/signal'
import { stateNow } from '@/lib/failures/store.server'
import { decide } from '@/lib/rules/decide'
import { currentRules } from '@/lib/rules/store.server'
import type { Rule } from '@/lib/rules/types'
import type { Tx } from '@/lib/store/db.server'
import { sanitiseText } from '@/lib/store/sanitise'
import type { Finding } from './judge'

const MINUTE_MS = 60_000
/** The longest time that a rule looks back over: what was seen so long before an alert opened may be its cause. */
const LONGEST_WINDOW_MS = 7 * 24 * 60 * MINUTE_MS
/** Codes that one rule tells of at a time: with more, something else is wrong, and the page of rules has them all. */
const MOST_CODES = 20
/** Of codes and places together, before those are left out that have a rule by now. */
const MOST_READ = 1_000
const LONGEST_CODE = 200

type Ask = { workflowKey: string | null; minutes: number | null }
type Met = { code: string; signal: string }

/** One finding a code that nobody has classified; its value is null where it was met, and not of late. */
export async function unclassifiedSeen(tx: Tx, { minutes, workflowKey }: Ask, now: Date): Promise<Finding[]> {
  const since = new Date(now.getTime() - (minutes ?? 60) * MINUTE_MS)
  const { rules } = await currentRules(tx)
  const open = await openCodes(tx)
  const seen = new Map<string, { value: number; seenAt: number }>()
  for (const { count, last, ...met } of await metSince(tx, since, { workflowKey, now })) {
    if (isNamed(met, rules)) continue
    const { value, seenAt } = seen.get(subjectOf(met.code)) ?? { value: 0, seenAt: 0 }
    seen.set(subjectOf(met.code), { value: value + count, seenAt: Math.max(seenAt, last.getTime()) })
  }
  // Those that were told of first, so that none of them stands as it was for a newer one.
  const told = [...seen]
    .toSorted(([one, a], [other, b]) => Number(open.has(other)) - Number(open.has(one)) || b.value - a.value)
    .slice(0, MOST_CODES)
  const quiet = [...open].filter(([subject]) => told.every(([code]) => code !== subject))
  const lasting = await stillUnsaid(tx, new Map(quiet), { workflowKey, rules, now })
  // A code is one cause, however many workflows meet it.
  return [
    ...told.map(([subject, { value, seenAt }]) => ({
      subject,
      workflowKey,
      value,
      seenAt: new Date(seenAt),
      detail: {},
    })),
    ...lasting.map((subject) => ({ subject, workflowKey, value: null, detail: {} })),
  ]
}

const subjectOf = (code: string): string => sanitiseText(code === '' ? 'no code' : code).slice(0, LONGEST_CODE)

/** Whether a rule in force knows it; what cannot be told from what is stored, none does. */
function isNamed(met: Met, rules: readonly Rule[]): boolean {
  const signal = signalOf(met)
  return signal !== null && decide(signal, rules).ruleId !== null
}

/** What alerts are open about, and the earliest time at which one was opened, by any rule. */
async function openCodes(tx: Tx): Promise<Map<string, Date>> {
  const alerts = await tx.alert.findMany({
    where: { kind: 'unclassified_seen', closedAt: null },
    orderBy: [{ openedAt: 'desc' }],
    select: { subject: true, openedAt: true },
  })
  return new Map(alerts.map(({ subject, openedAt }) => [subject, openedAt]))
}

type Within = { workflowKey: string | null; now: Date }

/** By code and place, without what is ignored, and what was met before its group was resolved. */
function metSince(tx: Tx, since: Date, { workflowKey, now }: Within): Promise<(Met & { count: number; last: Date })[]> {
  return tx.$queryRaw`
    SELECT m.code, m.signal, count(*)::int AS count, max(m.ended_at) AS last
      FROM (SELECT j.workflow_key, coalesce(a.failure_code, '') AS code, coalesce(a.failure_signal, '') AS signal, a.ended_at
              FROM attempt a JOIN job j ON j.id = a.job_id
             WHERE a.ended_at > ${since}::timestamptz AND a.failure_class = 'unclassified'
               AND (${workflowKey}::text IS NULL OR j.workflow_key = ${workflowKey}::text)) m
      LEFT JOIN failure_group g ON g.id = failure_fingerprint(m.workflow_key, 'unclassified', m.code, m.signal)
     WHERE CASE g.state WHEN 'ignored' THEN g.ignored_until <= ${now}::timestamptz
                        WHEN 'resolved' THEN g.state_at < m.ended_at
                        ELSE true END
     GROUP BY m.code, m.signal ORDER BY 3 DESC, 1, 2 LIMIT ${MOST_READ}::int`
}

/** Those of these codes of which nobody has said anything yet, or of which that cannot be told. */
async function stillUnsaid(
  tx: Tx,
  opened: Map<string, Date>,
  { workflowKey, rules, now }: Within & { rules: readonly Rule[] },
): Promise<string[]> {
  if (opened.size === 0) return []
  const from = (at: Date) => at.getTime() - LONGEST_WINDOW_MS
  const groups = await tx.failureGroup.findMany({
    where: {
      failureClass: 'unclassified',
      lastSeenAt: { gte: new Date(Math.min(...[...opened.values()].map(from))) },
      ...(workflowKey === null ? {} : { workflowKey }),
    },
    select: { code: true, signal: true, state: true, ignoredUntil: true, lastSeenAt: true },
  })
  const byCode = Map.groupBy(groups, ({ code }) => subjectOf(code))
  return [...opened].flatMap(([subject, at]) => {
    const own = byCode.get(subject)?.filter(({ lastSeenAt }) => lastSeenAt.getTime() >= from(at)) ?? []
    const isUnsaid = own.length === 0 || own.some((group) => stateNow(group, now) === 'open' && !isNamed(group, rules))
    return isUnsaid ? [subject] : []
  })
}
