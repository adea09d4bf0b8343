/** Whom a command of a person is told to. */
import type { Job, ReviewRound } from '@/lib/generated/prisma/client'
import type { Command, Role } from '@/lib/lifecycle/table'
import type { Giving } from '@/lib/store/command-plans.server'
import type { Tx } from '@/lib/store/db.server'
import { activeClaims, approversOf, type Facts } from '@/lib/store/facts.server'
import { leaveNotices } from './leave.server'
import { tellChanged, tellDone, tellFailed, tellReopened, tellWaits } from './tell.server'

/**
 * Leaves the notices of one command, last in its transaction. `facts` are those from before it; `job` is as it is now.
 * Nobody is told of what they did themself, also where their key did it.
 */
export async function tellOfCommand(
  tx: Tx,
  facts: Facts,
  job: Job,
  command: Command,
  { actor, params, now }: Pick<Giving, 'actor' | 'params' | 'now'>,
): Promise<void> {
  const by = actor.userId
  const { round } = facts
  const voided = command === 'revise' && round !== null ? approversOf(round) : []
  await tellHolders(tx, facts, command, { by, assignee: params.assignee, but: voided, now })
  switch (command) {
    case 'approve': {
      const notBefore = new Date(now.getTime() + facts.definition.review.undoSeconds * 1_000)
      return tellDone(tx, job, { by, now, notBefore })
    }
    case 'abandon':
      return tellFailed(tx, job, { by, code: 'abandoned', now })
    case 'endorse': {
      // Whoever may give the next of several was told when the round opened, unless each step is another role's.
      const next = round?.blind ? undefined : (round?.stepRoles[approversOf(round).length + 1] as Role | undefined)
      if (round === null || next === undefined) return
      return tellWaits(tx, job, {
        role: next,
        except: [by, ...approversOf(round), ...excludedFrom(round, job)],
        now,
      })
    }
    case 'revise':
      if (round === null || voided.length === 0) return
      await tellChanged(tx, job, { people: voided, by, code: 'voided', round: round.number, now })
      return tellWaitsAnew(tx, job, { by, now })
    case 'undo':
      return tellWaitsAnew(tx, job, { by, now })
    case 'reopen': {
      const decided = await whoDecided(tx, job.id)
      await tellReopened(tx, job, { decided, by, now })
      return tellWaitsAnew(tx, job, { by, now })
    }
    case 'assign':
      if (round === null || params.assignee == null) return
      await leaveNotices(tx, {
        to: { ids: [params.assignee] },
        except: [by],
        job,
        kind: 'assigned',
        detail: { round: round.number, ...(by === null ? {} : { by }) },
        now,
      })
      return
    case 'comment':
      await leaveNotices(tx, {
        to: { ids: params.mentions ?? [] },
        except: [by],
        job,
        kind: 'mentioned',
        detail: by === null ? {} : { by },
        now,
      })
      return
    default:
  }
}

/** The open round begins anew, with no approval that counts: whoever may give the first is told that it waits. */
async function tellWaitsAnew(tx: Tx, job: Job, { by, now }: { by: string | null; now: Date }): Promise<void> {
  const round = await tx.reviewRound.findFirst({ where: { jobId: job.id, closedAt: null } })
  if (round === null) return
  const role = (round.stepRoles[0] as Role | undefined) ?? 'reviewer'
  return tellWaits(tx, job, { role, except: [by, ...excludedFrom(round, job)], now })
}

/** The requester, where the policy of the round does not let them approve. */
function excludedFrom(round: Pick<ReviewRound, 'requesterMayApprove'>, job: Job): (string | null)[] {
  return round.requesterMayApprove ? [] : [job.requesterId]
}

/** Everybody who decided on the job and was not overruled by taking it back. */
async function whoDecided(tx: Tx, jobId: string): Promise<string[]> {
  const decisions = await tx.decision.findMany({
    where: { jobId, voidedAt: null, userId: { not: null } },
    select: { userId: true },
    distinct: ['userId'],
  })
  return decisions.flatMap(({ userId }) => (userId === null ? [] : [userId]))
}

/** These end what people hold, or change it under their hands. An endorsement leaves the other places as they are. */
const ENDS: readonly Command[] = ['approve', 'uphold', 'answer', 'retry', 'abandon', 'revise']

type Holding = { by: string | null; assignee: string | null | undefined; but: readonly string[]; now: Date }

/**
 * Whoever held a place in the round, or whose it was, is told when it is decided or taken by somebody else.
 * `but`: these are told in other words.
 */
async function tellHolders(
  tx: Tx,
  { job, round }: Facts,
  command: Command,
  { by, assignee, but, now }: Holding,
): Promise<void> {
  if (round === null) return
  const holders = activeClaims(round, now).map(({ userId }) => userId)
  const people = ENDS.includes(command)
    ? [...holders, ...(round.assigneeId === null ? [] : [round.assigneeId])]
    : command === 'release' && !holders.includes(by ?? '')
      ? holders.slice(0, 1)
      : command === 'assign' && round.assigneeId !== null && round.assigneeId !== (assignee ?? null)
        ? [round.assigneeId]
        : []
  const told = [...new Set(people)].filter((userId) => !but.includes(userId))
  if (told.length === 0) return
  await tellChanged(tx, job, { people: told, by, code: command, round: round.number, now })
}
