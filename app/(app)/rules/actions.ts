'use server'
import { revalidatePath } from 'next/cache'
import type { RulesActions, RulesRefusal } from '@/components/rules/actions'
import { hasRole } from '@/lib/access/can'
import { SIGNED_OUT } from '@/lib/access/outcome'
import { readActor } from '@/lib/access/session.server'
import { problemOf } from '@/lib/http/expected.server'
import { readNames } from '@/lib/jobs/people.server'
import { dryRun } from '@/lib/rules/dry-run.server'
import { checkedRules, publishRules, RulesConflict, rulesHash } from '@/lib/rules/store.server'
import { db } from '@/lib/store/db.server'
import { Forbidden, InvalidInput } from '@/lib/store/errors'

const PATH = '/rules'

/** Whether these rules could be put in force, with an error for each field that is wrong. */
export const checkRules: RulesActions['check'] = async (rules) =>
  refusals(async () => {
    await lead()
    checkedRules(rules)
    return { ok: true }
  })

/** What these rules would have made of the failures of the last 30 days. Changes nothing. */
export const tryRules: RulesActions['tryOut'] = async (rules) =>
  refusals(async () => ({ ok: true, dryRun: await dryRun(db(), await lead(), rules) }))

/** Puts rules in force that were tried out, with a note. */
export const putInForce: RulesActions['publish'] = async ({ rules, note, basedOn, tried }) => {
  const outcome = await refusals(async () => {
    const actor = await lead()
    if (rulesHash(checkedRules(rules)) !== tried) {
      throw new InvalidInput('These are not the rules of the dry run. Run it again, and look at what it says.', [])
    }
    const { version } = await publishRules(db(), actor, { rules, note, basedOn })
    return { ok: true as const, version }
  })
  if (outcome.ok) revalidatePath(PATH)
  return outcome
}

async function lead() {
  const actor = await readActor()
  if (actor === null) throw new Forbidden(SIGNED_OUT.message)
  if (!hasRole(actor, 'lead')) throw new Forbidden('Only a lead or an owner may change the rules.')
  return actor
}

/** Expected failures as refusals; everything else rises. */
async function refusals<Done extends { ok: true }>(work: () => Promise<Done>): Promise<Done | RulesRefusal> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof RulesConflict) return conflictOf(error)
    const problem = await problemOf(error)
    if (problem === null) throw error
    return { ok: false, message: problem.detail, errors: problem.errors ?? [] }
  }
}

/** Who was first, so that the draft can be put on top of what they published. */
async function conflictOf({ current: { version, authorId } }: RulesConflict): Promise<RulesRefusal> {
  const names = await readNames(db(), authorId === null ? [] : [authorId], [])
  const by = authorId === null ? 'Holdpoint' : names.person(authorId)
  const message = `${by} published version ${version} meanwhile, so that nothing was published. Your draft is kept.`
  return { ok: false, message, errors: [] }
}
