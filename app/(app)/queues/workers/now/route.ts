import { readsEverything } from '@/lib/access/can'
import { answer, json } from '@/lib/http/route.server'
import { db } from '@/lib/store/db.server'
import { Forbidden } from '@/lib/store/errors'
import { readWorkers } from '@/lib/workers/list.server'

export const dynamic = 'force-dynamic'

/** What the page of workers shows. */
export function GET(request: Request): Promise<Response> {
  return answer(request, async (actor) => {
    if (!readsEverything(actor)) throw new Forbidden('Only those who see every job see workers.')
    return json(await readWorkers(db(), actor))
  })
}
