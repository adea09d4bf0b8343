'use server'
import { redirect } from 'next/navigation'
import { z } from 'zod'
import type { FailureActions } from '@/components/failures/actions'
import type { QueueOutcome } from '@/components/queues/controls/actions'
import { chooseBatch } from '@/lib/batches/choose.server'
import { sayOfGroup } from '@/lib/failures/store.server'
import { db } from '@/lib/store/db.server'
import { sanitiseText } from '@/lib/store/sanitise'
import { asked } from '../asked.server'

const text = z.string().max(10_000).overwrite(sanitiseText)
const moment = z.iso.datetime().nullable()

/** Resolves a group of failures, until it is seen again. */
export async function resolveGroup(...given: Parameters<FailureActions['resolve']>): Promise<QueueOutcome> {
  return asked(async (actor) => {
    const [group, note] = [text.parse(given[0]), text.parse(given[1])]
    await sayOfGroup(db(), actor, group, { state: 'resolved', note, now: new Date() })
    return 'Resolved. It opens by itself when it is seen again.'
  })
}

/** Ignores a group of failures, until a time or for good. */
export async function ignoreGroup(...given: Parameters<FailureActions['ignore']>): Promise<QueueOutcome> {
  return asked(async (actor) => {
    const [group, until, note] = [text.parse(given[0]), moment.parse(given[1]), text.parse(given[2])]
    const at = until === null ? null : new Date(until)
    await sayOfGroup(db(), actor, group, { state: 'ignored', note, until: at, now: new Date() })
    return 'Ignored. It goes on being counted.'
  })
}

/** Opens a group of failures again. */
export async function openGroup(...given: Parameters<FailureActions['open']>): Promise<QueueOutcome> {
  return asked(async (actor) => {
    const [group, note] = [text.parse(given[0]), text.parse(given[1])]
    await sayOfGroup(db(), actor, group, { state: 'open', note, now: new Date() })
    return 'It is open again.'
  })
}

/** Chooses the jobs that a group holds up now, and leads to what a retry of all of them means. */
export async function chooseJobs(...given: Parameters<FailureActions['choose']>): Promise<QueueOutcome> {
  let batch: string | null = null
  const outcome = await asked(async (actor) => {
    batch = await chooseBatch(db(), actor, text.parse(given[0]), new Date())
    return 'These are the jobs.'
  })
  if (batch !== null) redirect(`/queues/batches/${batch}`)
  return outcome
}
