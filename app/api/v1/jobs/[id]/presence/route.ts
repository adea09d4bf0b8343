import { readJson } from '@/lib/http/body'
import { answer, json, pointedErrors } from '@/lib/http/route.server'
import { findJobId } from '@/lib/jobs/detail.server'
import { sayPresence } from '@/lib/review/presence.server'
import { presenceAskSchema } from '@/lib/review/view'
import { db } from '@/lib/store/db.server'
import { InvalidInput, NotFound } from '@/lib/store/errors'

export const dynamic = 'force-dynamic'

/** Says that the person has this job open, and is told who else has. */
export function POST(request: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> {
  return answer(request, async (actor) => {
    const body = await readJson(request)
    if ('refused' in body) return body.refused
    const ask = presenceAskSchema.safeParse(body.value)
    if (!ask.success) throw new InvalidInput('This cannot be read.', pointedErrors(ask.error.issues))
    const jobId = await findJobId(db(), actor, (await params).id)
    if (jobId === null) throw new NotFound('There is no such job, or you may not see it.')
    return json(await sayPresence(db(), actor, jobId, ask.data))
  })
}
