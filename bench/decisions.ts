/** What a decision takes, 50 reviewers deciding at once, each on a job of their own. */
import { giveCommand } from '@/lib/store/command.server'
import { type Measured, measureOf, paced, timed } from './measure'
import type { Bench, Reviewer } from './store'

const TARGET_MS = 150
const ROUNDS = 4
/** Each of the 50 decides this often: in seconds. Faster than anybody reads. */
const PACE_SECONDS = 10

export type Decidable = { jobId: string; number: number; resultHash: string; deliveryHash: string | null }

/** `count` jobs that one person alone can approve as they are, each given out once. */
export async function decidable({ db }: Pick<Bench, 'db'>, count: number): Promise<Decidable[]> {
  const rounds = await db.reviewRound.findMany({
    where: {
      closedAt: null,
      kind: 'result',
      approvals: 1,
      resultHash: { not: null },
      snoozedUntil: null,
      assigneeId: null,
      claims: { none: { releasedAt: null } },
      job: { workflowKey: { in: ['report', 'extraction', 'reply'] } },
    },
    include: { job: { select: { number: true } } },
    orderBy: { dueAt: 'asc' },
    take: count,
  })
  if (rounds.length < count) throw new Error(`there are only ${rounds.length} jobs to decide on: give more --jobs`)
  return rounds.map(({ jobId, job, resultHash, deliveryHash }) => ({
    jobId,
    number: job.number,
    resultHash: resultHash ?? '',
    deliveryHash,
  }))
}

/** A reason stands in no approval's way, and some of these demand one. */
export const approvalOf = ({ resultHash, deliveryHash }: Decidable) => ({
  command: 'approve',
  resultHash,
  ...(deliveryHash === null ? {} : { deliveryHash }),
  params: { reason: 'known' },
})

export async function decisionMeasures(bench: Bench): Promise<Measured[]> {
  const { db } = bench
  const give = (one: Decidable, reviewer: Reviewer) => giveCommand(db, reviewer, one.jobId, approvalOf(one), 'browser')
  return [
    measureOf('a decision, 50 at work', await decideAtWork(bench, give), { target: TARGET_MS }),
    measureOf('a decision, 50 at once', await decideTogether(bench, give), { target: TARGET_MS }),
  ]
}

type Decide = (one: Decidable, reviewer: Reviewer) => Promise<unknown>

/** Milliseconds of each decision, the reviewers one after another at their pace. */
export async function decideAtWork(
  { db, reviewers }: Pick<Bench, 'db' | 'reviewers'>,
  decide: Decide,
): Promise<number[]> {
  const jobs = await decidable({ db }, reviewers.length * ROUNDS)
  return paced(jobs.length, PACE_SECONDS * ROUNDS, async (index) => {
    const [one, reviewer] = [jobs[index], reviewers[index % reviewers.length]]
    if (one !== undefined && reviewer !== undefined) await decide(one, reviewer)
  })
}

/** Milliseconds of each decision: as many rounds as there are, of all reviewers together. */
export async function decideTogether(
  { db, reviewers }: Pick<Bench, 'db' | 'reviewers'>,
  decide: Decide,
): Promise<number[]> {
  const jobs = await decidable({ db }, reviewers.length * ROUNDS)
  const times: number[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    const part = jobs.slice(round * reviewers.length, (round + 1) * reviewers.length)
    times.push(
      ...(await Promise.all(
        part.map((one, index) => {
          const reviewer = reviewers[index]
          if (reviewer === undefined) throw new Error('there are fewer reviewers than jobs')
          return timed(() => decide(one, reviewer))
        }),
      )),
    )
  }
  return times
}
