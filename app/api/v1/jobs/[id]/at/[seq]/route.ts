import { readMoment } from '@/lib/history/read-moment.server'
import { seqOf } from '@/lib/history/seq'
import { answer, json } from '@/lib/http/route.server'
import { db } from '@/lib/store/db.server'
import { NotFound } from '@/lib/store/errors'

export const dynamic = 'force-dynamic'

/** The job as it stood right after one of its events. */
export function GET(request: Request, { params }: { params: Promise<{ id: string; seq: string }> }): Promise<Response> {
  return answer(request, async (actor) => {
    const { id, seq } = await params
    const wanted = seqOf(seq)
    const moment = wanted === null ? null : await readMoment(db(), actor, id, wanted)
    if (moment === null) throw new NotFound('The job has no such event, or there is no such job that you may see.')
    return json(moment)
  })
}
