/** Jobs that wait under a policy of the test's own, for tests of decisions and of what leaves. */
import type { Actor } from '@/lib/access/actor'
import type { Job, ReviewRound } from '@/lib/generated/prisma/client'
import type { Db } from '@/lib/store/db.server'
import type { WorkflowDefinition } from '@/lib/workflows/definition'
import { definitionOf, publish } from '@/lib/workflows/store.server'
import { accepted, completed, type Engine, REPORT, reportJob } from './engine'

export type Policy = Partial<WorkflowDefinition['review']>

let published = 0

/** Publishes the built-in report under another policy, and says its key. */
export async function publishUnder(db: Db, review: Policy, over: Partial<WorkflowDefinition> = {}): Promise<string> {
  const where = { key_version: { key: 'report', version: 1 } }
  const report = definitionOf(await db.workflowVersion.findUniqueOrThrow({ where }))
  published += 1
  const key = `policy-${published}`
  await publish(db, {
    ...report,
    key,
    name: key,
    review: { ...report.review, undoSeconds: 0, ...review },
    ...over,
  })
  return key
}

/** Something that leaves at once, and needs no receiver: a file. */
export const INTO_A_FILE: WorkflowDefinition['delivery'] = { kind: 'file', folder: 'test' }

/** A job of `requester` in this workflow whose model has just answered with `text`. */
export async function answered(
  { db, engine, requester }: { db: Db; engine: Engine; requester: Actor },
  workflow: string,
  text = REPORT,
): Promise<Job> {
  const job = await reportJob(db, requester, { workflow })
  engine.provider.onCreate = [
    (request) => ({
      ...accepted(''),
      kind: 'accepted',
      seen: completed(`resp_${request.metadata.attempt_id}`, text),
    }),
  ]
  return engine.step(job.id)
}

/** The round that a job waits in. */
export function openRoundOf(db: Db, jobId: string): Promise<ReviewRound> {
  return db.reviewRound.findFirstOrThrow({ where: { jobId, closedAt: null } })
}

/** What a decision on a job binds now. */
export async function hashesOf(
  db: Db,
  jobId: string,
): Promise<{ resultHash: string | undefined; deliveryHash: string | undefined }> {
  const round = await db.reviewRound.findFirst({ where: { jobId }, orderBy: { number: 'desc' } })
  return { resultHash: round?.resultHash ?? undefined, deliveryHash: round?.deliveryHash ?? undefined }
}
