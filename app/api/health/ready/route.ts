import { keepWatch } from '@/lib/alerts/watch.server'
import { readiness } from '@/lib/start/readiness.server'
import { db } from '@/lib/store/db.server'

export const dynamic = 'force-dynamic'

/** 200 when the database answers and is migrated; else 503 with a problem (RFC 9457). */
export async function GET(): Promise<Response> {
  keepWatch()
  const { isReady, detail, components } = await readiness(db)
  const headers = { 'cache-control': 'no-store' }
  if (isReady) return Response.json({ status: 'ready', components }, { headers })
  const problem = { type: 'about:blank', title: 'Not ready', status: 503, detail, components }
  return Response.json(problem, {
    status: 503,
    headers: { ...headers, 'content-type': 'application/problem+json', 'retry-after': '1' },
  })
}
