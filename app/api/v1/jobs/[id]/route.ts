import { answer, tagged, unchanged } from '@/lib/http/route.server'
import { currentTag, tagInHand, tagUntil } from '@/lib/jobs/changes.server'
import { readJobUntil } from '@/lib/jobs/detail.server'
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
    const read = await readJobUntil(db(), actor, id)
    if (read === null) throw new NotFound('There is no such job, or you may not see it.')
    const { job, goodUntil } = read
    // Nothing is written when a lease, a snooze or the time to take an approval back runs out: the tag does too.
    return tagged(job, goodUntil === null ? tag : tagUntil(tag, goodUntil.getTime()))
  })
}
