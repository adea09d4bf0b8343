import { env } from '@/lib/env.server'
import { answer, json } from '@/lib/http/route.server'
import { readLeaving } from '@/lib/review/desk.server'
import { db } from '@/lib/store/db.server'
import { NotFound } from '@/lib/store/errors'
import { sanitiseText } from '@/lib/store/sanitise'

export const dynamic = 'force-dynamic'

/** The exact bytes that leave: `?hash=` of what the open round would let leave, or of a delivery of the job. */
export function GET(request: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> {
  return answer(request, async (actor) => {
    const { id } = await params
    const hash = sanitiseText(new URL(request.url).searchParams.get('hash') ?? '')
    const leaving = await readLeaving(db(), actor, { key: id, hash }, env())
    if (leaving === null) throw new NotFound('Nothing of this job leaves under that hash, or you may not see it.')
    return json(leaving)
  })
}
