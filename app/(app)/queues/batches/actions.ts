'use server'
import { z } from 'zod'
import type { BatchActions } from '@/components/batches/actions'
import type { QueueOutcome } from '@/components/queues/controls/actions'
import { changeBatch, startBatch } from '@/lib/batches/control.server'
import { db } from '@/lib/store/db.server'
import { asked } from '../asked.server'

const startForm = z.object({
  note: z.string().max(10_000),
  perMinute: z.number().or(z.nan()).nullable(),
  knowingly: z.boolean(),
})

/** Starts a retry of many that was looked at. */
export async function startRetry(...given: Parameters<BatchActions['start']>): Promise<QueueOutcome> {
  return asked(async (actor) => {
    await startBatch(db(), actor, z.uuid().parse(given[0]), { ...startForm.parse(given[1]), now: new Date() })
    return 'Started. What becomes of each job stands on this page.'
  })
}

const DONE = { pause: 'Paused.', resume: 'It goes on.', cancel: 'The rest stays as it is.' }

/** Pauses or resumes a retry of many, or cancels the rest of it. */
export async function changeRetry(...given: Parameters<BatchActions['change']>): Promise<QueueOutcome> {
  return asked(async (actor) => {
    const command = z.enum(['pause', 'resume', 'cancel']).parse(given[1])
    const note = z.string().max(10_000).parse(given[2])
    await changeBatch(db(), actor, z.uuid().parse(given[0]), { command, note, now: new Date() })
    return DONE[command]
  })
}
