/** How the queues of workflows are set now, and their history, for pages. */
import { stopOf } from '@/lib/money/stops.server'
import type { Tx } from '@/lib/store/db.server'
import type { QueueLine, QueueNotes, QueueState } from './view'
import { type ChangeKind, changeSentence } from './words'

/** How the queue of one workflow is set; null where there is none. */
export async function queueState(tx: Tx, workflowKey: string): Promise<QueueState | null> {
  const control = await tx.queueControl.findUnique({ where: { workflowKey } })
  if (control === null) return null
  const [stop, drained] = await Promise.all([
    stopOf(tx, workflowKey),
    control.takesJobs ? null : lastLine(tx, workflowKey, 'drained'),
  ])
  const { takesJobs, mostLive, sendsPerMinute } = control
  return { workflowKey, takesJobs, mostLive, sendsPerMinute, stop, drained }
}

/** The same of every workflow, by key. */
export async function queueStates(tx: Tx): Promise<Map<string, QueueState>> {
  const controls = await tx.queueControl.findMany({ select: { workflowKey: true } })
  const states = await Promise.all(controls.map(({ workflowKey }) => queueState(tx, workflowKey)))
  return new Map(states.flatMap((state) => (state === null ? [] : [[state.workflowKey, state] as const])))
}

async function lastLine(tx: Tx, workflowKey: string, kind: ChangeKind): Promise<QueueLine | null> {
  const row = await tx.queueChange.findFirst({
    where: { workflowKey, kind },
    orderBy: [{ at: 'desc' }, { id: 'desc' }],
  })
  return row === null ? null : ((await linesOf(tx, [row]))[0] ?? null)
}

/** Who changed what of the queue and why, the newest first. @param before the `id` of the last line of the page before. */
export async function queueHistory(
  tx: Tx,
  workflowKey: string,
  { most, before = null }: { most: number; before?: { at: Date; id: string } | null },
): Promise<{ lines: QueueLine[]; more: boolean }> {
  const rows = await tx.queueChange.findMany({
    where: {
      workflowKey,
      ...(before === null ? {} : { OR: [{ at: { lt: before.at } }, { at: before.at, id: { lt: before.id } }] }),
    },
    orderBy: [{ at: 'desc' }, { id: 'desc' }],
    take: most + 1,
  })
  return { lines: await linesOf(tx, rows.slice(0, most)), more: rows.length > most }
}

type ChangeRow = Awaited<ReturnType<Tx['queueChange']['findMany']>>[number]

async function linesOf(tx: Tx, rows: readonly ChangeRow[]): Promise<QueueLine[]> {
  const ids = rows.flatMap(({ userId }) => (userId === null ? [] : [userId]))
  const batches = rows.flatMap((row) => batchOf(row) ?? [])
  const [people, items] = await Promise.all([
    ids.length === 0 ? [] : tx.user.findMany({ where: { id: { in: ids } }, select: { id: true, name: true } }),
    batches.length === 0
      ? []
      : tx.retryBatchItem.groupBy({ by: ['batchId', 'outcome'], where: { batchId: { in: batches } }, _count: true }),
  ])
  return rows.map((row) => {
    const name = people.find(({ id }) => id === row.userId)?.name
    const who = row.userId === null ? 'Holdpoint' : (name ?? 'Somebody who is no longer here')
    const said = { before: row.before as Record<string, unknown>, after: row.after as Record<string, unknown> }
    const batchId = batchOf(row)
    const counts = items.filter((item) => item.batchId === batchId)
    return {
      id: row.id,
      at: row.at.toISOString(),
      kind: row.kind as ChangeKind,
      by: row.userId === null ? null : who,
      sentence: changeSentence(row.kind as ChangeKind, who, said),
      note: row.note,
      batch:
        batchId === null
          ? null
          : { id: batchId, outcomes: Object.fromEntries(counts.map(({ outcome, _count }) => [outcome, _count])) },
    }
  })
}

function batchOf({ kind, after }: ChangeRow): string | null {
  const id = kind === 'retried' ? (after as { batch?: unknown }).batch : null
  return typeof id === 'string' ? id : null
}

/** What somebody who starts a job must know of the queues that do not run as usual, by workflow. */
export async function queueNotes(tx: Tx): Promise<QueueNotes> {
  const [closed, stops] = await Promise.all([
    tx.queueControl.findMany({ where: { takesJobs: false }, select: { workflowKey: true } }),
    tx.queueStop.findMany({ where: { resumedAt: null }, select: { workflowKey: true } }),
  ])
  const notes: QueueNotes = {}
  for (const { workflowKey } of stops) notes[workflowKey] = { drained: null, stopped: true }
  for (const { workflowKey } of closed) {
    const line = await lastLine(tx, workflowKey, 'drained')
    notes[workflowKey] = { stopped: notes[workflowKey] !== undefined, drained: line?.note ?? '' }
  }
  return notes
}
