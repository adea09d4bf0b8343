'use server'
import { revalidatePath } from 'next/cache'
import { z } from 'zod'
import type { Actor } from '@/lib/access/actor'
import { readActor } from '@/lib/access/session.server'
import { acknowledge } from '@/lib/alerts/acknowledge.server'
import type { AlertOutcome } from '@/lib/alerts/outcome'
import { addRule, changeRule, RuleMoved, retireRule } from '@/lib/alerts/rules.server'
import { LONGEST_NOTE, type RuleInput, ruleSchema } from '@/lib/alerts/view'
import { problemOf } from '@/lib/http/expected.server'
import { hearOwnChange } from '@/lib/jobs/changes.server'
import { db } from '@/lib/store/db.server'
import { sanitiseJson } from '@/lib/store/sanitise'

const PATH = '/queues/alerts'

/** Says that somebody looks after it. */
export async function acknowledgeAlert(id: string, note: string): Promise<AlertOutcome> {
  return asPerson(async (actor) => {
    const words = z.string().max(LONGEST_NOTE).parse(note)
    const done = await acknowledge(db(), actor, z.uuid().parse(id), { note: words, now: new Date() })
    hearOwnChange()
    if (done.kind === 'done') return 'Acknowledged. Others see that you look after it.'
    return done.kind === 'taken' ? `${done.by} acknowledged it before you.` : 'It is over already.'
  })
}

export async function addAlertRule(rule: RuleInput): Promise<AlertOutcome> {
  return asPerson(async (actor) => {
    await addRule(db(), actor, ruleSchema.parse(sanitiseJson(rule)), new Date())
    return 'Added. It counts from the next look, within some seconds.'
  })
}

export async function changeAlertRule(which: { id: string; version: number }, rule: RuleInput): Promise<AlertOutcome> {
  return asPerson(async (actor) => {
    const { id, version } = z.object({ id: z.uuid(), version: z.int() }).parse(which)
    await changeRule(db(), actor, { id, version }, ruleSchema.parse(sanitiseJson(rule)), new Date())
    return 'Saved. It counts from the next look, within some seconds.'
  })
}

export async function removeAlertRule(id: string): Promise<AlertOutcome> {
  return asPerson(async (actor) => {
    await retireRule(db(), actor, z.uuid().parse(id), new Date())
    return 'Removed. What it found stays in the list.'
  })
}

async function asPerson(work: (actor: Actor) => Promise<string>): Promise<AlertOutcome> {
  try {
    const actor = await readActor()
    if (actor === null) return refuse('You are signed out. Sign in again in another tab.')
    const message = await work(actor)
    revalidatePath(PATH)
    return { ok: true, message }
  } catch (error) {
    if (error instanceof RuleMoved) return refuse(error.message)
    if (error instanceof z.ZodError) return refuse('That could not be read. Load the page again.')
    const problem = await problemOf(error)
    if (problem === null) throw error
    const errors = Object.fromEntries((problem.errors ?? []).map(({ pointer, detail }) => [pointer.slice(1), detail]))
    return { ok: false, message: problem.detail, errors }
  }
}

function refuse(message: string): AlertOutcome {
  return { ok: false, message, errors: {} }
}
