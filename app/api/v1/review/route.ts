import { answer, tagged, unchanged } from '@/lib/http/route.server'
import { tagInHand } from '@/lib/jobs/changes.server'
import { readInbox, refuseWithoutInbox } from '@/lib/review/inbox.server'
import { inboxQueryParams, parseInboxQuery } from '@/lib/review/inbox-query'
import { inboxTag, tagOfRead } from '@/lib/review/inbox-tag.server'
import { db } from '@/lib/store/db.server'

export const dynamic = 'force-dynamic'

/** A page of the inbox. An unchanged poll is answered from memory, without a query. */
export function GET(request: Request): Promise<Response> {
  return answer(request, async (actor) => {
    refuseWithoutInbox(actor)
    const query = parseInboxQuery(new URL(request.url).searchParams)
    const tag = inboxTag(actor, inboxQueryParams(query).toString())
    const inHand = tagInHand(request, tag)
    if (inHand !== null) return unchanged(inHand)
    const { value, changesAt } = await readInbox(db(), actor, query)
    return tagged(value, tagOfRead(tag, changesAt))
  })
}
