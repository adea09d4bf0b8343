import { answer, tagged, unchanged } from '@/lib/http/route.server'
import { currentTag, isUnchanged } from '@/lib/jobs/changes.server'
import { readNotices } from '@/lib/notices/list.server'
import { db } from '@/lib/store/db.server'

export const dynamic = 'force-dynamic'

/** What the person who asks was told. An unchanged poll is answered from memory, without a query. */
export function GET(request: Request): Promise<Response> {
  return answer(request, async (actor) => {
    const tag = currentTag('notices', actor.userId ?? '', actor.roles.join())
    if (tag !== null && isUnchanged(request, tag)) return unchanged(tag)
    return tagged(await readNotices(db(), actor), tag)
  })
}
