import { readsEverything } from '@/lib/access/can'
import { answer, json } from '@/lib/http/route.server'
import { db } from '@/lib/store/db.server'
import { Forbidden, NotFound } from '@/lib/store/errors'
import { sanitiseText } from '@/lib/store/sanitise'
import { readHistory } from '@/lib/workflows/catalogue.server'
import { historyView } from '@/lib/workflows/item'

export const dynamic = 'force-dynamic'

/** One workflow with all of its versions, for those who see every job. */
export function GET(request: Request, { params }: { params: Promise<{ key: string }> }): Promise<Response> {
  return answer(request, async (actor) => {
    if (!readsEverything(actor)) throw new Forbidden('Only those who may read every job may read what jobs run under.')
    const history = await readHistory(db(), sanitiseText((await params).key))
    if (history === null) throw new NotFound('There is no such workflow.')
    return json(historyView(history))
  })
}
