'use server'
import { z } from 'zod'
import type { QueueActions, QueueOutcome } from '@/components/queues/controls/actions'
import { resumeQueue } from '@/lib/money/stops.server'
import { pauseQueue, setLimits, setTakesJobs } from '@/lib/queues/control.server'
import { db } from '@/lib/store/db.server'
import { sanitiseText } from '@/lib/store/sanitise'
import { asked } from './asked.server'

const text = z.string().max(10_000).overwrite(sanitiseText)
const limitsForm = z.object({
  mostLive: z.number().or(z.nan()).nullable(),
  sendsPerMinute: z.number().or(z.nan()).nullable(),
})

/** Pauses sending of a workflow. */
export async function pauseSending(...given: Parameters<QueueActions['pause']>): Promise<QueueOutcome> {
  return asked(async (actor) => {
    const [workflowKey, note] = [text.parse(given[0]), text.parse(given[1])]
    await pauseQueue(db(), actor, workflowKey, note, new Date())
    return 'Paused. Nothing of it is sent until a lead resumes it.'
  })
}

/** Lets sending of a workflow go on. */
export async function resumePaused(...given: Parameters<QueueActions['resume']>): Promise<QueueOutcome> {
  return asked(async (actor) => {
    const [workflowKey, note] = [text.parse(given[0]), text.parse(given[1])]
    const { didResume } = await resumeQueue(db(), actor, workflowKey, note, new Date())
    return didResume ? 'Sending goes on. What waits is sent as soon as its turn comes.' : 'Sending was resumed before.'
  })
}

/** Lets a workflow take no new jobs. */
export async function drainQueue(...given: Parameters<QueueActions['drain']>): Promise<QueueOutcome> {
  return takes(false, given, 'It takes no new jobs. Those that it has are finished.')
}

/** Lets a workflow take new jobs again. */
export async function openQueue(...given: Parameters<QueueActions['open']>): Promise<QueueOutcome> {
  return takes(true, given, 'It takes new jobs again.')
}

/** Changes how many calls run at once and how many are sent in a minute. */
export async function limitQueue(...given: Parameters<QueueActions['limit']>): Promise<QueueOutcome> {
  return asked(async (actor) => {
    const [workflowKey, limits, note] = [text.parse(given[0]), limitsForm.parse(given[1]), text.parse(given[2])]
    await setLimits(db(), actor, workflowKey, { limits, note, now: new Date() })
    return 'The limits count from now on.'
  })
}

function takes(takesJobs: boolean, given: [string, string], message: string): Promise<QueueOutcome> {
  return asked(async (actor) => {
    const [workflowKey, note] = [text.parse(given[0]), text.parse(given[1])]
    await setTakesJobs(db(), actor, workflowKey, { takesJobs, note, now: new Date() })
    return message
  })
}
