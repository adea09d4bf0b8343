import type { Metadata } from 'next'
import Link from 'next/link'
import { notFound } from 'next/navigation'
import { QueueControlSection } from '@/components/queues/controls/queue-control-section'
import { PageHeader } from '@/components/ui/page-header'
import { NotForYou } from '@/components/workflows/not-for-you'
import { hasRole, readsEverything } from '@/lib/access/can'
import { requireActor } from '@/lib/access/session.server'
import { workflowNames } from '@/lib/money/stops.server'
import { queueHistory, queueState } from '@/lib/queues/state.server'
import { db } from '@/lib/store/db.server'
import { queueActions } from '../queue-actions'

export const metadata: Metadata = { title: 'Queue' }

/** Older changes are kept, and stand in the database. */
const SHOWN = 50

export default async function QueuePage({ params }: PageProps<'/queues/[workflow]'>) {
  const workflow = decodeURIComponent((await params).workflow)
  const actor = await requireActor(`/queues/${encodeURIComponent(workflow)}`)
  if (!readsEverything(actor)) {
    return (
      <NotForYou
        page="Queue"
        title="This page is for those who see every job"
        hint="Where your own jobs stand is on the page of jobs."
      />
    )
  }
  const [queue, names, history] = await Promise.all([
    queueState(db(), workflow),
    workflowNames(db(), [workflow]),
    queueHistory(db(), workflow, { most: SHOWN }),
  ])
  if (queue === null) notFound()
  const name = names.get(workflow) ?? workflow
  return (
    <div>
      <PageHeader
        title={name}
        hint={
          <>
            <Link href={`/jobs?workflow=${encodeURIComponent(workflow)}`} className="underline underline-offset-2">
              Its jobs
            </Link>
            ,{' '}
            <Link href={`/workflows/${encodeURIComponent(workflow)}`} className="underline underline-offset-2">
              how it works
            </Link>
            , and{' '}
            <Link
              href={`/queues/failures?workflow=${encodeURIComponent(workflow)}`}
              className="underline underline-offset-2"
            >
              what fails in it
            </Link>
            .
          </>
        }
      />
      <QueueControlSection
        queue={queue}
        name={name}
        history={history}
        actions={hasRole(actor, 'lead') ? queueActions : null}
      />
    </div>
  )
}
