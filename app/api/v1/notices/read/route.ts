import { readJson } from '@/lib/http/body'
import { answer, pointedErrors } from '@/lib/http/route.server'
import { hearOwnChange } from '@/lib/jobs/changes.server'
import { markRead } from '@/lib/notices/list.server'
import { markReadSchema } from '@/lib/notices/view'
import { db } from '@/lib/store/db.server'
import { InvalidInput } from '@/lib/store/errors'

export const dynamic = 'force-dynamic'

/** Marks notices of the person who asks as read: those named, or all. Those of others are left as they are. */
export function POST(request: Request): Promise<Response> {
  return answer(request, async (actor) => {
    const body = await readJson(request)
    if ('refused' in body) return body.refused
    const which = markReadSchema.safeParse(body.value)
    if (!which.success) {
      const detail = 'Name the notices in "ids", or send { "all": true }.'
      throw new InvalidInput(detail, pointedErrors(which.error.issues))
    }
    // The key of a service has no notices.
    if (actor.userId !== null && (await markRead(db(), actor.userId, which.data, new Date())) > 0) hearOwnChange()
    return new Response(null, { status: 204, headers: { 'cache-control': 'no-store' } })
  })
}
