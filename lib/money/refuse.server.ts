/** Said before a job is made: that no attempt of it could ever be sent, because of its budget. */
import type { Tx } from '@/lib/store/db.server'
import type { WorkflowDefinition } from '@/lib/workflows/definition'
import { currentDayBudget } from './day-budget.server'
import { accountsOf, type PassedBudget } from './ledger'
import { dollars, usdOf } from './micros'
import { priceBook } from './price.server'
import { worstCaseOfJob } from './worst-case'

export type RefuseAsk = {
  /** Of the input, the documents and the guidance together. */
  characters: number
  now: Date
  /** The job's own budget in place of the workflow's; absent: it has none. */
  budgetMicros?: bigint | null
  /** The version that is current; absent: the definition is. */
  currentDefinition?: WorkflowDefinition
}

/**
 * Why a job of this definition is not started, as a sentence for whoever asked; null: nothing speaks against it. An
 * attempt is refused whose worst case alone passes a budget, or that has a budget and a price that is not known.
 */
export async function refuseAtCreate(
  tx: Tx,
  definition: WorkflowDefinition,
  { characters, now, budgetMicros = null, currentDefinition = definition }: RefuseAsk,
): Promise<string | null> {
  const dayMicros = await currentDayBudget(tx)
  const job = { id: '', workflowKey: definition.key }
  const limits = { jobMicros: budgetMicros, definition, current: currentDefinition, dayMicros }
  const limited = accountsOf(job, limits, now).filter(({ limit }) => limit !== null)
  if (limited.length === 0) return null
  const worst = worstCaseOfJob(definition, characters, await priceBook(tx, now))
  if (worst.micros === null) {
    return `${worst.why} There is a budget, so the job is not started. A lead can enter the price under Settings, Money.`
  }
  const { micros } = worst
  const passed = limited.find(({ limit }) => limit !== null && micros > limit)
  if (passed?.limit == null) return null
  return (
    `One attempt of this job may cost up to ${dollars(usdOf(micros))}, and ${BUDGET_WORDS[passed.passed]} is ` +
    `${dollars(usdOf(passed.limit))}. ${ADVICE[passed.passed]}`
  )
}

const BUDGET_WORDS: Record<PassedBudget, string> = {
  budget_job: 'the budget of one job',
  budget_total: 'the whole budget of this workflow',
  budget_workflow_day: 'the budget of this workflow for a day',
  budget_day: 'the budget of this installation for a day',
}

const WORKFLOW_ADVICE = 'Give it less text, or ask a lead for a version of the workflow with a larger budget.'
const ADVICE: Record<PassedBudget, string> = {
  budget_job: WORKFLOW_ADVICE,
  budget_total: WORKFLOW_ADVICE,
  budget_workflow_day: WORKFLOW_ADVICE,
  budget_day: 'Give it less text, or ask a lead to raise the budget under Settings, Money.',
}
