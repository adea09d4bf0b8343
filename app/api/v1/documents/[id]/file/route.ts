import { actorFromRequest } from '@/lib/access/session.server'
import { answerFile } from '@/lib/documents/answers.server'
import { guard } from '@/lib/http/route.server'
import { db } from '@/lib/store/db.server'

export function GET(request: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> {
  return guard(async () => answerFile(db(), await actorFromRequest(request), (await params).id))
}
