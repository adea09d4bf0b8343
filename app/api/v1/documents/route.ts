import { actorFromRequest } from '@/lib/access/session.server'
import { answerUpload } from '@/lib/documents/answers.server'
import { db } from '@/lib/store/db.server'

/** Takes one file as the raw body, its name in the query: `POST /api/v1/documents?name=lease.pdf`. */
export async function POST(request: Request): Promise<Response> {
  return answerUpload(db(), await actorFromRequest(request), request)
}
