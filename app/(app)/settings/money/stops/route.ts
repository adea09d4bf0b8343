import { hasRole } from '@/lib/access/can'
import { answer, json } from '@/lib/http/route.server'
import { openStops } from '@/lib/money/stops.server'
import { db } from '@/lib/store/db.server'
import { Forbidden } from '@/lib/store/errors'

export const dynamic = 'force-dynamic'

/** Whose sending stands still: what the banner of leads asks for again and again. */
export function GET(request: Request): Promise<Response> {
  return answer(request, async (actor) => {
    if (!hasRole(actor, 'lead')) throw new Forbidden('Only a lead or an owner sees which queues stand still.')
    return json({ items: await openStops(db()) })
  })
}
