import { readsEverything } from '@/lib/access/can'
import { readAlertNews } from '@/lib/alerts/list.server'
import { answer, tagged, unchanged } from '@/lib/http/route.server'
import { currentTag, isUnchanged } from '@/lib/jobs/changes.server'
import { db } from '@/lib/store/db.server'
import { Forbidden } from '@/lib/store/errors'
import { sanitiseText } from '@/lib/store/sanitise'

export const dynamic = 'force-dynamic'

/** Open alerts in brief, of all or of one workflow. An unchanged poll is answered from memory, without a query. */
export function GET(request: Request): Promise<Response> {
  return answer(request, async (actor) => {
    if (!readsEverything(actor)) throw new Forbidden('Only those who see every job see alerts.')
    const asked = new URL(request.url).searchParams.get('workflow')?.slice(0, 200)
    const workflow = asked === undefined ? undefined : sanitiseText(asked)
    const tag = currentTag('alerts', workflow ?? '')
    if (tag !== null && isUnchanged(request, tag)) return unchanged(tag)
    return tagged(await readAlertNews(db(), workflow), tag)
  })
}
