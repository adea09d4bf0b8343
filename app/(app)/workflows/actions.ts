'use server'
import { revalidatePath } from 'next/cache'
import { z } from 'zod'
import type { Actor } from '@/lib/access/actor'
import { hasRole } from '@/lib/access/can'
import { notAllowed, type Outcome } from '@/lib/access/outcome'
import { readActor } from '@/lib/access/session.server'
import { db } from '@/lib/store/db.server'
import { sanitiseText } from '@/lib/store/sanitise'
import type { FileCheck } from '@/lib/workflows/check'
import { checkFile } from '@/lib/workflows/check.server'
import { readWorkflowFile } from '@/lib/workflows/file'
import { bringBack, importWorkflow, retire, WorkflowMoved } from '@/lib/workflows/store.server'

const ONLY_LEADS = notAllowed('Only a lead may do that. Nothing was changed.')
const SIGNED_OUT = notAllowed(
  'You are signed out, so nothing was changed. Sign in again in another tab, then try again here.',
)
const NOT_USABLE = notAllowed('That could not be read. Load the page again.')
const keyShape = z.string().max(100)
const publishShape = z.object({
  text: z.string(),
  note: z.string().max(1_000),
  basedOn: z.int32().nullable(),
})

type Lead = Actor & { userId: string }

/** The lead who asks; a refusal for anybody else. A session may end while somebody writes: they keep what they typed. */
async function lead(): Promise<{ actor: Lead } | { refused: typeof ONLY_LEADS }> {
  const actor = await readActor()
  if (actor === null) return { refused: SIGNED_OUT }
  return hasRole(actor, 'lead') ? { actor } : { refused: ONLY_LEADS }
}

/** What is wrong with a file, or what publishing it would change. */
export async function checkWorkflowFile(text: string): Promise<Outcome<FileCheck>> {
  const asking = await lead()
  if ('refused' in asking) return asking.refused
  if (typeof text !== 'string') return NOT_USABLE
  return { ok: true, message: 'Read.', done: await checkFile(db(), text) }
}

/** Publishes a file as the next version. `basedOn`: the version that the person saw it compared with. */
export async function publishWorkflowFile(given: {
  text: string
  note: string
  basedOn: number | null
}): Promise<Outcome<{ key: string; version: number }>> {
  const asking = await lead()
  if ('refused' in asking) return asking.refused
  const parsed = publishShape.safeParse(given)
  if (!parsed.success) return NOT_USABLE
  const { text, note, basedOn } = parsed.data
  const read = readWorkflowFile(text)
  if (!read.ok) return notAllowed('The file has problems. Nothing was published.')
  const telling = { note: sanitiseText(note.trim()) || null, authorId: asking.actor.userId, source: sanitiseText(text) }
  try {
    const { key, version, isNew } = await importWorkflow(db(), read.definition, telling, basedOn)
    revalidatePath('/workflows')
    const message = isNew ? `Version ${version} is published.` : `Nothing changed: version ${version} is this.`
    return { ok: true, message, done: { key, version } }
  } catch (error) {
    if (!(error instanceof WorkflowMoved)) throw error
    return notAllowed(error.message)
  }
}

export async function retireWorkflow(key: string): Promise<Outcome> {
  return change(key, async (given) =>
    (await retire(db(), given)) ? 'Retired. No new jobs start with it.' : 'Somebody has retired it already.',
  )
}

export async function bringBackWorkflow(key: string): Promise<Outcome> {
  return change(key, async (given) =>
    (await bringBack(db(), given)) ? 'It is offered again.' : 'Somebody has brought it back already.',
  )
}

async function change(key: unknown, work: (key: string) => Promise<string>): Promise<Outcome> {
  const asking = await lead()
  if ('refused' in asking) return asking.refused
  const given = keyShape.safeParse(key)
  if (!given.success) return NOT_USABLE
  const message = await work(sanitiseText(given.data))
  revalidatePath('/workflows')
  return { ok: true, message, done: null }
}
