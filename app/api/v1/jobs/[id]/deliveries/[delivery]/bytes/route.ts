import { readableBytes } from '@/lib/deliveries/readable'
import type { SentBytes } from '@/lib/deliveries/sent-view'
import { answer, json } from '@/lib/http/route.server'
import { findJobId } from '@/lib/jobs/detail.server'
import { readBlob } from '@/lib/store/blobs.server'
import { db } from '@/lib/store/db.server'
import { NotFound } from '@/lib/store/errors'

export const dynamic = 'force-dynamic'

const ID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i

/** By kind: what the file is called that a browser keeps. */
const ENDINGS: Record<string, string> = { email: 'eml', http: 'json' }

/**
 * The exact bytes of a delivery, as a file that no browser opens by itself; with `?readable=1` decoded for people. For
 * whoever may read the job.
 */
export function GET(
  request: Request,
  { params }: { params: Promise<{ id: string; delivery: string }> },
): Promise<Response> {
  return answer(request, async (actor) => {
    const { id, delivery: deliveryId } = await params
    const jobId = await findJobId(db(), actor, id)
    const delivery =
      jobId === null || !ID.test(deliveryId)
        ? null
        : await db().delivery.findFirst({
            where: { id: deliveryId, jobId },
            include: { job: { select: { number: true } } },
          })
    const bytes = delivery === null ? null : await readBlob(db(), delivery.bytesSha256)
    if (delivery === null || bytes === null) throw new NotFound('There is no such delivery, or you may not see it.')
    const { kind, number, bytesSha256 } = delivery
    if (new URL(request.url).searchParams.get('readable') === '1') {
      const facts = { kind: kind as SentBytes['kind'], bytesHash: bytesSha256, size: bytes.byteLength }
      return json({ ...facts, ...readableBytes(kind, bytes) } satisfies SentBytes)
    }
    return new Response(Buffer.from(bytes), {
      headers: {
        'content-type': 'application/octet-stream',
        'content-disposition': `attachment; filename="job-${delivery.job.number}-delivery-${number}.${ENDINGS[kind] ?? 'bin'}"`,
        'x-content-type-options': 'nosniff',
        'content-security-policy': "sandbox; default-src 'none'",
        'cache-control': 'private, no-store',
      },
    })
  })
}
