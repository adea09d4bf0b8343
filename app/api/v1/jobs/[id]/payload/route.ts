import { answer } from '@/lib/http/route.server'
import { findJobId } from '@/lib/jobs/detail.server'
import { readBlob } from '@/lib/store/blobs.server'
import { db } from '@/lib/store/db.server'
import { NotFound } from '@/lib/store/errors'

export const dynamic = 'force-dynamic'

/** Numbers are 32-bit. */
const NUMBER = /^\d{1,9}$/

/** The final payload of an attempt, byte for byte as it was received: `?attempt=N`, else the newest that has one. */
export function GET(request: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> {
  return answer(request, async (actor) => {
    const jobId = await findJobId(db(), actor, (await params).id)
    const wanted = new URL(request.url).searchParams.get('attempt') || null
    const attempt =
      jobId === null || (wanted !== null && !NUMBER.test(wanted))
        ? null
        : await db().attempt.findFirst({
            where: { jobId, payloadSha256: { not: null }, ...(wanted === null ? {} : { number: Number(wanted) }) },
            orderBy: { number: 'desc' },
            include: { job: { select: { number: true } } },
          })
    const bytes = attempt?.payloadSha256 ? await readBlob(db(), attempt.payloadSha256) : null
    if (attempt === null || bytes === null) throw new NotFound('There is no such payload, or you may not see it.')
    return new Response(Buffer.from(bytes), {
      headers: {
        'content-type': 'application/json',
        'content-disposition': `attachment; filename="job-${attempt.job.number}-attempt-${attempt.number}.json"`,
        'x-content-type-options': 'nosniff',
        'content-security-policy': "sandbox; default-src 'none'",
        'cache-control': 'private, no-store',
      },
    })
  })
}
