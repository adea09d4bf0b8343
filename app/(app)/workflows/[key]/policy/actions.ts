'use server'
import { revalidatePath } from 'next/cache'
import { z } from 'zod'
import type { PolicyActions } from '@/components/workflows/policy/actions'
import type { Actor } from '@/lib/access/actor'
import { hasRole } from '@/lib/access/can'
import { notAllowed, type Refusal } from '@/lib/access/outcome'
import { readActor } from '@/lib/access/session.server'
import { db } from '@/lib/store/db.server'
import { sanitiseText } from '@/lib/store/sanitise'
import { readHistory } from '@/lib/workflows/catalogue.server'
import { withPolicy } from '@/lib/workflows/policy-edit'
import { publishPolicy } from '@/lib/workflows/policy-edit.server'
import { WorkflowMoved } from '@/lib/workflows/store.server'

const keyShape = z.string().max(100)
const givenShape = z.object({ review: z.unknown(), delivery: z.unknown() })
const askShape = givenShape.extend({ note: z.string().max(1_000), basedOn: z.int32() })

const ONLY_LEADS = 'Only a lead or an owner may change a policy. Nothing was changed.'
const SIGNED_OUT = 'You are signed out, so nothing was changed. Sign in again in another tab, then try again here.'
const NOT_USABLE = notAllowed('That could not be read. Load the page again.')
const GONE = notAllowed('There is no such workflow any more. Load the page again.')

/** The lead who asks. A session may end while somebody edits: they keep what they changed. */
async function lead(): Promise<{ actor: Actor & { userId: string } } | { refused: Refusal }> {
  const actor = await readActor()
  if (actor === null) return { refused: notAllowed(SIGNED_OUT) }
  return hasRole(actor, 'lead') ? { actor } : { refused: notAllowed(ONLY_LEADS) }
}

/** All that is wrong with a policy, in place of that of the workflow `key`. Changes nothing. */
export async function checkPolicy(key: string, given: unknown): ReturnType<PolicyActions['check']> {
  const asking = await lead()
  if ('refused' in asking) return asking.refused
  const [name, policy] = [keyShape.safeParse(key), givenShape.safeParse(given)]
  if (!name.success || !policy.success) return NOT_USABLE
  const history = await readHistory(db(), sanitiseText(name.data))
  const current = history?.versions.find(({ version }) => version === history.currentVersion)
  if (current === undefined) return GONE
  const edit = withPolicy(current.definition, { review: policy.data.review, delivery: policy.data.delivery })
  return { ok: true, message: 'Read.', done: edit.ok ? [] : edit.problems }
}

/** Publishes the workflow `key` with another policy as its next version. */
export async function savePolicy(key: string, given: unknown): ReturnType<PolicyActions['publish']> {
  const asking = await lead()
  if ('refused' in asking) return { ...asking.refused, problems: [] }
  const [name, ask] = [keyShape.safeParse(key), askShape.safeParse(given)]
  if (!name.success || !ask.success) return { ...NOT_USABLE, problems: [] }
  const { review, delivery, basedOn } = ask.data
  const note = sanitiseText(ask.data.note.trim()) || null
  try {
    const edit = {
      key: sanitiseText(name.data),
      policy: { review, delivery },
      basedOn,
      note,
      authorId: asking.actor.userId,
    }
    const done = await publishPolicy(db(), edit)
    if (done === null) return { ...GONE, problems: [] }
    if (!done.ok) return { ...notAllowed('Nothing was published.'), problems: done.problems }
    revalidatePath('/workflows')
    const { version, isNew } = done
    const message = isNew ? `Version ${version} is published.` : `Nothing changed: version ${version} asks for this.`
    return { ok: true, version, message }
  } catch (error) {
    if (!(error instanceof WorkflowMoved)) throw error
    return { ...notAllowed(error.message), problems: [] }
  }
}
