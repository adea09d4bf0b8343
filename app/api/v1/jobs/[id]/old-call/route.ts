import { can } from '@/lib/access/can'
import { answer, json } from '@/lib/http/route.server'
import { findJobId } from '@/lib/jobs/detail.server'
import { lookUpOldCall } from '@/lib/jobs/old-call.server'
import { providerIfSet } from '@/lib/provider/current.server'
import { db } from '@/lib/store/db.server'
import { Forbidden, NotFound } from '@/lib/store/errors'
import { factsForCan, loadFacts } from '@/lib/store/facts.server'

export const dynamic = 'force-dynamic'

/** What became of a call whose end nobody has seen, asked of its provider now: for whoever is about to pay again. */
export function GET(request: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> {
  return answer(request, async (actor) => {
    const jobId = await findJobId(db(), actor, (await params).id)
    if (jobId === null) throw new NotFound('There is no such job, or you may not see it.')
    const permission = can(actor, 'retry', factsForCan(await loadFacts(db(), jobId), new Date()))
    if (!permission.allowed) throw new Forbidden(permission.why)
    return json(await lookUpOldCall(db(), providerIfSet(), jobId))
  })
}
