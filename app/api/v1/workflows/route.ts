import { answer, json } from '@/lib/http/route.server'
import { db } from '@/lib/store/db.server'
import { workflowItem } from '@/lib/workflows/item'
import { currentWorkflows } from '@/lib/workflows/store.server'

export const dynamic = 'force-dynamic'

/** The workflows that a job can be asked of. */
export function GET(request: Request): Promise<Response> {
  return answer(request, async () => json({ items: (await currentWorkflows(db())).map(workflowItem) }))
}
