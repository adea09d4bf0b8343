/** The values that this installation has, for completing a search. */
import type { Actor } from '@/lib/access/actor'
import { readsEverything } from '@/lib/access/can'
import { sdkFailureCodes, sdkIncompleteReasons } from '@/lib/rules/sdk-codes'
import type { Tx } from '@/lib/store/db.server'
import { workflowNames } from '@/lib/workflows/catalogue.server'
import type { Known } from './view'

/** More are not offered: whoever types on finds the others all the same. */
const MOST_PEOPLE = 500

/** What `actor` may be offered. Whoever sees only their own jobs is told of nobody else. */
export async function readKnown(tx: Tx, actor: Actor): Promise<Known> {
  const all = readsEverything(actor)
  const [workflows, people, models] = await Promise.all([
    workflowNames(tx),
    all
      ? tx.user.findMany({ select: { name: true, email: true }, orderBy: { name: 'asc' }, take: MOST_PEOPLE })
      : Promise.resolve([]),
    tx.$queryRaw<{ model: string }[]>`
      SELECT DISTINCT definition ->> 'model' AS model FROM workflow_version WHERE definition ->> 'model' IS NOT NULL ORDER BY 1`,
  ])
  return {
    workflow: workflows.map(({ key, name }) => ({ value: key, label: name })),
    person: [{ value: 'me', label: 'You' }, ...people.map(({ name, email }) => ({ value: email, label: name }))],
    model: models.map(({ model }) => ({ value: model, label: model })),
    code: [...new Set<string>([...sdkFailureCodes, ...sdkIncompleteReasons])]
      .toSorted()
      .map((code) => ({ value: code, label: code })),
  }
}
