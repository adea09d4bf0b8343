/** Reads what the audit page shows. */
import { readNames } from '@/lib/jobs/people.server'
import type { Db } from '@/lib/store/db.server'
import type { AuditView } from './audit-view'

const TAKEN_SHOWN = 20

/** What waits is counted up to here. */
const MOST_WAITING = 10_000

export async function readAudit(db: Db, now: Date): Promise<AuditView> {
  const [last, [waiting], keys, copies, takings] = await Promise.all([
    db.anchor.findFirst({ orderBy: { number: 'desc' } }),
    db.$queryRaw<{ count: number; since: Date | null }[]>`
      SELECT count(DISTINCT job_id)::int AS count, min(at) AS since
        FROM (SELECT job_id, at FROM anchor_pending ORDER BY id LIMIT ${MOST_WAITING}) waiting`,
    db.anchorKey.findMany({ orderBy: { createdAt: 'desc' } }),
    db.anchorCopy.findMany({ orderBy: [{ at: 'desc' }, { host: 'asc' }] }),
    db.caseFileTaking.findMany({ orderBy: { at: 'desc' }, take: TAKEN_SHOWN }),
  ])
  const [jobs, names] = await Promise.all([
    db.job.findMany({ where: { id: { in: takings.map(({ jobId }) => jobId) } }, select: { id: true, number: true } }),
    readNames(
      db,
      takings.flatMap(({ userId }) => userId ?? []),
      takings.flatMap(({ apiKeyId }) => apiKeyId ?? []),
    ),
  ])
  const numbers = new Map(jobs.map(({ id, number }) => [id, number]))
  return {
    asOf: now.toISOString(),
    last: last === null ? null : { number: last.number, at: last.at.toISOString(), hash: last.hash, jobs: last.leaves },
    waiting: waiting?.count ?? 0,
    waitingSince: waiting?.since?.toISOString() ?? null,
    keys: keys.map(({ id, publicKey, createdAt }) => ({ id, publicKey, createdAt: createdAt.toISOString() })),
    copies: copies.map(({ at, ...copy }) => ({ ...copy, at: at.toISOString() })),
    taken: takings.map(({ id, jobId, format, version, userId, apiKeyId, at }) => ({
      id,
      number: numbers.get(jobId) ?? 0,
      format: format === 'zip' ? 'zip' : 'html',
      version,
      by: userId !== null ? names.person(userId) : names.key(apiKeyId ?? ''),
      at: at.toISOString(),
    })),
  }
}
