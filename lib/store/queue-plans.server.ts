/** What commands about a job's place in its queue change: how urgent it is, and when it is due. */
import type { Planner } from './command-plans.server'
import { InvalidInput } from './errors'
import { earlier } from './move.server'

function refuse(pointer: string, detail: string): InvalidInput {
  return new InvalidInput(detail, [{ pointer, detail }])
}

export const planPrioritise: Planner = async (tx, { job, round }, { params: { priority }, now }) => {
  if (priority === undefined) throw refuse('/params/priority', 'Say which priority: a whole number from -100 to 100.')
  if (priority === job.priority) throw refuse('/params/priority', 'It has this priority already. Choose another.')
  // Its place among those that wait, before its wake-up: as whoever calls the next one does.
  await tx.queueWait.updateMany({ where: { jobId: job.id }, data: { priority, calledAt: null } })
  return {
    set: { priority },
    round,
    // What waits asks for its turn in its new place.
    wakeAt: job.state === 'queued' ? earlier(job.notBefore ?? now, job.dueAt) : null,
    detail: { priority: { from: job.priority, to: priority } },
  }
}

export const planReschedule: Planner = async (tx, { job, round }, { params, now }) => {
  if (params.dueAt === undefined) throw refuse('/params/dueAt', 'Say when it is due.')
  const dueAt = new Date(params.dueAt)
  if (dueAt.getTime() === job.dueAt?.getTime())
    throw refuse('/params/dueAt', 'It is due then already. Choose another time.')
  if (round?.snoozedUntil != null && round.snoozedUntil >= dueAt) {
    throw refuse('/params/dueAt', 'It is snoozed until after that. End the snooze, or choose a later time.')
  }
  if (round !== null) await tx.reviewRound.updateMany({ where: { id: round.id, closedAt: null }, data: { dueAt } })
  return {
    // The time in which its queue stood still before is in the time that was chosen now.
    set: { dueAt, clockAt: now },
    round: round === null ? null : { ...round, dueAt },
    wakeAt: dueAt,
    detail: { dueBefore: job.dueAt?.toISOString() ?? null },
  }
}
