import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { knownOptions, searchOptions } from '@/components/search/queries'
import { SearchPage } from '@/components/search/search-page'
import { requireActor } from '@/lib/access/session.server'
import { readKnown } from '@/lib/search/known.server'
import { parseSearchQuery, searchHref } from '@/lib/search/query'
import { searchJobs } from '@/lib/search/search.server'
import { db } from '@/lib/store/db.server'
import { listViews } from '@/lib/views/views.server'
import { changeSavedView, pinSavedView, removeSavedView, saveView } from './actions'

export const metadata: Metadata = { title: 'Search' }

type Search = Promise<Record<string, string | string[] | undefined>>

export default async function Page({ searchParams }: { searchParams: Search }) {
  const params = new URLSearchParams(
    Object.entries(await searchParams).flatMap(([name, value]) =>
      [value ?? []].flat().map((one): [string, string] => [name, one]),
    ),
  )
  const query = parseSearchQuery(params)
  const actor = await requireActor(searchHref(query.q, query.sort))
  const { userId } = actor
  const client = new QueryClient()
  const [result, known, views] = await Promise.all([
    query.q === '' ? null : searchJobs(db(), actor, query),
    readKnown(db(), actor),
    userId === null ? [] : listViews(db(), { ...actor, userId }),
  ])
  if (result !== null) client.setQueryData(searchOptions(query).queryKey, result)
  client.setQueryData(knownOptions.queryKey, known)
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <SearchPage
        views={views}
        actions={{ save: saveView, change: changeSavedView, remove: removeSavedView, pin: pinSavedView }}
      />
    </HydrationBoundary>
  )
}
