'use server'
import { revalidatePath } from 'next/cache'
import { z } from 'zod'
import type { TestOutcome } from '@/components/settings/transport/webhook-setup'
import { hasRole } from '@/lib/access/can'
import { SIGNED_OUT } from '@/lib/access/outcome'
import { readActor } from '@/lib/access/session.server'
import { env } from '@/lib/env.server'
import { db } from '@/lib/store/db.server'
import { webhookAddress } from '@/lib/webhooks/address'
import { sendProbe } from '@/lib/webhooks/probe.server'
import { parseSecrets } from '@/lib/webhooks/signature'

const PATH = '/settings/transport'

/** Sends a signed test to the public address that a lead typed, and says how far it got. */
export async function sendTest(_before: TestOutcome | null, form: FormData): Promise<TestOutcome> {
  const actor = await readActor()
  if (actor === null) return refuse(SIGNED_OUT.message)
  if (!hasRole(actor, 'lead')) return refuse('Only a lead or an owner may send a test.')
  const typed = z.string().max(500).safeParse(form.get('address'))
  if (!typed.success) return refuse('That could not be read. Load the page again.')
  const address = webhookAddress(typed.data)
  if (!address.ok) return refuse(address.why)
  const [key] = parseSecrets(env().OPENAI_WEBHOOK_SECRET).keys
  if (key === undefined) return refuse('Set OPENAI_WEBHOOK_SECRET first, and restart: the test is signed with it.')
  const probe = await sendProbe(db(), { url: address.url, key, sentBy: actor.userId, now: () => new Date() })
  revalidatePath(PATH)
  return { probe, refused: null }
}

function refuse(why: string): TestOutcome {
  return { probe: null, refused: why }
}
