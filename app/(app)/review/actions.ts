'use server'

import { readActor } from '@/lib/access/session.server'
import { problemOf } from '@/lib/http/expected.server'
import { hearOwnChange } from '@/lib/jobs/changes.server'
import type { Problem } from '@/lib/jobs/view'
import { refuseWithoutInbox } from '@/lib/review/inbox.server'
import { type BulkAsk, type BulkOutcome, bulkAskSchema } from '@/lib/review/inbox-bulk'
import { giveInBulk } from '@/lib/review/inbox-bulk.server'
import { db } from '@/lib/store/db.server'
import { InvalidInput } from '@/lib/store/errors'

const SIGNED_OUT: Problem = {
  type: 'urn:holdpoint:problem:unauthenticated',
  title: 'You are signed out',
  status: 401,
  detail: 'You are signed out, so nothing was done. Sign in again in another tab, then try again here.',
}

/** Decides on exactly the rows that are named, one after another. Each has an outcome of its own. */
export async function decideInBulk(
  ask: BulkAsk,
): Promise<{ ok: true; outcomes: BulkOutcome[] } | { ok: false; problem: Problem }> {
  try {
    const actor = await readActor()
    if (actor === null) return { ok: false, problem: SIGNED_OUT }
    refuseWithoutInbox(actor)
    const parsed = bulkAskSchema.safeParse(ask)
    if (!parsed.success) throw new InvalidInput('What was selected cannot be read.')
    const outcomes = await giveInBulk(db(), actor, parsed.data)
    hearOwnChange()
    return { ok: true, outcomes }
  } catch (error) {
    const problem = await problemOf(error)
    if (problem === null) throw error
    return { ok: false, problem }
  }
}
