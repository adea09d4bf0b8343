/** What the data of the inbox takes, beside a page that loads and renders everything. */
import { readInbox } from '@/lib/review/inbox.server'
import { giveCommand } from '@/lib/store/command.server'
import { type Measured, measureOf, paced, timed } from './measure'
import { naivePage } from './naive'
import type { Bench } from './store'

const TARGET_MS = 100
const ROUNDS = 4
/** Each of the 50 looks again this often: in seconds. */
const PACE_SECONDS = 10
/** The naive page takes seconds: it is asked now and then, between ours. */
const PEER_EVERY = 25

export async function inboxMeasures({ db, reviewers }: Bench): Promise<Measured[]> {
  const cold: number[] = []
  for (const reviewer of reviewers) cold.push(await timed(() => readInbox(db, reviewer)))

  const alone: number[] = []
  const theirs: number[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [index, reviewer] of reviewers.entries()) {
      if (index % PEER_EVERY === 0) theirs.push(await timed(() => naivePage(db)))
      alone.push(await timed(() => readInbox(db, reviewer)))
    }
  }

  const changing: number[] = []
  const open = await db.reviewRound.findMany({
    where: { closedAt: null, kind: 'result', claims: { none: {} } },
    select: { jobId: true },
    take: reviewers.length * 2,
  })
  for (const [index, { jobId }] of open.entries()) {
    const reviewer = reviewers[index % reviewers.length]
    if (reviewer === undefined) break
    await giveCommand(db, reviewer, jobId, { command: 'claim' }, 'browser')
    changing.push(await timed(() => readInbox(db, reviewer)))
  }

  const working = await paced(reviewers.length * ROUNDS, PACE_SECONDS * ROUNDS, async (index) => {
    const reviewer = reviewers[index % reviewers.length]
    if (reviewer !== undefined) await readInbox(db, reviewer)
  })

  const together: number[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    together.push(...(await Promise.all(reviewers.map((reviewer) => timed(() => readInbox(db, reviewer))))))
  }
  return [
    measureOf('inbox data, the first time', cold, { theirs, target: TARGET_MS }),
    measureOf('inbox data, one after another', alone, { theirs, target: TARGET_MS }),
    measureOf('inbox data, each after a change', changing, { theirs, target: TARGET_MS }),
    measureOf('inbox data, 50 at work', working, { theirs, target: TARGET_MS }),
    measureOf('inbox data, 50 at once', together, { theirs, target: TARGET_MS }),
  ]
}
