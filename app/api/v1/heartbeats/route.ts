import { answer, json } from '@/lib/http/route.server'
import { readHeartbeats } from '@/lib/jobs/heartbeats.server'
import { db } from '@/lib/store/db.server'

export const dynamic = 'force-dynamic'

const UUID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i

/** How the watch over running jobs goes: `?jobs=` with their ids, separated by commas. */
export function GET(request: Request): Promise<Response> {
  return answer(request, async (actor) => {
    const asked = (new URL(request.url).searchParams.get('jobs') ?? '').split(',').filter((id) => UUID.test(id))
    return json(await readHeartbeats(db(), actor, asked))
  })
}
