import { answer, tagged, unchanged } from '@/lib/http/route.server'
import { tagInHand, tagUntil } from '@/lib/jobs/changes.server'
import { parseSearchQuery, searchQueryParams } from '@/lib/search/query'
import { searchJobs } from '@/lib/search/search.server'
import { GOOD_FOR_MS, searchTag } from '@/lib/search/tag.server'
import { db } from '@/lib/store/db.server'

export const dynamic = 'force-dynamic'

/** A page of what is looked for. An unchanged question over unchanged jobs is answered from memory, without a query. */
export function GET(request: Request): Promise<Response> {
  return answer(request, async (actor) => {
    const query = parseSearchQuery(new URL(request.url).searchParams)
    const tag = searchTag(actor, searchQueryParams(query).toString())
    const inHand = tagInHand(request, tag)
    if (inHand !== null) return unchanged(inHand)
    const result = await searchJobs(db(), actor, query)
    // What was not found within the time may be found the next time.
    return tagged(result, result.reached === null ? tagUntil(tag, Date.now() + GOOD_FOR_MS) : null)
  })
}
