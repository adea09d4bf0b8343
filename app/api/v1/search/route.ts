import { answer, tagged, unchanged } from '@/lib/http/route.server'
import { isUnchanged } from '@/lib/jobs/changes.server'
import { parseSearchQuery, searchQueryParams } from '@/lib/search/query'
import { searchJobs } from '@/lib/search/search.server'
import { searchTag } from '@/lib/search/tag.server'
import { db } from '@/lib/store/db.server'

export const dynamic = 'force-dynamic'

/** A page of what is looked for. An unchanged question over unchanged jobs is answered from memory, without a query. */
export function GET(request: Request): Promise<Response> {
  return answer(request, async (actor) => {
    const query = parseSearchQuery(new URL(request.url).searchParams)
    const tag = searchTag(actor, searchQueryParams(query).toString())
    if (tag !== null && isUnchanged(request, tag)) return unchanged(tag)
    return tagged(await searchJobs(db(), actor, query), tag)
  })
}
