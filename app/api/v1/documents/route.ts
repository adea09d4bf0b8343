import { actorFromRequest } from '@/lib/access/session.server'
import { answerUpload } from '@/lib/documents/answers.server'
import { guard } from '@/lib/http/route.server'
import { db } from '@/lib/store/db.server'

/** Takes one file as the raw body, its name in the query: `POST /api/v1/documents?name=lease.pdf`. */
export function POST(request: Request): Promise<Response> {
  return guard(async () => answerUpload(db(), await actorFromRequest(request), request))
}
