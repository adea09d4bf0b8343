/** Keeps the words of jobs: takes the jobs that changed from the list that triggers write, and reads them anew. */
import type { Db, Tx } from '@/lib/store/db.server'
import { sanitiseText } from '@/lib/store/sanitise'
import { sourcesOf } from './content'
import { indexDocuments } from './index-documents.server'
import { readContents } from './read-contents.server'
import { fold } from './tokens'
import { vectorOf } from './words'

/** Rows of the list a turn: some tens of jobs, in a transaction of a fraction of a second. */
const BATCH = 60
/** A job that cannot be read is tried again, ever later, and then left to whatever changes it next. */
const MOST_TRIES = 6
/** Longer titles are found by their words; this is for pieces of words. */
const LONGEST_LABEL = 2_000

/** Who may be told of a job that could not be read. */
export type IndexLog = (line: string) => void

/**
 * Reads jobs that changed until there are none, or `mostTurns` batches were done. Any number of workers may do so at
 * once: what one of them took, the others pass over.
 * @returns how many rows of the list were done.
 */
export async function indexDueJobs(db: Db, log: IndexLog, mostTurns = 50): Promise<number> {
  let done = 0
  for (let turn = 0; turn < mostTurns; turn += 1) {
    const taken = await indexBatch(db, log)
    done += taken
    if (taken === 0) break
  }
  return done
}

type Due = { id: bigint; jobId: string; tries: number }

async function indexBatch(db: Db, log: IndexLog): Promise<number> {
  let due: Due[] = []
  try {
    await indexDocuments(db, await waitingDocuments(db))
    await db.$transaction(async (tx) => {
      due = await take(tx, BATCH)
      if (due.length > 0) await indexJobs(tx, [...new Set(due.map(({ jobId }) => jobId))])
    })
    return due.length
  } catch (error) {
    // Without a batch it was not a job that failed: the database is away, say.
    if (due.length === 0) throw error
  }
  // One of them cannot be read: the others are not held up by it.
  for (const one of due) await indexAlone(db, one, log)
  return due.length
}

async function take(tx: Tx, most: number, id: bigint | null = null): Promise<Due[]> {
  return tx.$queryRaw<Due[]>`
    DELETE FROM search_due WHERE id IN (
      SELECT id FROM search_due WHERE not_before <= now() AND (${id}::bigint IS NULL OR id = ${id}::bigint)
       ORDER BY id LIMIT ${most}::int FOR UPDATE SKIP LOCKED)
    RETURNING id, job_id AS "jobId", tries`
}

async function indexAlone(db: Db, { id, jobId, tries }: Due, log: IndexLog): Promise<void> {
  try {
    await db.$transaction(async (tx) => {
      const [due] = await take(tx, 1, id)
      if (due !== undefined) await indexJobs(tx, [jobId])
    })
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error)
    log(`Job ${jobId} could not be read for the search (try ${tries + 1} of ${MOST_TRIES}): ${words}`)
    if (tries + 1 >= MOST_TRIES) await db.searchDue.deleteMany({ where: { id } })
    else {
      await db.$executeRaw`
        UPDATE search_due SET tries = tries + 1, not_before = now() + interval '5 seconds' * power(4, tries) WHERE id = ${id}`
    }
  }
}

/** Documents of the jobs that are next, whose text was not read yet. */
async function waitingDocuments(db: Db): Promise<string[]> {
  const rows = await db.$queryRaw<{ sha256: string }[]>`
    SELECT DISTINCT d.text_sha256 AS sha256
      FROM (SELECT job_id FROM search_due WHERE not_before <= now() ORDER BY id LIMIT ${BATCH}::int) due
      JOIN job_document jd ON jd.job_id = due.job_id JOIN document d ON d.id = jd.document_id
      JOIN blob b ON b.sha256 = d.text_sha256 AND b.erased_at IS NULL
     WHERE NOT EXISTS (SELECT 1 FROM search_document s WHERE s.text_sha256 = d.text_sha256)`
  return rows.map(({ sha256 }) => sha256)
}

/** Reads these jobs and keeps their words. */
export async function indexJobs(tx: Tx, ids: readonly string[]): Promise<void> {
  // Locked before anything is read: of two workers with the same job the second reads what the first could not see yet.
  await tx.$queryRaw`SELECT 1 FROM job_search WHERE job_id = ANY (${[...ids]}::uuid[]) ORDER BY job_id FOR UPDATE`
  const found = await readContents(tx, ids, { hold: true })
  if (found.length === 0) return
  const rows = found.map(({ id, content, things, costMicros, tokens }) => {
    const { vector, cut } = vectorOf(sourcesOf(content), things)
    const label = `${fold(content.title)}\n${fold(content.reference ?? '')}`
    return { id, label: sanitiseText(label).slice(0, LONGEST_LABEL).toWellFormed(), vector, cut, costMicros, tokens }
  })
  // What is the same as before is left: the index over the words is dear to write.
  await tx.$executeRaw`
    UPDATE job_search s SET label = n.label, words = n.words::tsvector, cut = n.cut, cost_micros = n.cost, tokens = n.tokens, indexed_at = now()
      FROM unnest(${rows.map(({ id }) => id)}::uuid[], ${rows.map(({ label }) => label)}::text[], ${rows.map(({ vector }) => vector)}::text[],
                  ${rows.map(({ cut }) => cut)}::bool[], ${rows.map(({ costMicros }) => costMicros)}::bigint[], ${rows.map(({ tokens }) => tokens)}::bigint[])
             AS n (id, label, words, cut, cost, tokens)
     WHERE s.job_id = n.id AND (s.indexed_at IS NULL OR s.words <> n.words::tsvector OR s.label <> n.label
       OR s.cost_micros IS DISTINCT FROM n.cost OR s.tokens IS DISTINCT FROM n.tokens OR s.cut <> n.cut)`
  await tx.$executeRaw`SELECT pg_notify('holdpoint_search', '')`
}
