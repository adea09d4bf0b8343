/** Starting a batch that was looked at, and pausing, resuming and cancelling the rest of it. */
import type { Actor } from '@/lib/access/actor'
import type { RetryBatch } from '@/lib/generated/prisma/client'
import { asLead, checkedNote, MOST_PER_MINUTE, write } from '@/lib/queues/control.server'
import type { Db, Tx } from '@/lib/store/db.server'
import { InvalidInput, NotFound, QueueConflict } from '@/lib/store/errors'
import { asksToKnow } from './why-not'

export type StartAsk = {
  note: string
  /** Retries in a minute at most; null: as fast as limits and budgets let them be sent. */
  perMinute: number | null
  /** The failures are of a class that the same input meets again, and the person has read that. */
  knowingly: boolean
  now: Date
}

/**
 * Starts what was looked at: one line in the history of the queue for the whole.
 * @throws {Forbidden | InvalidInput | NotFound | QueueConflict}
 */
export async function startBatch(db: Db, actor: Actor, id: string, ask: StartAsk): Promise<void> {
  const lead = asLead(actor)
  const note = checkedNote(ask.note)
  const { perMinute, now } = ask
  if (perMinute !== null && !(Number.isInteger(perMinute) && perMinute >= 1 && perMinute <= MOST_PER_MINUTE)) {
    const detail = `Give a whole number from 1 to ${MOST_PER_MINUTE.toLocaleString('en')}, or leave it empty.`
    throw new InvalidInput(detail, [{ pointer: '/perMinute', detail }])
  }
  await db.$transaction(async (tx) => {
    const batch = await lockBatch(tx, id)
    if (batch.state !== 'draft') throw new QueueConflict('It was started already.')
    if (batch.createdBy !== lead.userId)
      throw new QueueConflict('Somebody else looks at this one. Choose the jobs yourself.')
    const group = await tx.failureGroup.findUniqueOrThrow({ where: { id: batch.groupId } })
    if (asksToKnow(group.failureClass) && !ask.knowingly) {
      const detail = 'Confirm that the same input is sent again as it is.'
      throw new InvalidInput(detail, [{ pointer: '/knowingly', detail }])
    }
    const jobs = await tx.retryBatchItem.count({ where: { batchId: id, outcome: 'ready' } })
    if (jobs === 0) throw new InvalidInput('None of these jobs can be retried together. The reasons stand beside them.')
    await tx.retryBatch.update({ where: { id }, data: { state: 'running', note, perMinute, startedAt: now } })
    await say(tx, { batchId: id, userId: lead.userId, kind: 'started', note, now })
    await write(tx, lead, {
      workflowKey: batch.workflowKey,
      kind: 'retried',
      before: {},
      after: { batch: id, jobs, group: batch.groupId },
      note,
      now,
    })
  })
}

const FROM = { pause: ['running'], resume: ['paused'], cancel: ['running', 'paused'] } as const
const TO = { pause: 'paused', resume: 'running', cancel: 'cancelled' } as const
export type BatchCommand = keyof typeof FROM

/**
 * Pauses or resumes a batch, or leaves the rest of it as it is. What was retried stays retried.
 * @throws {Forbidden | InvalidInput | NotFound | QueueConflict}
 */
export async function changeBatch(
  db: Db,
  actor: Actor,
  id: string,
  { command, note, now }: { command: BatchCommand; note: string; now: Date },
): Promise<void> {
  const lead = asLead(actor)
  const why = checkedNote(note)
  await db.$transaction(async (tx) => {
    const { state } = await lockBatch(tx, id)
    if (!FROM[command].some((from) => from === state)) {
      throw new QueueConflict(`That is not possible now: it is ${STATE_WORDS[state] ?? state}.`)
    }
    const isOver = command === 'cancel'
    await tx.retryBatch.update({ where: { id }, data: { state: TO[command], endedAt: isOver ? now : null } })
    if (isOver) {
      await tx.retryBatchItem.updateMany({
        where: { batchId: id, outcome: 'ready' },
        data: { outcome: 'left', code: 'cancelled', at: now },
      })
    }
    await say(tx, {
      batchId: id,
      userId: lead.userId,
      kind: TO[command] === 'running' ? 'resumed' : TO[command],
      note: why,
      now,
    })
  })
}

const STATE_WORDS: Record<string, string> = {
  draft: 'not started',
  running: 'under way',
  paused: 'paused',
  cancelled: 'cancelled',
  done: 'done',
}

/** Adds a line to the history of a batch. */
export async function say(
  tx: Tx,
  line: { batchId: string; userId: string | null; kind: string; note: string | null; now: Date },
): Promise<void> {
  const { now, ...data } = line
  await tx.retryBatchChange.create({ data: { ...data, at: now } })
}

async function lockBatch(tx: Tx, id: string): Promise<RetryBatch> {
  await tx.$executeRaw`SELECT 1 FROM retry_batch WHERE id = ${id}::uuid FOR UPDATE`
  const batch = await tx.retryBatch.findUnique({ where: { id } })
  if (batch === null) throw new NotFound('There is no such retry of many.')
  return batch
}
