import { actorFromRequest } from '@/lib/access/session.server'
import { answerText } from '@/lib/documents/answers.server'
import { db } from '@/lib/store/db.server'

export async function GET(request: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> {
  const { id } = await params
  return answerText(db(), await actorFromRequest(request), id)
}
