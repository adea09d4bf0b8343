'use server'
import { revalidatePath } from 'next/cache'
import { z } from 'zod'
import type { Actor } from '@/lib/access/actor'
import { readActor } from '@/lib/access/session.server'
import type { AlertOutcome } from '@/lib/alerts/outcome'
import { problemOf } from '@/lib/http/expected.server'
import { db } from '@/lib/store/db.server'
import { askToLeave, writeOff } from '@/lib/workers/leave.server'

/** Asks a worker to finish what it has in hand, and to leave. */
export async function askWorkerToLeave(id: string): Promise<AlertOutcome> {
  return asPerson(async (actor) => {
    const asked = await askToLeave(db(), actor, z.uuid().parse(id))
    if (asked.kind === 'already') return 'It was asked before, or is not there any more.'
    return asked.isKept
      ? 'Asked. It finishes what it has in hand and leaves; another is started in its place.'
      : 'Asked. It finishes what it has in hand and leaves.'
  })
}

/** Says of a worker that is gone that it will not come back. */
export async function writeWorkerOff(id: string): Promise<AlertOutcome> {
  return asPerson(async (actor) => {
    const done = await writeOff(db(), actor, z.uuid().parse(id))
    return done ? 'Noted. Nobody is told of it any more.' : 'It is not gone: it beats, or it left.'
  })
}

async function asPerson(work: (actor: Actor) => Promise<string>): Promise<AlertOutcome> {
  try {
    const actor = await readActor()
    if (actor === null) return refuse('You are signed out. Sign in again in another tab.')
    const message = await work(actor)
    revalidatePath('/queues/workers')
    return { ok: true, message }
  } catch (error) {
    if (error instanceof z.ZodError) return refuse('That could not be read. Load the page again.')
    const problem = await problemOf(error)
    if (problem === null) throw error
    return refuse(problem.detail)
  }
}

function refuse(message: string): AlertOutcome {
  return { ok: false, message, errors: {} }
}
