/** A job as a row: what the list shows, made from what is stored. */
import type { Prisma } from '@/lib/generated/prisma/client'
import { type FailureClass, failureSentence } from '@/lib/lifecycle/failure'
import { describeNextAction, type NextActionKind } from '@/lib/lifecycle/next-action'
import type { ProviderStatus, State } from '@/lib/lifecycle/table'
import { approversOf } from '@/lib/store/facts.server'
import { definitionOf } from '@/lib/workflows/store.server'
import type { JobRow, NextAction, Usage } from './view'

/** What a row is made of. */
export const rowInclude = {
  requester: { select: { id: true, name: true } },
  workflowVersion: { select: { key: true, name: true, version: true, id: true, definition: true } },
  attempts: { select: { number: true, providerStatus: true, usage: true }, orderBy: { number: 'desc' } },
  rounds: { where: { closedAt: null }, include: { decisions: true } },
} satisfies Prisma.JobInclude

export type RowJob = Prisma.JobGetPayload<{ include: typeof rowInclude }>

/** The row of one job. */
export function rowOf(job: RowJob): JobRow {
  const { workflowVersion, attempts } = job
  return {
    id: job.id,
    number: job.number,
    title: job.title,
    workflow: { key: workflowVersion.key, name: workflowVersion.name, version: workflowVersion.version },
    reference: job.reference,
    state: job.state as State,
    providerStatus: (attempts[0]?.providerStatus ?? null) as ProviderStatus | null,
    attemptCount: attempts.length,
    nextAction: nextActionViewOf(job),
    failure:
      job.failureClass === null
        ? null
        : {
            class: job.failureClass as FailureClass,
            code: job.failureCode,
            sentence: failureSentence(job.failureClass as FailureClass, job.failureCode),
          },
    requester: job.requester,
    createdAt: job.createdAt.toISOString(),
    changedAt: job.changedAt.toISOString(),
    dueAt: job.dueAt?.toISOString() ?? null,
    settledAt: job.settledAt?.toISOString() ?? null,
    tokens: tokensOf(attempts.map((attempt) => attempt.usage as Usage | null)),
    version: job.version,
  }
}

function nextActionViewOf(job: RowJob): NextAction {
  const round = job.rounds[0]
  const kind = job.nextKind as NextActionKind
  const definition = definitionOf(job.workflowVersion)
  const words = describeNextAction(kind, {
    resultKind: definition.kind,
    approvalsNeeded: round?.approvals ?? 1,
    approvalsGiven: round === undefined ? 0 : approversOf(round).length,
  })
  return {
    kind,
    ...words,
    dueAt: kind === 'wait_backoff' ? (job.notBefore?.toISOString() ?? null) : (job.nextDueAt?.toISOString() ?? null),
    rank: job.nextRank,
  }
}

/** Tokens of all attempts together; null where none is known. */
function tokensOf(usages: (Usage | null)[]): number | null {
  const known = usages.filter((usage): usage is Usage => usage !== null)
  return known.length === 0 ? null : known.reduce((sum, usage) => sum + usage.totalTokens, 0)
}
