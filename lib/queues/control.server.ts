/** What leads set of a queue: paused, drained, its limits. Each change is a line of its history, with who and why. */
import type { Actor } from '@/lib/access/actor'
import { hasRole } from '@/lib/access/can'
import { PAUSED, stopWords } from '@/lib/money/stop-words'
import { openStop, workflowNames } from '@/lib/money/stops.server'
import type { Db, Tx } from '@/lib/store/db.server'
import { Forbidden, InvalidInput, NotFound, QueueConflict, QueueDrained } from '@/lib/store/errors'
import { transact } from '@/lib/store/move.server'
import { sanitiseText } from '@/lib/store/sanitise'
import { callWaiting } from './turn.server'
import { LONGEST_NOTE, type QueueLimits } from './words'

/** As many as one installation can sensibly have; the columns hold more. */
export const MOST_LIVE = 10_000
export const MOST_PER_MINUTE = 100_000

type Lead = Actor & { userId: string }

/**
 * Pauses sending of the workflow: nothing is sent from the moment at which this returns, looks go on, and clocks stand
 * still until somebody resumes it.
 * @throws {Forbidden | InvalidInput | NotFound | QueueConflict}
 */
export async function pauseQueue(db: Db, actor: Actor, workflowKey: string, note: string, now: Date): Promise<void> {
  await change(db, actor, { workflowKey, note }, async (tx, lead, why) => {
    const open = await openStop(tx, workflowKey)
    if (open !== null) throw new QueueConflict(`Sending stands still already. ${stopWords(open.reason).sentence}`)
    await tx.queueStop.create({
      data: { workflowKey, reason: PAUSED, since: now, stoppedBy: lead.userId, stopNote: why },
    })
  })
}

/**
 * Drains the queue, or lets it take new jobs again. While it is drained no job is started with the workflow, by form or
 * API; those that it has are finished, retries among them.
 * @throws {Forbidden | InvalidInput | NotFound | QueueConflict}
 */
export async function setTakesJobs(
  db: Db,
  actor: Actor,
  workflowKey: string,
  { takesJobs, note, now }: { takesJobs: boolean; note: string; now: Date },
): Promise<void> {
  await change(db, actor, { workflowKey, note }, async (tx, lead, why) => {
    const { count } = await tx.queueControl.updateMany({
      where: { workflowKey, takesJobs: !takesJobs },
      data: { takesJobs },
    })
    if (count === 0) {
      throw new QueueConflict(takesJobs ? 'It takes new jobs already.' : 'It takes no new jobs already.')
    }
    const kind = takesJobs ? 'opened' : 'drained'
    await write(tx, lead, {
      workflowKey,
      kind,
      before: { takesJobs: !takesJobs },
      after: { takesJobs },
      note: why,
      now,
    })
  })
}

/**
 * Sets how many calls of the workflow may be live at once, and how many may be sent in a minute; null: no limit of ours.
 * @throws {Forbidden | InvalidInput | NotFound | QueueConflict}
 */
export async function setLimits(
  db: Db,
  actor: Actor,
  workflowKey: string,
  { limits, note, now }: { limits: QueueLimits; note: string; now: Date },
): Promise<void> {
  const errors = [
    ...wrong('/mostLive', limits.mostLive, MOST_LIVE),
    ...wrong('/sendsPerMinute', limits.sendsPerMinute, MOST_PER_MINUTE),
  ]
  if (errors.length > 0) throw new InvalidInput(errors.map(({ detail }) => detail).join(' '), errors)
  await change(db, actor, { workflowKey, note }, async (tx, lead, why) => {
    const { mostLive, sendsPerMinute } = await tx.queueControl.findUniqueOrThrow({ where: { workflowKey } })
    if (mostLive === limits.mostLive && sendsPerMinute === limits.sendsPerMinute) {
      throw new QueueConflict('These are its limits already.')
    }
    // A rate that is new begins anew: a minute that was counted by another says nothing.
    const rate = sendsPerMinute === limits.sendsPerMinute ? {} : { nextSendAt: null }
    await tx.queueControl.update({ where: { workflowKey }, data: { ...limits, ...rate } })
    await write(tx, lead, {
      workflowKey,
      kind: 'limited',
      before: { mostLive, sendsPerMinute },
      after: limits,
      note: why,
      now,
    })
  })
  await db.$transaction((tx) => callWaiting(tx, now))
}

function wrong(pointer: string, value: number | null, most: number): { pointer: string; detail: string }[] {
  if (value === null || (Number.isInteger(value) && value >= 1 && value <= most)) return []
  return [{ pointer, detail: `Give a whole number from 1 to ${most.toLocaleString('en')}, or leave it empty.` }]
}

type Line = {
  workflowKey: string
  kind: 'drained' | 'opened' | 'limited' | 'retried'
  before: object
  after: object
  note: string
  now: Date
}

/** Adds a line to the history of a queue. */
export async function write(tx: Tx, { userId }: Lead, { now, ...line }: Line): Promise<void> {
  await tx.queueChange.create({ data: { ...line, userId, at: now } })
}

/** Runs `work` for a lead with a reason, under the lock of the queue's row: nothing starts and no job is made meanwhile. */
async function change(
  db: Db,
  actor: Actor,
  { workflowKey, note }: { workflowKey: string; note: string },
  work: (tx: Tx, lead: Lead, note: string) => Promise<void>,
): Promise<void> {
  const lead = asLead(actor)
  const why = checkedNote(note)
  await transact(db, async (tx) => {
    const rows = await tx.$queryRaw<{ key: string }[]>`
      SELECT workflow_key AS key FROM queue_control WHERE workflow_key = ${workflowKey} FOR UPDATE`
    if (rows.length === 0) throw new NotFound('There is no such workflow.')
    await work(tx, lead, why)
  })
}

/** @throws {Forbidden} where `actor` is no lead, or nobody. */
export function asLead(actor: Actor): Lead {
  if (!hasRole(actor, 'lead') || actor.userId === null) throw new Forbidden('Only a lead or an owner may do this.')
  return { ...actor, userId: actor.userId }
}

/** @throws {InvalidInput} where nothing was said. */
export function checkedNote(note: string): string {
  const words = sanitiseText(note.trim().slice(0, LONGEST_NOTE)).trim()
  if (words !== '') return words
  const detail = 'Give a reason: it is kept in the history.'
  throw new InvalidInput(detail, [{ pointer: '/note', detail }])
}

/**
 * Keeps the queue from being drained until the transaction ends.
 * @throws {QueueDrained} where it takes no new jobs.
 */
export async function refuseWhileDrained(tx: Tx, workflowKey: string): Promise<void> {
  const rows = await tx.$queryRaw<{ takes_jobs: boolean }[]>`
    SELECT takes_jobs FROM queue_control WHERE workflow_key = ${workflowKey} FOR KEY SHARE`
  if (rows[0]?.takes_jobs !== false) return
  const names = await workflowNames(tx, [workflowKey])
  const line = await tx.queueChange.findFirst({
    where: { workflowKey, kind: 'drained' },
    orderBy: [{ at: 'desc' }, { id: 'desc' }],
  })
  const why = line?.note ? ` The reason given: ${line.note}` : ''
  throw new QueueDrained(
    `“${names.get(workflowKey) ?? workflowKey}” takes no new jobs until a lead opens its queue again. Nothing was started.${why}`,
  )
}
