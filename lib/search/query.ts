/** What a search is asked with: the same parameters in the page's address and in the API. Pure. */
import { sanitiseText } from '@/lib/store/sanitise'

export const searchSorts = ['newest', 'oldest'] as const
export type SearchSort = (typeof searchSorts)[number]

export type SearchQuery = {
  /** In the language of `filter.ts`. */
  q: string
  sort: SearchSort
  /** The number after which the page begins; null: the first page. */
  after: number | null
  /** Jobs a page, 1 to 100. */
  limit: number
}

export const SEARCH_LIMIT = 25
const MOST_LIMIT = 100
/** Longer ones are refused by the language itself; this is what is read of an address at all. In UTF-16 units. */
const MOST_READ = 4_000
/** As large as the column. */
const MOST_NUMBER = 2_147_483_647

/** Reads URL parameters. What makes no sense is left out rather than refused: an old link still opens a search. */
export function parseSearchQuery(params: URLSearchParams): SearchQuery {
  const sort = params.get('sort') as SearchSort | null
  const limit = Number(params.get('limit') ?? '')
  const after = /^\d{1,10}$/.test(params.get('after') ?? '') ? Number(params.get('after')) : null
  return {
    q: sanitiseText((params.get('q') ?? '').slice(0, MOST_READ).trim()),
    sort: sort !== null && searchSorts.includes(sort) ? sort : 'newest',
    after: after !== null && after <= MOST_NUMBER ? after : null,
    limit: Number.isInteger(limit) && limit >= 1 && limit <= MOST_LIMIT ? limit : SEARCH_LIMIT,
  }
}

/** The parameters of `query`, without those that have their default. */
export function searchQueryParams({ q, sort, after, limit }: SearchQuery): URLSearchParams {
  const params = new URLSearchParams()
  if (q !== '') params.set('q', q)
  if (sort !== 'newest') params.set('sort', sort)
  if (after !== null) params.set('after', String(after))
  if (limit !== SEARCH_LIMIT) params.set('limit', String(limit))
  return params
}

/** The address of a search. */
export function searchHref(q: string, sort: SearchSort = 'newest'): string {
  const params = searchQueryParams({ q, sort, after: null, limit: SEARCH_LIMIT })
  return params.size === 0 ? '/search' : `/search?${params}`
}
