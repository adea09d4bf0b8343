'use server'
import { revalidatePath } from 'next/cache'
import { z } from 'zod'
import { hasRole } from '@/lib/access/can'
import { keepTyped, notAllowed, type Outcome, SIGNED_OUT } from '@/lib/access/outcome'
import { readActor, requireActor } from '@/lib/access/session.server'
import { env } from '@/lib/env.server'
import { parseAddress } from '@/lib/notices/address'
import { saveAddress } from '@/lib/notices/address.server'
import type { Choices } from '@/lib/notices/choices'
import { kinds, kindsFor } from '@/lib/notices/kinds'
import { sendTestMail } from '@/lib/notices/test-mail.server'
import { writePreference } from '@/lib/preferences/preferences.server'
import type { SavedNoteView } from '@/lib/review/saved-note-view'
import { addNote, editNote, listNotes, NoteRefused, removeNote } from '@/lib/review/saved-notes.server'
import { db } from '@/lib/store/db.server'

const PATH = '/settings/notices'
const BROKEN = 'That could not be read. Load the page again.'

/** How the person is told of what: a box for each way of each kind that they may get. */
export async function saveChoices(_before: Outcome | null, form: FormData): Promise<Outcome> {
  const actor = await readActor()
  if (actor === null) return SIGNED_OUT
  const chosen = kindsFor(actor.roles).map((kind) => [
    kind,
    {
      ...(kinds[kind].isAlwaysInApp ? {} : { app: form.has(`${kind}.app`) }),
      email: form.has(`${kind}.email`),
    },
  ])
  await writePreference(db(), actor.userId, 'notices', Object.fromEntries(chosen) as Choices)
  revalidatePath(PATH)
  return { ok: true, message: 'Saved. It counts for what happens from now on.', done: null }
}

/** Whether single keys do something for this person; the page keeps it in its browser, too. */
export async function saveSingleKeys(isOn: boolean): Promise<Outcome> {
  const actor = await readActor()
  if (actor === null) return SIGNED_OUT
  if (!z.boolean().safeParse(isOn).success) return notAllowed(BROKEN)
  await writePreference(db(), actor.userId, 'single-keys', isOn ? 'on' : 'off')
  revalidatePath(PATH)
  const message = isOn ? 'Single keys are on.' : 'Single keys are off. Shortcuts with Ctrl or ⌘ still work.'
  return { ok: true, message, done: null }
}

/** Sends the person a letter now, and says what came of it. */
export async function sendMeATest(_before: Outcome | null): Promise<Outcome> {
  const actor = await readActor()
  if (actor === null) return SIGNED_OUT
  const { ok, sentence } = await sendTestMail(db(), env(), { userId: actor.userId, now: new Date() })
  return ok ? { ok, message: sentence, done: null } : notAllowed(sentence)
}

/** The address that letters name. Empty: none. */
export async function saveOwnAddress(_before: Outcome | null, form: FormData): Promise<Outcome> {
  const actor = await readActor()
  if (actor === null) return keepTyped(SIGNED_OUT, form, ['address'])
  if (!hasRole(actor, 'lead')) return notAllowed('Only a lead or an owner may change the address.')
  const typed = z.string().max(500).safeParse(form.get('address'))
  if (!typed.success) return notAllowed(BROKEN)
  const address = typed.data.trim() === '' ? null : parseAddress(typed.data)
  if (address !== null && !address.ok) return { ...notAllowed(address.why), typed: { address: typed.data } }
  await saveAddress(db(), address?.url ?? null)
  revalidatePath(PATH)
  const message = address === null ? 'Letters name no address from now on.' : `Letters link to ${address.url}.`
  return { ok: true, message, done: null }
}

const noteSchema = z.object({ title: z.string().max(1_000), text: z.string().max(100_000) })

/** Keeps a note of the person. Also for the desk. */
export async function keepNote(note: { title: string; text: string }): Promise<Outcome<SavedNoteView | null>> {
  const actor = await readActor()
  if (actor === null) return SIGNED_OUT
  const given = noteSchema.safeParse(note)
  if (!given.success) return notAllowed('That is too long for a note.')
  return noteOutcome(async () => {
    const kept = await addNote(db(), actor.userId, given.data)
    return { message: `Kept as “${kept.title}”.`, done: kept }
  })
}

/** The notes of the person. Also for the desk. */
export async function readMyNotes(): Promise<SavedNoteView[]> {
  const actor = await requireActor(PATH)
  return listNotes(db(), actor.userId)
}

export async function changeNote(id: string, note: { title: string; text: string }): Promise<Outcome> {
  const actor = await readActor()
  if (actor === null) return SIGNED_OUT
  const given = noteSchema.safeParse(note)
  if (!given.success || !z.uuid().safeParse(id).success) return notAllowed(BROKEN)
  return noteOutcome(async () => {
    await editNote(db(), actor.userId, id, given.data)
    return { message: 'Saved.', done: null }
  })
}

export async function dropNote(id: string): Promise<Outcome> {
  const actor = await readActor()
  if (actor === null) return SIGNED_OUT
  if (!z.uuid().safeParse(id).success) return notAllowed(BROKEN)
  await removeNote(db(), actor.userId, id)
  revalidatePath(PATH)
  return { ok: true, message: 'The note was removed.', done: null }
}

async function noteOutcome<Done>(work: () => Promise<{ message: string; done: Done }>): Promise<Outcome<Done>> {
  try {
    const done = await work()
    revalidatePath(PATH)
    return { ok: true, ...done }
  } catch (error) {
    if (error instanceof NoteRefused) return notAllowed(error.message)
    throw error
  }
}
