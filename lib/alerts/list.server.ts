/** Alerts as people read them: open ones, those of before, and what every page asks for. */
import type { Alert, AlertMessage } from '@/lib/generated/prisma/client'
import { workflowNames } from '@/lib/money/stops.server'
import type { Tx } from '@/lib/store/db.server'
import { CHECK_STALE_MS, lastCheck } from './evaluate.server'
import { alertKindOf } from './kinds'
import type { AlertNews, AlertsView, AlertView, MessageView } from './view'
import { alertWords } from './words'

const CLOSED_SHOWN = 20
/** More open ones are counted, and not listed on every page. */
const MOST_NEWS = 20
const MOST_OPEN = 200

type Row = Alert & { messages?: AlertMessage[] }

/** Everything that the page of alerts shows. @param before where an earlier page ended: `older` of its view. */
export async function readAlerts(
  tx: Tx,
  { now, before = null }: { now: Date; before?: string | null },
): Promise<AlertsView> {
  const cursor = cursorOf(before)
  const [open, closed, check] = await Promise.all([
    tx.alert.findMany({
      where: { closedAt: null },
      orderBy: [{ openedAt: 'desc' }, { id: 'desc' }],
      take: MOST_OPEN,
      include: { messages: true },
    }),
    tx.alert.findMany({
      where: {
        closedAt: { not: null },
        ...(cursor === null
          ? {}
          : { OR: [{ openedAt: { lt: cursor.at } }, { openedAt: cursor.at, id: { lt: cursor.id } }] }),
      },
      orderBy: [{ openedAt: 'desc' }, { id: 'desc' }],
      take: CLOSED_SHOWN + 1,
      include: { messages: true },
    }),
    lastCheck(tx),
  ])
  const shown = closed.slice(0, CLOSED_SHOWN)
  const views = await alertViews(tx, [...open, ...shown])
  const last = closed.length > CLOSED_SHOWN ? shown.at(-1) : undefined
  return {
    checked: check === null ? null : { at: check.at.toISOString(), by: check.by },
    isStale: check === null || now.getTime() - check.at.getTime() > CHECK_STALE_MS,
    open: views.filter(({ closed: isOver }) => isOver === null).toSorted(loudestFirst),
    closed: views.filter(({ closed: isOver }) => isOver !== null),
    older: last === undefined ? null : `${last.openedAt.toISOString()}~${last.id}`,
  }
}

/** What nobody has acknowledged stands first. */
function loudestFirst(a: AlertView, b: AlertView): number {
  return Number(a.acknowledged !== null) - Number(b.acknowledged !== null)
}

function cursorOf(text: string | null): { at: Date; id: string } | null {
  const [at = '', id = ''] = text?.split('~') ?? []
  const date = new Date(at)
  return Number.isNaN(date.getTime()) || !/^[0-9a-f-]{36}$/.test(id) ? null : { at: date, id }
}

/** Open alerts in brief. @param workflowKey only those about it; absent: all. */
export async function readAlertNews(tx: Tx, workflowKey?: string): Promise<AlertNews> {
  const open = await tx.alert.findMany({
    where: { closedAt: null, ...(workflowKey === undefined ? {} : { workflowKey }) },
    orderBy: [{ openedAt: 'desc' }, { id: 'desc' }],
    take: MOST_OPEN,
  })
  const views = (await alertViews(tx, open)).toSorted(loudestFirst)
  return {
    open: open.length,
    unacknowledged: open.filter(({ acknowledgedAt }) => acknowledgedAt === null).length,
    items: views.slice(0, MOST_NEWS).map(({ id, kind, workflow, heading, sentence, openedAt, acknowledged }) => ({
      id,
      kind,
      workflow,
      heading,
      sentence,
      openedAt,
      acknowledged,
    })),
  }
}

/** The views of these alerts, in their order, without those of a kind that this version does not know. */
export async function alertViews(tx: Tx, alerts: readonly Row[]): Promise<AlertView[]> {
  if (alerts.length === 0) return []
  const keys = [...new Set(alerts.flatMap(({ workflowKey }) => (workflowKey === null ? [] : [workflowKey])))]
  const by = [...new Set(alerts.flatMap(({ acknowledgedBy }) => (acknowledgedBy === null ? [] : [acknowledgedBy])))]
  const names = await workflowNames(tx, keys)
  const users = await tx.user.findMany({ where: { id: { in: by } }, select: { id: true, name: true } })
  const people = new Map(users.map(({ id, name }) => [id, name]))
  return alerts.flatMap((alert) => viewOf(alert, names, people))
}

function viewOf(alert: Row, names: Map<string, string>, people: Map<string, string>): AlertView[] {
  const kind = alertKindOf(alert.kind)
  if (kind === null) return []
  const { id, ruleId, subject, workflowKey, value, acknowledgedAt, acknowledgedBy, closedAt } = alert
  const name = workflowKey === null ? null : (names.get(workflowKey) ?? workflowKey)
  const detail = alert.detail as Record<string, unknown>
  return [
    {
      id,
      ruleId,
      kind,
      workflow: workflowKey === null || name === null ? null : { key: workflowKey, name },
      ...alertWords({ kind, subject, workflow: name, value, detail }, workflowKey),
      openedAt: alert.openedAt.toISOString(),
      lastSeenAt: alert.lastSeenAt.toISOString(),
      isClearing: alert.clearSince !== null && closedAt === null,
      acknowledged:
        acknowledgedAt === null
          ? null
          : {
              by: people.get(acknowledgedBy ?? '') ?? 'Somebody who is no longer here',
              at: acknowledgedAt.toISOString(),
              note: alert.note,
            },
      closed:
        closedAt === null ? null : { at: closedAt.toISOString(), how: alert.closedHow === 'rule' ? 'rule' : 'over' },
      message: messageOf(alert.messages ?? []),
    },
  ]
}

function messageOf(messages: readonly AlertMessage[]): AlertView['message'] {
  const opened = messages.find(({ what }) => what === 'opened')
  if (opened === undefined) return null
  const over = messages.find(({ what }) => what === 'over')
  return { address: opened.address, opened: sendingOf(opened), over: over === undefined ? null : sendingOf(over) }
}

function sendingOf({ state, tries, code, endedAt, nextTryAt }: AlertMessage): MessageView {
  return { state: state as MessageView['state'], tries, code, at: (endedAt ?? nextTryAt).toISOString() }
}
