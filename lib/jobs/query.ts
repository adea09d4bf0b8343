/** What a list of jobs is asked for: the same parameters in the page's address and in the API. Pure. */
import { type State, stateNames } from '@/lib/lifecycle/table'
import { type Standing, standingOf } from '@/lib/queues/standing'
import { sanitiseText } from '@/lib/store/sanitise'

export const jobSorts = ['newest', 'oldest', 'next', 'changed'] as const
export type JobSort = (typeof jobSorts)[number]

export const happenings = ['created', 'settled', 'sent'] as const
export type Happened = (typeof happenings)[number]

export type JobQuery = {
  /** Any of these; empty: all. */
  state: State[]
  /** Workflow keys; empty: all. */
  workflow: string[]
  /** Only jobs that ran under this version of their workflow; null: under any. */
  version: number | null
  /** Only jobs that the asking person requested. */
  mine: boolean
  /** Only jobs that stand there, for whoever watches the queues; null: wherever. */
  standing: Standing | null
  /** With `standing`: those that stood there when they were counted, at this moment (ISO 8601); null: now. */
  asOf: string | null
  /** Only what happened from `from` until before `to` (ISO 8601): jobs asked for, settled, or with a call sent then. */
  happened: Happened | null
  from: string | null
  to: string | null
  /** Words of the title, a reference, or a number. Empty: no search. */
  q: string
  sort: JobSort
  /** A cursor as it came in `nextCursor`; null: the first page. */
  after: string | null
  /** Rows a page, 1 to 200. */
  limit: number
}

export const DEFAULT_LIMIT = 50
/** As large as the column. */
const MOST_VERSION = 2_147_483_647

/** Reads URL parameters. What makes no sense is left out rather than refused: an old link still opens a list. */
export function parseJobQuery(params: URLSearchParams): JobQuery {
  const list = (name: string) =>
    params
      .getAll(name)
      .flatMap((value) => value.split(','))
      .map((value) => sanitiseText(value.trim()))
      .filter((value) => value !== '')
  const sort = params.get('sort') as JobSort | null
  const limit = Number.parseInt(params.get('limit') ?? '', 10)
  const version = Number.parseInt(params.get('version') ?? '', 10)
  const standing = standingOf(params.get('standing'))
  const stretch = stretchOf(params)
  return {
    state: list('state').filter((value): value is State => (stateNames as string[]).includes(value)),
    workflow: list('workflow').slice(0, 50),
    version: Number.isInteger(version) && version >= 1 && version <= MOST_VERSION ? version : null,
    mine: params.get('mine') === 'true' || params.get('mine') === '1',
    standing,
    asOf: standing === null ? null : momentOf(params.get('asOf')),
    happened: stretch?.happened ?? null,
    from: stretch?.from ?? null,
    to: stretch?.to ?? null,
    q: sanitiseText((params.get('q') ?? '').trim().slice(0, 200)),
    sort: sort !== null && jobSorts.includes(sort) ? sort : 'newest',
    after: params.get('after') || null,
    limit: Number.isInteger(limit) && limit >= 1 && limit <= 200 ? limit : DEFAULT_LIMIT,
  }
}

/** A moment that PostgreSQL can hold as well, in its one spelling; null for anything else. */
function momentOf(value: string | null): string | null {
  const at = value !== null && /^\d{4}-\d\d-\d\dT/.test(value) ? Date.parse(value) : Number.NaN
  return Number.isNaN(at) || at < 0 ? null : new Date(at).toISOString()
}

/** Only whole: a stretch without an end, or of what, says nothing. */
function stretchOf(params: URLSearchParams) {
  const happened = happenings.find((one) => one === params.get('happened'))
  const [from, to] = [momentOf(params.get('from')), momentOf(params.get('to'))]
  return happened === undefined || from === null || to === null ? null : { happened, from, to }
}

/** The parameters of `query`, without those that have their default. */
export function jobQueryParams(query: JobQuery): URLSearchParams {
  const params = new URLSearchParams()
  if (query.state.length > 0) params.set('state', query.state.join(','))
  if (query.workflow.length > 0) params.set('workflow', query.workflow.join(','))
  if (query.version !== null) params.set('version', String(query.version))
  if (query.mine) params.set('mine', 'true')
  if (query.standing !== null) params.set('standing', query.standing)
  if (query.standing !== null && query.asOf !== null) params.set('asOf', query.asOf)
  if (query.happened !== null && query.from !== null && query.to !== null) {
    params.set('happened', query.happened)
    params.set('from', query.from)
    params.set('to', query.to)
  }
  if (query.q !== '') params.set('q', query.q)
  if (query.sort !== 'newest') params.set('sort', query.sort)
  if (query.after !== null) params.set('after', query.after)
  if (query.limit !== DEFAULT_LIMIT) params.set('limit', String(query.limit))
  return params
}
