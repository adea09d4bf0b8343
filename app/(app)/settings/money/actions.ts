'use server'
import { revalidatePath } from 'next/cache'
import { z } from 'zod'
import type { MoneyOutcome } from '@/components/money/outcome'
import type { Actor } from '@/lib/access/actor'
import { hasRole } from '@/lib/access/can'
import { readActor } from '@/lib/access/session.server'
import { problemOf } from '@/lib/http/expected.server'
import { hearOwnChange } from '@/lib/jobs/changes.server'
import { setDayBudget } from '@/lib/money/day-budget.server'
import { addPrice, type NewPrice } from '@/lib/money/price-list.server'
import { resumeQueue } from '@/lib/money/stops.server'
import { db } from '@/lib/store/db.server'
import { Forbidden } from '@/lib/store/errors'
import { sanitiseText } from '@/lib/store/sanitise'

const text = z.string().max(2_000).overwrite(sanitiseText)
const priceForm = z.object({
  kind: z.enum(['model', 'tool']),
  name: text,
  validFrom: text,
  source: text,
  input: text.nullable(),
  cached: text.nullable(),
  output: text.nullable(),
  call: text.nullable(),
})

/** Adds a price to the list. */
export async function enterPrice(_before: MoneyOutcome | null, form: FormData): Promise<MoneyOutcome> {
  return asLead(form, async (actor) => {
    const given = priceForm.parse({
      ...Object.fromEntries(['input', 'cached', 'output', 'call'].map((name) => [name, form.get(name)])),
      ...Object.fromEntries(['kind', 'name', 'validFrom', 'source'].map((name) => [name, form.get(name)])),
    })
    const { kind, validFrom, source } = given
    const name = given.name.trim()
    const price: NewPrice =
      kind === 'tool'
        ? { kind, name, validFrom, source, callUsd: amount(given.call) ?? Number.NaN }
        : {
            kind,
            name,
            validFrom,
            source,
            inputUsd: amount(given.input) ?? Number.NaN,
            cachedUsd: amount(given.cached),
            outputUsd: amount(given.output) ?? Number.NaN,
          }
    await addPrice(db(), actor.userId, price)
    return 'The price is entered. It counts for calls from that day on.'
  })
}

/** Sets the budget of the installation for a day. */
export async function enterDayBudget(_before: MoneyOutcome | null, form: FormData): Promise<MoneyOutcome> {
  return asLead(form, async (actor) => {
    const usd = amount(text.parse(form.get('usd')))
    await setDayBudget(db(), actor.userId, usd, text.parse(form.get('note')))
    return usd === null ? 'There is no budget for a day any more.' : 'The budget counts from now on.'
  })
}

/** Lets sending of a stopped workflow go on. */
export async function resumeSending(workflowKey: string, note: string): Promise<MoneyOutcome> {
  return asLead(null, async (actor) => {
    const key = text.parse(workflowKey)
    const { didResume } = await resumeQueue(db(), actor, key, text.parse(note), new Date())
    hearOwnChange()
    if (!didResume) return 'Sending was resumed before.'
    return 'Sending goes on. What waits is sent as soon as its turn comes.'
  })
}

/** Null where nothing was typed; NaN where it is no number. A comma counts as a point: "1,25". */
function amount(typed: string | null): number | null {
  const trimmed = typed?.trim().replace(/^\$/, '') ?? ''
  if (trimmed === '') return null
  return /^\d+([.,]\d+)?$/.test(trimmed) ? Number(trimmed.replace(',', '.')) : Number.NaN
}

async function asLead(form: FormData | null, work: (actor: Actor) => Promise<string>): Promise<MoneyOutcome> {
  const typed = Object.fromEntries(
    [...(form ?? [])].filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  )
  try {
    const actor = await readActor()
    if (actor === null)
      return { ok: false, message: 'You are signed out. Sign in again in another tab.', errors: {}, typed }
    if (!hasRole(actor, 'lead')) throw new Forbidden('Only a lead or an owner may do this.')
    const message = await work(actor)
    revalidatePath('/settings/money')
    return { ok: true, message }
  } catch (error) {
    if (error instanceof z.ZodError) {
      return { ok: false, message: 'That could not be read. Load the page again.', errors: {}, typed }
    }
    const problem = await problemOf(error)
    if (problem === null) throw error
    const errors = Object.fromEntries((problem.errors ?? []).map(({ pointer, detail }) => [pointer.slice(1), detail]))
    return { ok: false, message: problem.detail, errors, typed }
  }
}
