/** A job as a row: what the list shows, made from what is stored. */
import type { Prisma } from '@/lib/generated/prisma/client'
import { type FailureClass, failureSentence } from '@/lib/lifecycle/failure'
import { describeNextAction, type NextActionKind } from '@/lib/lifecycle/next-action'
import type { ProviderStatus, State } from '@/lib/lifecycle/table'
import type { QueueSight } from '@/lib/queues/sight.server'
import { approversOf } from '@/lib/store/facts.server'
import { definitionOf } from '@/lib/workflows/store.server'
import type { JobRow, NextAction, Usage } from './view'

/** What a row is made of. */
export const rowInclude = {
  requester: { select: { id: true, name: true } },
  workflowVersion: { select: { key: true, name: true, version: true, id: true, definition: true } },
  attempts: {
    select: { number: true, providerStatus: true, usage: true, failureCode: true, outcome: true },
    orderBy: { number: 'desc' },
  },
  rounds: { where: { closedAt: null }, include: { decisions: true } },
} satisfies Prisma.JobInclude

export type RowJob = Prisma.JobGetPayload<{ include: typeof rowInclude }>

/**
 * The row of one job.
 * @param sight what keeps queues from sending.
 */
export function rowOf(job: RowJob, sight: QueueSight): JobRow {
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
    nextAction: nextActionViewOf(job, sight),
    failure:
      job.failureClass === null
        ? null
        : {
            class: job.failureClass as FailureClass,
            code: job.failureCode,
            sentence: sentenceOf(job),
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

/** What people are told: in the words of the rule that decided, where it has its own. */
function sentenceOf({ failureClass, failureCode, attempts }: RowJob): string {
  const decided = attempts.find((attempt) => attempt.failureCode === failureCode)
  const said = (decided?.outcome as { sentence?: string } | null | undefined)?.sentence
  return said ?? failureSentence(failureClass as FailureClass, failureCode)
}

function nextActionViewOf(job: RowJob, { stopped, waits }: QueueSight): NextAction {
  const round = job.rounds[0]
  const standsStill = job.state === 'queued' && stopped.has(job.workflowKey)
  const kind = standsStill ? 'wait_resume' : (job.nextKind as NextActionKind)
  const definition = definitionOf(job.workflowVersion)
  const approvalsGiven = round === undefined ? 0 : approversOf(round).length
  const words = describeNextAction(kind, {
    resultKind: definition.kind,
    approvalsNeeded: round?.approvals ?? 1,
    approvalsGiven,
    // Whose turn it is would tell how many have decided.
    stepRole: round?.blind ? null : (round?.stepRoles[approvalsGiven] ?? null),
    blind: round?.blind ?? false,
    atDeadline: round?.atDeadline === 'escalates' && round.escalatedAt === null ? 'escalates' : 'expires',
  })
  return {
    kind,
    ...words,
    // Why its turn has not come yet, where it has asked for it.
    what: (kind === 'wait_send' ? waits.get(job.id) : undefined) ?? words.what,
    dueAt: dueAtOf(kind, job)?.toISOString() ?? null,
    rank: job.nextRank,
  }
}

/** Until when something must happen; while its queue stands still no clock runs. */
function dueAtOf(kind: NextActionKind, { notBefore, nextDueAt }: RowJob): Date | null {
  if (kind === 'wait_resume') return null
  return kind === 'wait_backoff' ? notBefore : nextDueAt
}

/** Tokens of all attempts together; null where none is known. */
function tokensOf(usages: (Usage | null)[]): number | null {
  const known = usages.filter((usage): usage is Usage => usage !== null)
  return known.length === 0 ? null : known.reduce((sum, usage) => sum + usage.totalTokens, 0)
}
