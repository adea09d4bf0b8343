/** Where the jobs of each workflow stand now. */
import type { Tx } from '@/lib/store/db.server'
import { workflowNames } from '@/lib/workflows/catalogue.server'

export type Standing = { key: string; name: string; waiting: number; running: number; awaitingReview: number }

/** One row a workflow, by name. */
export async function readStandings(tx: Tx): Promise<Standing[]> {
  const [workflows, counted] = await Promise.all([
    workflowNames(tx),
    tx.job.groupBy({
      by: ['workflowKey', 'state'],
      where: { state: { in: ['queued', 'running', 'awaiting_review'] } },
      _count: true,
    }),
  ])
  return workflows.map(({ key, name }) => {
    const count = (state: string) => counted.find((row) => row.workflowKey === key && row.state === state)?._count ?? 0
    return {
      key,
      name,
      waiting: count('queued'),
      running: count('running'),
      awaitingReview: count('awaiting_review'),
    }
  })
}
