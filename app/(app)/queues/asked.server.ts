import { revalidatePath } from 'next/cache'
import { z } from 'zod'
import type { QueueOutcome } from '@/components/queues/controls/actions'
import type { Actor } from '@/lib/access/actor'
import { readActor } from '@/lib/access/session.server'
import { problemOf } from '@/lib/http/expected.server'
import { hearOwnChange } from '@/lib/jobs/changes.server'
import { asLead } from '@/lib/queues/control.server'

/** Runs what a lead asked for on a page about queues; what was refused in an expected way becomes an outcome. */
export async function asked(work: (actor: Actor) => Promise<string>): Promise<QueueOutcome> {
  try {
    const actor = await readActor()
    if (actor === null) return { ok: false, message: 'You are signed out. Sign in again in another tab.', errors: {} }
    asLead(actor)
    const message = await work(actor)
    hearOwnChange()
    revalidatePath('/queues', 'layout')
    return { ok: true, message }
  } catch (error) {
    if (error instanceof z.ZodError) {
      return { ok: false, message: 'That could not be read. Load the page again.', errors: {} }
    }
    const problem = await problemOf(error)
    if (problem === null) throw error
    const errors = Object.fromEntries((problem.errors ?? []).map(({ pointer, detail }) => [pointer.slice(1), detail]))
    return { ok: false, message: problem.detail, errors }
  }
}
