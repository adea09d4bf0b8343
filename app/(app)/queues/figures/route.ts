import { readsEverything } from '@/lib/access/can'
import { answer, tagged, unchanged } from '@/lib/http/route.server'
import { isUnchanged } from '@/lib/jobs/changes.server'
import { depthAnswer, overviewAnswer } from '@/lib/queues/answer.server'
import { periodOf } from '@/lib/queues/period'
import { db } from '@/lib/store/db.server'
import { Forbidden, NotFound } from '@/lib/store/errors'

export const dynamic = 'force-dynamic'

/** What the pages of the queues ask for again and again: `?period=`, and of one `?workflow=`. */
export function GET(request: Request): Promise<Response> {
  return answer(request, async (actor) => {
    if (!readsEverything(actor)) throw new Forbidden('Only those who see every job read the figures of the queues.')
    const params = new URL(request.url).searchParams
    const period = periodOf(params.get('period'))
    const workflow = params.get('workflow')
    const found = workflow === null ? await overviewAnswer(db(), period) : await depthAnswer(db(), workflow, period)
    if (found === null) throw new NotFound('There is no such workflow.')
    return isUnchanged(request, found.tag) ? unchanged(found.tag) : tagged(found.value, found.tag)
  })
}
