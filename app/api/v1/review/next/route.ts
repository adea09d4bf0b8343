import { readJson } from '@/lib/http/body'
import { answer, json, pointedErrors } from '@/lib/http/route.server'
import { hearOwnChange } from '@/lib/jobs/changes.server'
import { takeNext } from '@/lib/review/take-next.server'
import { takeNextSchema } from '@/lib/review/view'
import { db } from '@/lib/store/db.server'
import { InvalidInput } from '@/lib/store/errors'

export const dynamic = 'force-dynamic'

/** Claims the next item that nobody holds or looks at, for the person who asks. */
export function POST(request: Request): Promise<Response> {
  return answer(request, async (actor) => {
    const body = await readJson(request)
    if ('refused' in body) return body.refused
    const ask = takeNextSchema.safeParse(body.value)
    if (!ask.success) throw new InvalidInput('This cannot be read.', pointedErrors(ask.error.issues))
    const taken = await takeNext(db(), actor, ask.data, new Date(), viaOf(request))
    if (taken.id !== null) hearOwnChange()
    return json(taken)
  })
}

/** A page of ours, or a program with a key: the history says which. */
function viaOf(request: Request): 'api' | 'browser' {
  return request.headers.has('authorization') ? 'api' : 'browser'
}
