import { answer, json } from '@/lib/http/route.server'
import { readKnown } from '@/lib/search/known.server'
import { db } from '@/lib/store/db.server'

export const dynamic = 'force-dynamic'

/** What a search can be completed with. */
export function GET(request: Request): Promise<Response> {
  return answer(request, async (actor) => json(await readKnown(db(), actor)))
}
