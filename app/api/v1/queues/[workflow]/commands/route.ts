import { readJson } from '@/lib/http/body'
import { answer, json, pointedErrors } from '@/lib/http/route.server'
import { hearOwnChange } from '@/lib/jobs/changes.server'
import { giveQueueCommand, readQueue } from '@/lib/queues/api.server'
import { queueCommandSchema } from '@/lib/queues/api-view'
import { asLead } from '@/lib/queues/control.server'
import { db } from '@/lib/store/db.server'
import { InvalidInput } from '@/lib/store/errors'
import { sanitiseText } from '@/lib/store/sanitise'

export const dynamic = 'force-dynamic'

/** Pauses, resumes, drains, opens or limits the queue of a workflow, in the name of the lead whose key or session it is. */
export function POST(request: Request, { params }: { params: Promise<{ workflow: string }> }): Promise<Response> {
  return answer(request, async (actor) => {
    asLead(actor)
    const body = await readJson(request)
    if ('refused' in body) return body.refused
    const ask = queueCommandSchema.safeParse(body.value)
    if (!ask.success) throw new InvalidInput('The command cannot be read.', pointedErrors(ask.error.issues))
    const workflow = sanitiseText((await params).workflow)
    await giveQueueCommand(db(), actor, workflow, ask.data, new Date())
    hearOwnChange()
    return json(await readQueue(db(), workflow))
  })
}
