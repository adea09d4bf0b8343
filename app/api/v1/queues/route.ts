import { readsEverything } from '@/lib/access/can'
import { answer, json } from '@/lib/http/route.server'
import { readQueues } from '@/lib/queues/api.server'
import { db } from '@/lib/store/db.server'
import { Forbidden } from '@/lib/store/errors'

export const dynamic = 'force-dynamic'

/** How the queue of each workflow is set, for those who see every job. */
export function GET(request: Request): Promise<Response> {
  return answer(request, async (actor) => {
    if (!readsEverything(actor)) throw new Forbidden('Only those who may read every job may read how queues are set.')
    return json({ items: await readQueues(db()) })
  })
}
