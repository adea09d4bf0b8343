import { v7 as uuidv7 } from 'uuid'
import { contentReader, gatherCase, noteTaking } from '@/lib/audit/case-file.server'
import { caseHtml } from '@/lib/audit/case-html.server'
import { CASE_POLICY } from '@/lib/audit/case-html-parts'
import { describeCase } from '@/lib/audit/case-view.server'
import { caseZip } from '@/lib/audit/case-zip.server'
import { answer, json } from '@/lib/http/route.server'
import { db } from '@/lib/store/db.server'
import { InvalidInput } from '@/lib/store/errors'

export const dynamic = 'force-dynamic'

/**
 * The case file of a job, for whoever may read it: `?format=html` a page, `?format=zip` what can be checked elsewhere; without
 * either, what it would have. That it was taken out is written down.
 */
export function GET(request: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> {
  return answer(request, async (actor) => {
    const format = new URL(request.url).searchParams.get('format')
    const file = await gatherCase(db(), actor, (await params).id)
    if (format === null) return json(await describeCase(db(), file))
    if (format !== 'html' && format !== 'zip') {
      throw new InvalidInput('Give the format html or zip.', [{ pointer: '/format', detail: 'It is html or zip.' }])
    }
    const { id: jobId, number, version } = file.view
    await noteTaking(db(), actor, { id: uuidv7(), jobId, version, format, at: new Date() })
    const read = contentReader(db())
    const body = format === 'html' ? encoded(caseHtml(file, read)) : caseZip(file, { read, key: file.signer })
    return new Response(streamOf(body), {
      headers: {
        'content-type': format === 'html' ? 'text/html; charset=utf-8' : 'application/zip',
        'content-disposition': `attachment; filename="job-${number}-case-file.${format}"`,
        'x-content-type-options': 'nosniff',
        'content-security-policy': `sandbox; ${CASE_POLICY}`,
        'cache-control': 'private, no-store',
      },
    })
  })
}

async function* encoded(parts: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder()
  for await (const part of parts) yield encoder.encode(part)
}

/** As much as the receiver takes: a large one is never whole in memory. */
function streamOf(parts: AsyncGenerator<Uint8Array>): ReadableStream<Uint8Array> {
  return new ReadableStream({
    async pull(controller) {
      const { value, done } = await parts.next()
      if (done) controller.close()
      else controller.enqueue(value)
    },
    async cancel() {
      await parts.return(undefined)
    },
  })
}
