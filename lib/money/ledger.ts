/** The accounts in which the money of an attempt is counted, and the limits that they have. Pure. */
import type { WorkflowDefinition } from '@/lib/workflows/definition'
import { dayOf, microsOf } from './micros'

/** Why an attempt may not be sent: what it would pass. */
export type PassedBudget = 'budget_job' | 'budget_total' | 'budget_workflow_day' | 'budget_day'

export type Account = {
  key: string
  /** Millionths of a US dollar; null: no limit, it only counts. */
  limit: bigint | null
  /** What refuses when the limit would be passed. */
  passed: PassedBudget
}

export type Limits = {
  /** In place of what the workflow says for one job. */
  jobMicros: bigint | null
  /** The version that the job runs under. */
  definition: Pick<WorkflowDefinition, 'budget'>
  /** The version that is current: what counts for all jobs of the workflow together. */
  current: Pick<WorkflowDefinition, 'budget'>
  /** Of the whole installation, for one day (UTC). */
  dayMicros: bigint | null
}

export const jobAccount = (jobId: string) => `job:${jobId}`
export const workflowAccount = (workflowKey: string) => `workflow:${workflowKey}`
export const workflowDayAccount = (workflowKey: string, day: string) => `workflow:${workflowKey}:${day}`
export const dayAccount = (day: string) => `day:${day}`

/** The four accounts of an attempt, in the order in which they are locked and in which a passed limit is told. */
export function accountsOf(job: { id: string; workflowKey: string }, limits: Limits, now: Date): Account[] {
  const day = dayOf(now)
  const { jobMicros, definition, current, dayMicros } = limits
  return [
    {
      key: jobAccount(job.id),
      limit: jobMicros ?? limitOf(definition.budget.perJobUsd),
      passed: 'budget_job',
    },
    { key: workflowAccount(job.workflowKey), limit: limitOf(current.budget.totalUsd), passed: 'budget_total' },
    {
      key: workflowDayAccount(job.workflowKey, day),
      limit: limitOf(current.budget.perDayUsd),
      passed: 'budget_workflow_day',
    },
    { key: dayAccount(day), limit: dayMicros, passed: 'budget_day' },
  ]
}

function limitOf(usd: number | null): bigint | null {
  return usd === null ? null : microsOf(usd)
}
