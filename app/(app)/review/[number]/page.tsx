import type { Metadata } from 'next'
import { notFound, redirect } from 'next/navigation'
import { cache } from 'react'
import { giveJobCommand } from '@/app/(app)/jobs/actions'
import { firstSight } from '@/components/job/first-sight'
import { Desk } from '@/components/review/desk/desk'
import { QUEUE_LIMIT } from '@/components/review/desk/queries'
import { hasRole } from '@/lib/access/can'
import { requireActor } from '@/lib/access/session.server'
import { readJob } from '@/lib/jobs/detail.server'
import { hasInbox, readInbox } from '@/lib/review/inbox.server'
import { parseInboxQuery } from '@/lib/review/inbox-query'
import { db } from '@/lib/store/db.server'

type Props = {
  params: Promise<{ number: string }>
  searchParams: Promise<Record<string, string | string[] | undefined>>
}

/** Once a request: the title and the page ask for the same job. */
const load = cache(async (key: string) => {
  const actor = await requireActor(`/review/${key}`)
  return readJob(db(), actor, key)
})

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const job = await load((await params).number)
  return { title: job === null ? 'No such job' : `#${job.number} ${job.title}` }
}

/** The desk, with one job of the inbox on it. The address may say which part of the inbox is worked down. */
export default async function Page({ params, searchParams }: Props) {
  const { number } = await params
  const job = await load(number)
  if (job === null) notFound()
  const actor = await requireActor()
  const { userId } = actor
  // Whoever decides nothing reads the job on its own page.
  if (userId === null || !hasInbox(actor)) redirect(`/jobs/${job.number}`)
  if (number !== String(job.number)) redirect(`/review/${job.number}`)
  const asked = new URLSearchParams(
    Object.entries(await searchParams).flatMap(([name, value]) =>
      typeof value === 'string' ? [[name, value] as [string, string]] : [],
    ),
  )
  const query = { ...parseInboxQuery(asked), after: null }
  const { value: queue } = await readInbox(db(), actor, { ...query, limit: QUEUE_LIMIT })
  const { job: initial, isWhole } = firstSight(job)
  return (
    <Desk
      initial={initial}
      isWhole={isWhole}
      readAt={Date.now()}
      query={query}
      queue={queue}
      person={{ id: userId, name: actor.name }}
      mayResume={hasRole(actor, 'lead')}
      giveJobCommand={giveJobCommand}
    />
  )
}
