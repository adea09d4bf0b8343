import { answer, json } from '@/lib/http/route.server'
import { readDesk } from '@/lib/review/desk.server'
import { db } from '@/lib/store/db.server'
import { NotFound } from '@/lib/store/errors'

export const dynamic = 'force-dynamic'

/** What a job can be decided with: reasons, people who can be told, and the schema by which its result is edited. */
export function GET(request: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> {
  return answer(request, async (actor) => {
    const desk = await readDesk(db(), actor, (await params).id)
    if (desk === null) throw new NotFound('There is no such job, or you may not see it.')
    return json(desk)
  })
}
