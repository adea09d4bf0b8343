import { readsEverything } from '@/lib/access/can'
import { readAlerts } from '@/lib/alerts/list.server'
import { answer, json } from '@/lib/http/route.server'
import { db } from '@/lib/store/db.server'
import { Forbidden } from '@/lib/store/errors'
import { sharedRead } from '@/lib/store/shared-read.server'

export const dynamic = 'force-dynamic'

/** The same for everybody who may see it. */
const KEEP_MS = 2_000
const readNow = sharedRead(() => readAlerts(db(), { now: new Date() }), KEEP_MS)

/** What the page of alerts shows, as of some seconds ago. */
export function GET(request: Request): Promise<Response> {
  return answer(request, async (actor) => {
    if (!readsEverything(actor)) throw new Forbidden('Only those who see every job see alerts.')
    return json(await readNow())
  })
}
