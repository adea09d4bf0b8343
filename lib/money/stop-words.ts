/** Why sending of a workflow stands still, and what mends it, for people. Pure. */

/** Budgets of ours that were used up. Other reasons are the provider's codes. */
export const budgetStops = ['budget_total', 'budget_workflow_day', 'budget_day'] as const
export type BudgetStop = (typeof budgetStops)[number]

export type StopWords = {
  /** What happened, as a sentence. */
  sentence: string
  /** What to do before resuming, as a sentence. */
  mend: string
}

const ADD_CREDIT = 'Add credit or raise the limit in the billing settings of the provider, then resume.'
const MEND_KEY =
  'Give Holdpoint a key that works (OPENAI_API_KEY) and restart it, or give the key the rights that it lacks, then resume.'

/** A person paused it. */
export const PAUSED = 'paused'

const WORDS: Record<string, StopWords> = {
  [PAUSED]: { sentence: 'A lead paused it.', mend: 'Resume it when it may go on.' },
  budget_total: {
    sentence: 'The whole budget of this workflow is used up.',
    mend: 'Publish a version of the workflow with a larger total budget, then resume.',
  },
  budget_workflow_day: {
    sentence: 'The budget of this workflow for the day is used up.',
    mend: 'Wait for the next day (UTC), or publish a version of the workflow with a larger budget for a day, then resume.',
  },
  budget_day: {
    sentence: 'The budget of this installation for the day is used up.',
    mend: 'Wait for the next day (UTC), or raise the budget for a day under Settings, Money, then resume.',
  },
  // Of `holdpoint generate`.
  generated: {
    sentence: 'Jobs of this workflow were generated for a trial, and must not be paid.',
    mend: 'Resume only if the generated jobs that are queued may be sent to the model, and paid.',
  },
  insufficient_quota: { sentence: 'The quota at the provider is used up.', mend: ADD_CREDIT },
  credit_balance_exhausted: { sentence: 'The credit at the provider is used up.', mend: ADD_CREDIT },
  billing_hard_limit_reached: { sentence: 'The spend limit at the provider is reached.', mend: ADD_CREDIT },
  spend_limit_reached: { sentence: 'The spend limit at the provider is reached.', mend: ADD_CREDIT },
  billing_not_active: { sentence: 'Billing is not active at the provider.', mend: ADD_CREDIT },
  invalid_api_key: { sentence: 'The provider refuses our key.', mend: MEND_KEY },
  http_401: { sentence: 'The provider refuses our key.', mend: MEND_KEY },
  http_403: { sentence: 'The provider says that our key may not do this.', mend: MEND_KEY },
  account_deactivated: {
    sentence: 'Our account at the provider was switched off.',
    mend: 'Settle it with the provider, then resume.',
  },
}

const OTHER: StopWords = {
  sentence: 'The provider refuses our account, key or project.',
  mend: 'Look at the account and the key at the provider, then resume.',
}

/** The words for a reason: a budget of ours, or a code of the provider. */
export function stopWords(reason: string): StopWords {
  return Object.hasOwn(WORDS, reason) ? (WORDS[reason] as StopWords) : OTHER
}

/** True where the queue stopped because of a budget of ours. */
export function isBudgetStop(reason: string): reason is BudgetStop {
  return budgetStops.some((known) => known === reason)
}
