'use server'
import { revalidatePath } from 'next/cache'
import { z } from 'zod'
import type { Actor } from '@/lib/access/actor'
import { notAllowed, type Outcome, SIGNED_OUT } from '@/lib/access/outcome'
import { readActor } from '@/lib/access/session.server'
import { db } from '@/lib/store/db.server'
import { type ViewAsk, viewAskSchema } from '@/lib/views/view'
import { addView, changeView, pinView, removeView, ViewRefused } from '@/lib/views/views.server'

const PATH = '/search'
const idSchema = z.uuid()

/** Keeps a search under a name. `done` is the id of the view. */
export async function saveView(ask: ViewAsk): Promise<Outcome<string>> {
  return asPerson(async (actor) => {
    const { id, pinned } = await addView(db(), actor, viewAskSchema.parse(ask))
    const where = pinned ? 'It stands in the side bar.' : 'The side bar is full: take a view away to pin it.'
    return { message: `Saved. ${where}`, done: id }
  })
}

export async function changeSavedView(id: string, ask: ViewAsk): Promise<Outcome> {
  return asPerson(async (actor) => {
    await changeView(db(), actor, idSchema.parse(id), viewAskSchema.parse(ask))
    return { message: 'The view was changed.', done: null }
  })
}

export async function removeSavedView(id: string): Promise<Outcome> {
  return asPerson(async (actor) => {
    await removeView(db(), actor, idSchema.parse(id))
    return { message: 'The view was removed.', done: null }
  })
}

export async function pinSavedView(id: string, pinned: boolean): Promise<Outcome> {
  return asPerson(async (actor) => {
    await pinView(db(), actor, idSchema.parse(id), z.boolean().parse(pinned))
    return { message: pinned ? 'It stands in the side bar.' : 'Taken from the side bar.', done: null }
  })
}

async function asPerson<Done>(
  work: (actor: Actor & { userId: string }) => Promise<{ message: string; done: Done }>,
): Promise<Outcome<Done>> {
  const actor = await readActor()
  if (actor === null) return SIGNED_OUT
  const { userId } = actor
  if (userId === null) return notAllowed('Only a person keeps views.')
  try {
    const done = await work({ ...actor, userId })
    revalidatePath(PATH)
    return { ok: true, ...done }
  } catch (error) {
    if (error instanceof ViewRefused) return notAllowed(error.message)
    if (error instanceof z.ZodError) return notAllowed('That could not be read. Load the page again.')
    throw error
  }
}
