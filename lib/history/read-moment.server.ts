/** A job as it stood at any moment of its history: its rows, folded back to one of its events. */
import type { Actor } from '@/lib/access/actor'
import { findJobId, viewOf, type WholeJob, wholeInclude } from '@/lib/jobs/detail.server'
import { hiddenFrom } from '@/lib/jobs/review-view.server'
import { type DeliveryState, nextActionOf } from '@/lib/lifecycle/next-action'
import type { RoundKind } from '@/lib/lifecycle/table'
import { readText } from '@/lib/store/blobs.server'
import type { Tx } from '@/lib/store/db.server'
import { fold } from '@/lib/store/event-chain'
import { acceptedHashOf, resultOf } from '@/lib/store/facts.server'
import { definitionOf } from '@/lib/workflows/store.server'
import { attemptsThen } from './fold-attempts'
import { deliveriesThen } from './fold-deliveries'
import { foldDesk } from './fold-job'
import { resultsThen } from './fold-results'
import { roundsThen } from './fold-rounds'
import type { MomentView } from './moment-view'
import { readTerms, type TermsBefore } from './terms-before'
import { isStill, type Then, thenOf } from './then'

/** Looks shown of one moment: the newest before it. */
const OBSERVATIONS_SHOWN = 200

/**
 * The job as it stood right after its event `seq`, as `actor` may see it now; null where there is no such event, or no
 * such job that they may see.
 * @param key the job's number or id.
 */
export async function readMoment(
  tx: Tx,
  actor: Actor,
  key: string | number,
  seq: number,
  now = new Date(),
): Promise<MomentView | null> {
  const id = await findJobId(tx, actor, key)
  if (id === null) return null
  const job = await tx.job.findUnique({
    where: { id },
    include: {
      ...wholeInclude,
      // Also the claims that have ended since.
      rounds: {
        ...wholeInclude.rounds,
        include: { ...wholeInclude.rounds.include, claims: { orderBy: { claimedAt: 'asc' } } },
      },
    },
  })
  const then = job === null ? null : thenOf(job.events, seq)
  if (job === null || then === null) return null
  const [observations, termsBefore] = await Promise.all([
    tx.observation.findMany({
      where: { jobId: id, ...(isStill(then) ? {} : { at: { lte: then.known } }) },
      orderBy: { id: 'desc' },
      take: OBSERVATIONS_SHOWN,
    }),
    readTermsBefore(tx, then),
  ])
  const { rows, resultId } = rowsThen({ ...job, observations }, then, termsBefore)
  const definition = definitionOf(job.workflowVersion)
  const view = await viewOf(tx, actor, rows, {
    resultId,
    // What a blind round keeps from people now it keeps from them also where they look back.
    hidden: hiddenFrom(actor, job.rounds),
    // Whether its queue stood still then is in the history of its workflow, not in its own.
    stop: null,
    sight: { stopped: new Set(), waits: new Map() },
    current: { version: job.workflowVersion.version, review: definition.review },
    allowedCommands: [],
    deciding: null,
    undoUntil: null,
    asOf: then,
    now: isStill(then) ? now : then.at,
  })
  return { seq, last: job.version, at: then.at.toISOString(), job: view }
}

async function readTermsBefore(tx: Tx, { later }: Then): Promise<Map<string, TermsBefore>> {
  const hashes = later.map(({ body }) => body.termsBefore).filter((hash) => hash !== undefined)
  const found = new Map<string, TermsBefore>()
  for (const hash of new Set(hashes)) {
    const terms = readTerms(await readText(tx, hash))
    if (terms !== null) found.set(hash, terms)
  }
  return found
}

/** The rows as they stood, and which of the results was then the one to look at. */
function rowsThen(
  job: WholeJob,
  then: Then,
  termsBefore: ReadonlyMap<string, TermsBefore>,
): { rows: WholeJob; resultId: string | null } {
  const events = job.events.filter(({ seq }) => seq <= then.seq)
  const folded = fold(events)
  if (folded === null) throw new Error(`job ${job.number} has no first event`)
  const attempts = attemptsThen(job.attempts, job.observations, then)
  const results = resultsThen(job.results, attempts, then)
  const rounds = roundsThen(job.rounds, then, { results, termsBefore })
  const deliveries = deliveriesThen(job.deliveries, then)
  const { state } = folded
  const round = rounds.find(({ closedAt }) => closedAt === null) ?? null
  const desk = foldDesk(then.events)
  const dueAt = folded.dueAt === null ? null : new Date(folded.dueAt)
  const next = nextActionOf(
    {
      state,
      round: round === null ? null : { kind: round.kind as RoundKind, dueAt: round.dueAt },
      dueAt,
      notBefore: desk.notBefore,
      deliveries: deliveries.map(({ state: standing, kind }) => ({ state: standing as DeliveryState, kind })),
    },
    then.at,
  )
  const acceptedHash = acceptedHashOf(events.toReversed())
  return {
    rows: {
      ...job,
      ...desk,
      priority: then.later.find(({ body }) => body.priority !== undefined)?.body.priority?.from ?? job.priority,
      inputSha256: desk.inputSha256 ?? job.inputSha256,
      state,
      version: folded.version,
      headHash: folded.headHash,
      lastCommand: folded.lastCommand,
      changedAt: new Date(folded.changedAt),
      settledAt: folded.settledAt === null ? null : new Date(folded.settledAt),
      dueAt,
      fence: folded.fence,
      nextKind: next.kind,
      nextDueAt: next.dueAt,
      nextRank: next.rank,
      attempts,
      results,
      rounds,
      deliveries,
      events,
      // What came later may have the same time: it is not in it.
      observations: job.observations.filter(
        ({ attemptId }) => attemptId === null || attempts.some((attempt) => attempt.id === attemptId),
      ),
    },
    resultId: resultOf(results, { state, round, acceptedHash })?.id ?? null,
  }
}
