/**
 * Looking at the rules: one process at a time, whichever comes first. Workers do, and so does every web server, because
 * somebody must be there to say that no worker is. Opening an alert and telling of it are one transaction.
 */
import { v7 as uuidv7 } from 'uuid'
import type { Alert, AlertRule, Prisma } from '@/lib/generated/prisma/client'
import { tellOpenPages } from '@/lib/notices/leave.server'
import { alone } from '@/lib/store/alone.server'
import type { Db, Tx } from '@/lib/store/db.server'
import { findAll } from './findings.server'
import { type Finding, isExplained, isLookedPast, planAlerts } from './judge'
import { type AlertKind, alertKindOf, alertKinds } from './kinds'
import { tellOpened, tellOver } from './tell.server'

/** The rules are looked at once in this time, by all processes together. In milliseconds. */
export const CHECK_EVERY_MS = 15_000
/** Older than this, nobody looks any more, and the pages say so. */
export const CHECK_STALE_MS = 4 * CHECK_EVERY_MS

export type Evaluation = { opened: number; closed: number }

export type EvaluateOptions = {
  /** Which process this is, as the pages name it: 'worker host:pid' or 'web host:pid'. */
  by: string
  /** By the database's clock, unless a test says otherwise. */
  now?: Date
  /** Not again within this time; 0: at once. */
  everyMs?: number
}

/** Looks at every rule. @returns what changed; null where another process does it, or did it a moment ago. */
export function evaluateAlerts(
  db: Db,
  { by, now: given, everyMs = CHECK_EVERY_MS }: EvaluateOptions,
): Promise<Evaluation | null> {
  return alone(db, 'alerts', async (tx) => {
    const now = given ?? (await databaseNow(tx))
    const due = new Date(now.getTime() - everyMs)
    const claimed = await tx.$executeRaw`
      INSERT INTO alert_check (id, at, by) VALUES (1, ${now}::timestamptz, ${by})
      ON CONFLICT (id) DO UPDATE SET at = excluded.at, by = excluded.by WHERE alert_check.at <= ${due}::timestamptz`
    return claimed === 0 ? null : evaluateAll(tx, now)
  })
}

async function databaseNow(tx: Tx): Promise<Date> {
  const [row] = await tx.$queryRaw<{ now: Date }[]>`SELECT now()`
  return row?.now ?? new Date()
}

async function evaluateAll(tx: Tx, now: Date): Promise<Evaluation> {
  const [rules, open] = [
    await tx.alertRule.findMany({ orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] }),
    await tx.alert.findMany({ where: { closedAt: null }, orderBy: [{ openedAt: 'asc' }, { id: 'asc' }] }),
  ]
  const done: Evaluation = { opened: 0, closed: await closeOfRules(tx, rules, open, now) }
  // First what explains the others.
  const active = rules
    .flatMap((rule) => {
      const kind = alertKindOf(rule.kind)
      return kind !== null && isInForce(rule) ? [{ rule, kind }] : []
    })
    .toSorted((a, b) => alertKinds.indexOf(a.kind) - alertKinds.indexOf(b.kind))
  // Until it is over for good: in the first moments of a new worker everything still stands.
  const explains = { noWorker: open.some(({ kind }) => kind === 'no_worker') }
  for (const { rule, kind } of active) {
    const findings = await findAll(tx, kind, rule, now)
    const all = open.filter((alert) => alert.ruleId === rule.id)
    const past = all.filter((alert) => isLookedPast({ ...rule, kind }, alert, findings))
    done.closed += await closeQuietly(tx, past, now)
    const ofRule = all.filter((alert) => !past.includes(alert))
    const plan = planAlerts({ kind, threshold: rule.threshold }, findings, ofRule, {
      now,
      mayOpen: () => !isExplained(kind, explains),
    })
    for (const finding of plan.open) done.opened += await openAlert(tx, rule, kind, finding, now)
    for (const { id, finding, worst } of plan.keep) {
      const { value, detail, seenAt = now } = finding
      await tx.alert.update({
        where: { id },
        data: { value, worst, detail: detail as Prisma.InputJsonValue, lastSeenAt: seenAt, clearSince: null },
      })
    }
    await tx.alert.updateMany({ where: { id: { in: plan.clearing } }, data: { clearSince: now } })
    await tx.alert.updateMany({ where: { id: { in: plan.unsure } }, data: { clearSince: null } })
    for (const id of plan.close) done.closed += await closeAlert(tx, rule, id, now)
    // Of a rule that is only about to find it, too: what follows from it must not be told first.
    if (kind === 'no_worker' && findings.some(({ value }) => value !== null)) explains.noWorker = true
  }
  if (done.opened + done.closed > 0) await tellOpenPages(tx)
  return done
}

const isInForce = ({ isOn, retiredAt }: AlertRule): boolean => isOn && retiredAt === null

/** Those whose rule is not in force any more: nobody can say whether they are over, so nobody is told that they are. */
async function closeOfRules(tx: Tx, rules: AlertRule[], open: Alert[], now: Date): Promise<number> {
  const inForce = new Set(rules.filter(isInForce).map(({ id }) => id))
  return closeQuietly(
    tx,
    open.filter(({ ruleId }) => !inForce.has(ruleId)),
    now,
  )
}

/** Closes what is not looked for any more. */
async function closeQuietly(tx: Tx, alerts: Alert[], now: Date): Promise<number> {
  if (alerts.length === 0) return 0
  const { count } = await tx.alert.updateMany({
    where: { id: { in: alerts.map(({ id }) => id) }, closedAt: null },
    data: { closedAt: now, closedHow: 'rule' },
  })
  return count
}

async function openAlert(
  tx: Tx,
  rule: AlertRule,
  kind: AlertKind,
  { subject, workflowKey, value, detail, seenAt }: Finding & { value: number },
  now: Date,
): Promise<number> {
  const alert = await tx.alert.create({
    data: {
      id: uuidv7(),
      ruleId: rule.id,
      ruleVersion: rule.version,
      kind,
      subject,
      workflowKey,
      threshold: rule.threshold,
      value,
      worst: value,
      detail: detail as Prisma.InputJsonValue,
      openedAt: now,
      lastSeenAt: seenAt ?? now,
    },
  })
  await tellOpened(tx, rule, alert, now)
  return 1
}

async function closeAlert(tx: Tx, rule: AlertRule, id: string, now: Date): Promise<number> {
  const { count } = await tx.alert.updateMany({
    where: { id, closedAt: null },
    data: { closedAt: now, closedHow: 'over' },
  })
  if (count > 0) await tellOver(tx, rule, await tx.alert.findUniqueOrThrow({ where: { id } }), now)
  return count
}

/** When the rules were last looked at, and by whom; null: never. */
export async function lastCheck(tx: Tx): Promise<{ at: Date; by: string } | null> {
  return tx.alertCheck.findUnique({ where: { id: 1 }, select: { at: true, by: true } })
}
