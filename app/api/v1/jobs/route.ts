import type { Actor } from '@/lib/access/actor'
import { can } from '@/lib/access/can'
import { readJson } from '@/lib/http/body'
import { answer, json, pointedErrors, tagged, unchanged } from '@/lib/http/route.server'
import { currentTag, hearOwnChange, tagInHand, tagUntil } from '@/lib/jobs/changes.server'
import { readJob } from '@/lib/jobs/detail.server'
import { listJobs } from '@/lib/jobs/list.server'
import { type JobQuery, jobQueryParams, parseJobQuery } from '@/lib/jobs/query'
import { createJobSchema } from '@/lib/jobs/view'
import { GOOD_FOR_MS, searchTag } from '@/lib/search/tag.server'
import { createJob } from '@/lib/store/create.server'
import { db } from '@/lib/store/db.server'
import { Forbidden, InvalidInput } from '@/lib/store/errors'

export const dynamic = 'force-dynamic'

/** A page of jobs. An unchanged poll is answered from memory, without a query. */
export function GET(request: Request): Promise<Response> {
  return answer(request, async (actor) => {
    const query = parseJobQuery(new URL(request.url).searchParams)
    const tag = tagOf(actor, query)
    const inHand = tagInHand(request, tag)
    if (inHand !== null) return unchanged(inHand)
    const list = await listJobs(db(), actor, query)
    return tagged(list, query.q === '' ? tag : tagUntil(tag, Date.now() + GOOD_FOR_MS))
  })
}

/** Starts a job. With an `Idempotency-Key`, the same request makes one job however often it is sent. */
export function POST(request: Request): Promise<Response> {
  return answer(request, async (actor) => {
    const verdict = can(actor, 'create', null)
    if (!verdict.allowed) throw new Forbidden(verdict.why)
    const body = await readJson(request)
    if ('refused' in body) return body.refused
    const ask = createJobSchema.safeParse(body.value)
    if (!ask.success) throw new InvalidInput('The job cannot be started like this.', pointedErrors(ask.error.issues))
    const idempotencyKey = request.headers.get('idempotency-key')
    if (idempotencyKey !== null && (idempotencyKey === '' || idempotencyKey.length > 255)) {
      throw new InvalidInput('The Idempotency-Key must have 1 to 255 characters.')
    }
    const { job } = await createJob(db(), actor, ask.data, { transport: 'api', idempotencyKey })
    hearOwnChange()
    return json(await readJob(db(), actor, job.id), 201, { location: `/api/v1/jobs/${job.id}` })
  })
}

function tagOf(actor: Actor, query: JobQuery): string | null {
  // Time alone changes where jobs stand, and sends no notice.
  if (query.standing !== null) return null
  const asked = jobQueryParams(query).toString()
  // Words are read a moment after a job has changed.
  if (query.q !== '') return searchTag(actor, 'jobs', asked)
  return currentTag('jobs', actor.userId ?? '', actor.apiKeyId ?? '', actor.roles.join(), asked)
}
