import { answer, tagged, unchanged } from '@/lib/http/route.server'
import { tagInHand, tagUntil } from '@/lib/jobs/changes.server'
import { GOOD_FOR_MS, searchTag } from '@/lib/search/tag.server'
import { db } from '@/lib/store/db.server'
import { pinnedViews } from '@/lib/views/pinned.server'

export const dynamic = 'force-dynamic'

/** The views in the side bar, with counts. An unchanged poll is answered from memory, without a query. */
export function GET(request: Request): Promise<Response> {
  return answer(request, async (actor) => {
    const tag = searchTag(actor, 'pinned')
    const inHand = tagInHand(request, tag)
    if (inHand !== null) return unchanged(inHand)
    return tagged(await pinnedViews(db(), actor), tagUntil(tag, Date.now() + GOOD_FOR_MS))
  })
}
