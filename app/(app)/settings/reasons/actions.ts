'use server'
import { revalidatePath } from 'next/cache'
import { z } from 'zod'
import { hasRole } from '@/lib/access/can'
import { notAllowed, type Outcome, SIGNED_OUT } from '@/lib/access/outcome'
import { readActor } from '@/lib/access/session.server'
import {
  addReason,
  ReasonRefused,
  renameReason,
  reorderReasons,
  restoreReason,
  retireReason,
} from '@/lib/review/reasons.server'
import { db } from '@/lib/store/db.server'
import { sanitiseText } from '@/lib/store/sanitise'

const PATH = '/settings/reasons'
const words = z.object({ label: z.string().max(1_000), commands: z.array(z.string()).max(10) })
const key = z.string().max(100).overwrite(sanitiseText)

export async function addToReasons(reason: z.infer<typeof words>): Promise<Outcome> {
  return asLead(async (actor) => {
    await addReason(db(), words.parse(reason), { createdBy: actor.userId })
    return 'Added. Reviewers can choose it now.'
  })
}

export async function changeReason(which: string, reason: z.infer<typeof words>): Promise<Outcome> {
  return asLead(async () => {
    await renameReason(db(), key.parse(which), words.parse(reason))
    return 'Saved.'
  })
}

export async function retireFromReasons(which: string): Promise<Outcome> {
  return asLead(async () => {
    await retireReason(db(), key.parse(which))
    return 'Retired. What was decided with it keeps it.'
  })
}

export async function offerAgain(which: string): Promise<Outcome> {
  return asLead(async () => {
    await restoreReason(db(), key.parse(which))
    return 'Offered again, at the end of the list.'
  })
}

export async function orderReasons(keys: string[]): Promise<Outcome> {
  return asLead(async () => {
    await reorderReasons(db(), z.array(key).max(100).parse(keys))
    return 'The order was changed.'
  })
}

async function asLead(work: (actor: { userId: string | null }) => Promise<string>): Promise<Outcome> {
  const actor = await readActor()
  if (actor === null) return SIGNED_OUT
  if (!hasRole(actor, 'lead')) return notAllowed('Only a lead or an owner may change the list of reasons.')
  try {
    const message = await work(actor)
    revalidatePath(PATH)
    return { ok: true, message, done: null }
  } catch (error) {
    if (error instanceof ReasonRefused) return notAllowed(error.message)
    if (error instanceof z.ZodError) return notAllowed('That could not be read. Load the page again.')
    throw error
  }
}
