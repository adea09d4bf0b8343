import { answer, tagged, unchanged } from '@/lib/http/route.server'
import { tagInHand } from '@/lib/jobs/changes.server'
import { countInbox, refuseWithoutInbox } from '@/lib/review/inbox.server'
import { inboxTag, tagOfRead } from '@/lib/review/inbox-tag.server'
import { db } from '@/lib/store/db.server'
import { inTurn } from '@/lib/store/in-turn'

export const dynamic = 'force-dynamic'

/** Each goes over all that waits, and every reviewer who watches asks for it: they leave connections to the others. */
const counting = inTurn(2)

/** How much waits, by view. An unchanged poll is answered from memory, without a query. */
export function GET(request: Request): Promise<Response> {
  return answer(request, async (actor) => {
    refuseWithoutInbox(actor)
    const tag = inboxTag(actor, 'count')
    const inHand = tagInHand(request, tag)
    if (inHand !== null) return unchanged(inHand)
    const { value, changesAt } = await counting(() => countInbox(db(), actor))
    return tagged(value, tagOfRead(tag, changesAt))
  })
}
