import type { Metadata } from 'next'
import { notFound, redirect } from 'next/navigation'
import { cache } from 'react'
import { giveJobCommand } from '@/app/(app)/jobs/actions'
import { firstSight } from '@/components/job/first-sight'
import { JobPage } from '@/components/job/job-page'
import { hasRole, readsEverything } from '@/lib/access/can'
import { requireActor } from '@/lib/access/session.server'
import { readJob } from '@/lib/jobs/detail.server'
import { db } from '@/lib/store/db.server'

type Props = { params: Promise<{ number: string }> }

/** Once a request: the title and the page ask for the same job. */
const load = cache(async (key: string) => {
  const actor = await requireActor(`/jobs/${key}`)
  return readJob(db(), actor, key)
})

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const job = await load((await params).number)
  return { title: job === null ? 'No such job' : `#${job.number} ${job.title}` }
}

/** One job, by its number. Its id leads here too. */
export default async function Page({ params }: Props) {
  const { number } = await params
  const job = await load(number)
  if (job === null) notFound()
  if (number !== String(job.number)) redirect(`/jobs/${job.number}`)
  const { job: initial, isWhole } = firstSight(job)
  const actor = await requireActor()
  return (
    <JobPage
      key={job.id}
      initial={initial}
      isWhole={isWhole}
      readAt={Date.now()}
      mayReadWorkflow={readsEverything(actor)}
      saysStop={!hasRole(actor, 'lead')}
      giveJobCommand={giveJobCommand}
    />
  )
}
