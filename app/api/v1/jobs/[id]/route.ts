import { answer, tagged, unchanged } from '@/lib/http/route.server'
import { currentTag, tagInHand, tagUntil } from '@/lib/jobs/changes.server'
import { readJob } from '@/lib/jobs/detail.server'
import { db } from '@/lib/store/db.server'
import { NotFound } from '@/lib/store/errors'

export const dynamic = 'force-dynamic'

/** One job, whole, by its id or its number. */
export function GET(request: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> {
  return answer(request, async (actor) => {
    const { id } = await params
    const tag = currentTag('job', actor.userId ?? '', actor.apiKeyId ?? '', actor.roles.join(), id)
    const inHand = tagInHand(request, tag)
    if (inHand !== null) return unchanged(inHand)
    const job = await readJob(db(), actor, id)
    if (job === null) throw new NotFound('There is no such job, or you may not see it.')
    // Nothing is written when the time to take an approval back runs out: the tag runs out with it.
    const { undoUntil, allowedCommands } = job
    const runsOut = undoUntil !== null && allowedCommands.includes('undo')
    return tagged(job, runsOut ? tagUntil(tag, Date.parse(undoUntil)) : tag)
  })
}
