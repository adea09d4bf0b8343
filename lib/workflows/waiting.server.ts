/** What waits for people, by the version of its workflow. */
import type { Tx } from '@/lib/store/db.server'

/** So many jobs wait for people under this version. */
export type Waiting = { version: number; jobs: number }

/** The jobs of a workflow that wait for people, by version, the newest first. Each keeps the policy of its round. */
export async function waitingByVersion(tx: Tx, key: string): Promise<Waiting[]> {
  const counts = await tx.job.groupBy({
    by: ['workflowVersionId'],
    where: { workflowKey: key, state: 'awaiting_review' },
    _count: true,
  })
  if (counts.length === 0) return []
  const versions = await tx.workflowVersion.findMany({
    where: { id: { in: counts.map(({ workflowVersionId }) => workflowVersionId) } },
    select: { id: true, version: true },
  })
  const waiting = versions.map(({ id, version }) => ({
    version,
    jobs: counts.find(({ workflowVersionId }) => workflowVersionId === id)?._count ?? 0,
  }))
  return waiting.toSorted((one, other) => other.version - one.version)
}
