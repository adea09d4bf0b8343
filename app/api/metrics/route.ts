import { hasRole } from '@/lib/access/can'
import { keepWatch } from '@/lib/alerts/watch.server'
import { env } from '@/lib/env.server'
import { answer, guard } from '@/lib/http/route.server'
import { carriesToken } from '@/lib/metrics/access'
import { type MetricsText, renderMetrics } from '@/lib/metrics/render.server'
import { db } from '@/lib/store/db.server'
import { Forbidden } from '@/lib/store/errors'
import { sharedRead } from '@/lib/store/shared-read.server'

export const dynamic = 'force-dynamic'

/** Several servers of Prometheus that scrape at once cost no more than one. */
const KEEP_MS = 1_000
const readNow = sharedRead(() => renderMetrics(db()), KEEP_MS)

/** What Prometheus scrapes: of the whole installation, whichever web server answers, and of this process. */
export function GET(request: Request): Promise<Response> {
  keepWatch()
  if (carriesToken(request.headers, env().HOLDPOINT_METRICS_TOKEN)) return guard(async () => asText(await readNow()))
  return answer(request, async (actor) => {
    if (!hasRole(actor, 'lead')) throw new Forbidden('Metrics are for leads and owners, and for the token of metrics.')
    return asText(await readNow())
  })
}

function asText({ contentType, text }: MetricsText): Response {
  return new Response(text, { headers: { 'content-type': contentType, 'cache-control': 'no-store' } })
}
