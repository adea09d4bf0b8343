import { readJson } from '@/lib/http/body'
import { answer, json, pointedErrors } from '@/lib/http/route.server'
import { hearOwnChange } from '@/lib/jobs/changes.server'
import { findJobId, readJob } from '@/lib/jobs/detail.server'
import { giveCommandSchema } from '@/lib/jobs/view'
import { giveCommand } from '@/lib/store/command.server'
import { db } from '@/lib/store/db.server'
import { InvalidInput, NotFound } from '@/lib/store/errors'

export const dynamic = 'force-dynamic'

/** Gives a command to a job. It takes effect once; a lost race is 409 and says who did what, when. */
export function POST(request: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> {
  return answer(request, async (actor) => {
    const body = await readJson(request)
    if ('refused' in body) return body.refused
    const ask = giveCommandSchema.safeParse(body.value)
    if (!ask.success) throw new InvalidInput('The command cannot be read.', pointedErrors(ask.error.issues))
    const jobId = await findJobId(db(), actor, (await params).id)
    if (jobId === null) throw new NotFound('There is no such job, or you may not see it.')
    await giveCommand(db(), actor, jobId, ask.data, 'api')
    hearOwnChange()
    return json(await readJob(db(), actor, jobId))
  })
}
