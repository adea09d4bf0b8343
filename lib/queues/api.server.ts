/** The queues of workflows for the API: how they are set, and changing that. The pages give the same commands. */
import type { Actor } from '@/lib/access/actor'
import { resumeQueue, workflowNames } from '@/lib/money/stops.server'
import type { Db, Tx } from '@/lib/store/db.server'
import { NotFound, QueueConflict } from '@/lib/store/errors'
import type { Queue, QueueCommand, QueueWithHistory } from './api-view'
import { pauseQueue, setLimits, setTakesJobs } from './control.server'
import { queueHistory, queueState, queueStates } from './state.server'
import type { QueueLine, QueueState } from './view'

/** Lines of the history that come with a queue. */
const MOST_LINES = 50

/** Every queue, by the key of its workflow. */
export async function readQueues(tx: Tx): Promise<Queue[]> {
  const states = [...(await queueStates(tx)).values()]
  const names = await workflowNames(
    tx,
    states.map(({ workflowKey }) => workflowKey),
  )
  return states.map((state) => viewOf(state, names)).toSorted((a, b) => (a.workflow.key < b.workflow.key ? -1 : 1))
}

/**
 * One queue, with the newest lines of its history.
 * @throws {NotFound} where there is no such workflow.
 */
export async function readQueue(tx: Tx, workflowKey: string): Promise<QueueWithHistory> {
  const state = await queueState(tx, workflowKey)
  if (state === null) throw new NotFound('There is no such workflow.')
  const [names, { lines }] = await Promise.all([
    workflowNames(tx, [workflowKey]),
    queueHistory(tx, workflowKey, { most: MOST_LINES }),
  ])
  return { ...viewOf(state, names), history: lines.map(lineOf) }
}

/**
 * Changes how a queue is set, in the name of a lead.
 * @throws {Forbidden | InvalidInput | NotFound | QueueConflict} where it stands like that already, too.
 */
export async function giveQueueCommand(
  db: Db,
  actor: Actor,
  workflowKey: string,
  ask: QueueCommand,
  now: Date,
): Promise<void> {
  switch (ask.command) {
    case 'pause':
      return pauseQueue(db, actor, workflowKey, ask.note, now)
    case 'resume': {
      const { didResume } = await resumeQueue(db, actor, workflowKey, ask.note ?? null, now)
      if (!didResume) throw new QueueConflict('Sending does not stand still.')
      return
    }
    case 'drain':
    case 'open':
      return setTakesJobs(db, actor, workflowKey, { takesJobs: ask.command === 'open', note: ask.note, now })
    case 'limit': {
      const { mostLive, sendsPerMinute, note } = ask
      return setLimits(db, actor, workflowKey, { limits: { mostLive, sendsPerMinute }, note, now })
    }
  }
}

function viewOf(state: QueueState, names: ReadonlyMap<string, string>): Queue {
  const { workflowKey, takesJobs, mostLive, sendsPerMinute, stop, drained } = state
  return {
    workflow: { key: workflowKey, name: names.get(workflowKey) ?? workflowKey },
    takesJobs,
    mostLive,
    sendsPerMinute,
    stop,
    drained: drained === null ? null : lineOf(drained),
  }
}

function lineOf({ at, by, sentence, note }: QueueLine) {
  return { at, by, sentence, note }
}
