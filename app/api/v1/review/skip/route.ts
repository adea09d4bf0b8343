import { readJson } from '@/lib/http/body'
import { answer, pointedErrors } from '@/lib/http/route.server'
import { hearOwnChange } from '@/lib/jobs/changes.server'
import { skip } from '@/lib/review/take-next.server'
import { skipSchema } from '@/lib/review/view'
import { db } from '@/lib/store/db.server'
import { InvalidInput } from '@/lib/store/errors'

export const dynamic = 'force-dynamic'

/** Leaves an item to others for now: it is offered to this person again only after all else. */
export function POST(request: Request): Promise<Response> {
  return answer(request, async (actor) => {
    const body = await readJson(request)
    if ('refused' in body) return body.refused
    const ask = skipSchema.safeParse(body.value)
    if (!ask.success) throw new InvalidInput('Name the job by its id.', pointedErrors(ask.error.issues))
    const via = request.headers.has('authorization') ? 'api' : 'browser'
    await skip(db(), actor, ask.data.job, new Date(), via)
    hearOwnChange()
    return new Response(null, { status: 204, headers: { 'cache-control': 'no-store' } })
  })
}
