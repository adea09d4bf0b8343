import { readsEverything } from '@/lib/access/can'
import { answer, json } from '@/lib/http/route.server'
import { readQueue } from '@/lib/queues/api.server'
import { db } from '@/lib/store/db.server'
import { Forbidden } from '@/lib/store/errors'
import { sanitiseText } from '@/lib/store/sanitise'

export const dynamic = 'force-dynamic'

/** How the queue of one workflow is set, and who changed that, for those who see every job. */
export function GET(request: Request, { params }: { params: Promise<{ workflow: string }> }): Promise<Response> {
  return answer(request, async (actor) => {
    if (!readsEverything(actor)) throw new Forbidden('Only those who may read every job may read how queues are set.')
    return json(await readQueue(db(), sanitiseText((await params).workflow)))
  })
}
