import { readRelated } from '@/lib/history/related.server'
import { answer, json } from '@/lib/http/route.server'
import { db } from '@/lib/store/db.server'
import { NotFound } from '@/lib/store/errors'

export const dynamic = 'force-dynamic'

/** Jobs under the same reference, and those that the same person asked for around that time. */
export function GET(request: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> {
  return answer(request, async (actor) => {
    const related = await readRelated(db(), actor, (await params).id)
    if (related === null) throw new NotFound('There is no such job, or you may not see it.')
    return json(related)
  })
}
