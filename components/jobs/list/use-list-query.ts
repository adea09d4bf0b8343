'use client'
import {
  parseAsArrayOf,
  parseAsBoolean,
  parseAsInteger,
  parseAsString,
  parseAsStringLiteral,
  useQueryStates,
} from 'nuqs'
import { useCallback, useMemo } from 'react'
import { DEFAULT_LIMIT, happenings, type JobQuery, jobQueryParams, jobSorts, parseJobQuery } from '@/lib/jobs/query'
import { type State, stateNames } from '@/lib/lifecycle/table'
import { standings } from '@/lib/queues/standing'

// The same words in the address as in the API: `parseJobQuery` reads them on the server.
export const listParsers = {
  state: parseAsArrayOf(parseAsStringLiteral<State>(stateNames)).withDefault([]),
  workflow: parseAsArrayOf(parseAsString).withDefault([]),
  version: parseAsInteger,
  mine: parseAsBoolean.withDefault(false),
  standing: parseAsStringLiteral(standings),
  asOf: parseAsString,
  happened: parseAsStringLiteral(happenings),
  from: parseAsString,
  to: parseAsString,
  q: parseAsString.withDefault(''),
  sort: parseAsStringLiteral(jobSorts).withDefault('newest'),
  after: parseAsString,
  limit: parseAsInteger.withDefault(DEFAULT_LIMIT),
}

export type ChangeQuery = (change: Partial<Omit<JobQuery, 'limit'>>) => void

/**
 * What the list is asked for, kept in the address, so that Back and a sent link mean what they say. A change of filter
 * or order goes back to the first page.
 */
export function useListQuery(): { query: JobQuery; change: ChangeQuery } {
  const [values, setValues] = useQueryStates(listParsers, { history: 'push', scroll: false })
  // Through the server's own reader, so that one address is one question on both sides.
  const text = jobQueryParams(values).toString()
  const query = useMemo(() => parseJobQuery(new URLSearchParams(text)), [text])
  const change = useCallback<ChangeQuery>(
    (next) => {
      void setValues({ after: null, ...next })
    },
    [setValues],
  )
  return { query, change }
}

/** Whether the list shows less than everything: then an empty one means something else. */
export function isFiltered(query: JobQuery): boolean {
  return (
    query.state.length > 0 ||
    query.workflow.length > 0 ||
    query.version !== null ||
    query.mine ||
    query.standing !== null ||
    query.happened !== null ||
    query.q !== ''
  )
}

/** The list without any filter. */
export const UNFILTERED = {
  state: [],
  workflow: [],
  version: null,
  mine: false,
  standing: null,
  asOf: null,
  happened: null,
  from: null,
  to: null,
  q: '',
} satisfies Partial<JobQuery>
