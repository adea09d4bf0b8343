/** The deepest page of the list beside the first, in every order; and finding a job by what one knows of it. */
import { cursorOf, listJobs } from '@/lib/jobs/list.server'
import { DEFAULT_LIMIT, type JobQuery, type JobSort, jobSorts, parseJobQuery } from '@/lib/jobs/query'
import type { Db } from '@/lib/store/db.server'
import { everything } from '../engine'
import { interleaved, type Measured, measureOf } from '../measure'
import type { Bench } from '../store'

const ROUNDS = 60
const TIMES_OF_THE_FIRST = 1.5
const TIMES_OF_A_PAGE = 2

export const queryOf = (search: string): JobQuery => parseJobQuery(new URLSearchParams(search))

export async function pageMeasures({ db }: Bench): Promise<Measured[]> {
  const measures: Measured[] = []
  for (const [name, search] of [
    ...jobSorts.map((sort): [string, string] => [sort, `sort=${sort}`]),
    ['newest, completed', 'state=completed'] as [string, string],
    ['newest, one workflow', 'workflow=report'] as [string, string],
  ]) {
    const first = queryOf(search)
    const deepest = { ...first, after: await deepestCursor(db, first) }
    const deep = await listJobs(db, everything, deepest)
    if (deep.nextCursor !== null || deep.items.length === 0) throw new Error(`that is not the last page of "${search}"`)
    const times = await interleaved(ROUNDS, {
      first: () => listJobs(db, everything, first),
      deepest: () => listJobs(db, everything, deepest),
    })
    measures.push(
      measureOf(`the deepest page, ${name}`, times.deepest, {
        statistic: 'median',
        theirs: times.first,
        beside: 'the first page',
        target: { timesOfIt: TIMES_OF_THE_FIRST },
      }),
    )
  }
  const first = queryOf('')
  for (const [name, q] of await known(db)) {
    const query = queryOf(new URLSearchParams({ q }).toString())
    const found = await listJobs(db, everything, query)
    if (found.items.length === 0) throw new Error(`"${q}" finds nothing`)
    const times = await interleaved(ROUNDS, {
      first: () => listJobs(db, everything, first),
      found: () => listJobs(db, everything, query),
    })
    measures.push(
      measureOf(`a job by its ${name}`, times.found, {
        statistic: 'median',
        theirs: times.first,
        beside: 'the first page',
        target: { timesOfIt: TIMES_OF_A_PAGE },
      }),
    )
  }
  return measures
}

const BACKWARDS: Record<JobSort, object[]> = {
  newest: [{ number: 'asc' }],
  oldest: [{ number: 'desc' }],
  next: [{ nextRank: 'desc' }, { nextDueAt: { sort: 'desc', nulls: 'first' } }, { number: 'desc' }],
  changed: [{ changedAt: 'asc' }, { number: 'asc' }],
}

/** The cursor before the last page: found from the other end. */
async function deepestCursor(db: Db, { sort, state, workflow }: JobQuery): Promise<string> {
  const [job] = await db.job.findMany({
    where: {
      ...(state.length === 0 ? {} : { state: { in: state } }),
      ...(workflow.length === 0 ? {} : { workflowKey: { in: workflow } }),
    },
    orderBy: BACKWARDS[sort],
    skip: DEFAULT_LIMIT,
    take: 1,
  })
  if (job === undefined) throw new Error('there is only one page: give more --jobs')
  return cursorOf(sort, job)
}

/** One in the middle of the store, by each of its names. */
async function known(db: Db): Promise<[string, string][]> {
  const [{ number: last = 1 } = {}] = await db.job.findMany({ orderBy: { number: 'desc' }, take: 1 })
  const attempt = await db.attempt.findFirstOrThrow({
    where: { responseId: { not: null }, job: { number: { gte: Math.round(last / 2) } } },
    include: { job: true },
    orderBy: { job: { number: 'asc' } },
  })
  const { job, responseId } = attempt
  return [
    ['number', String(job.number)],
    ['id', job.id],
    ['response', responseId ?? ''],
    ['reference', job.reference ?? ''],
  ]
}
