import { readSides } from '@/lib/compare/sides.server'
import { answer, json } from '@/lib/http/route.server'
import { db } from '@/lib/store/db.server'
import { NotFound } from '@/lib/store/errors'

export const dynamic = 'force-dynamic'

/**
 * Two attempts, results or revisions of a job, for comparing: `?left=a1&right=a2r1`. Without a name, the newest and the
 * one before it.
 */
export function GET(request: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> {
  return answer(request, async (actor) => {
    const { searchParams } = new URL(request.url)
    const asked = { left: searchParams.get('left') || null, right: searchParams.get('right') || null }
    const comparison = await readSides(db(), actor, (await params).id, asked)
    if (comparison === null) throw new NotFound('There is no such job, or you may not see it.')
    return json(comparison)
  })
}
