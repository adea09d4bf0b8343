import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { QueueControlSection } from '@/components/queues/controls/queue-control-section'
import { QueueDepthPage } from '@/components/queues/depth'
import { depthOptions } from '@/components/queues/queries'
import { NotForYou } from '@/components/workflows/not-for-you'
import { hasRole, readsEverything } from '@/lib/access/can'
import { requireActor } from '@/lib/access/session.server'
import { depthAnswer } from '@/lib/queues/answer.server'
import { periodOf } from '@/lib/queues/period'
import { queueHistory, queueState } from '@/lib/queues/state.server'
import { db } from '@/lib/store/db.server'
import { sanitiseText } from '@/lib/store/sanitise'
import { queueActions } from '../queue-actions'

export const metadata: Metadata = { title: 'Queue' }

/** Older changes are kept, and stand in the database. */
const SHOWN = 50

/** One queue in depth: what can be done to it, then its figures. */
export default async function QueuePage({ params, searchParams }: PageProps<'/queues/[workflow]'>) {
  const workflow = sanitiseText(decodeURIComponent((await params).workflow))
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
  const period = periodOf([(await searchParams).period].flat()[0])
  const [answer, queue, history] = await Promise.all([
    depthAnswer(db(), workflow, period),
    queueState(db(), workflow),
    queueHistory(db(), workflow, { most: SHOWN }),
  ])
  if (answer === null || queue === null) notFound()
  const client = new QueryClient()
  client.setQueryData(depthOptions(workflow, period).queryKey, answer.value)
  const controls = (
    <QueueControlSection
      queue={queue}
      name={answer.value.name}
      history={history}
      actions={hasRole(actor, 'lead') ? queueActions : null}
    />
  )
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <QueueDepthPage workflow={workflow} period={period} controls={controls} drawnStop={queue.stop?.since ?? null} />
    </HydrationBoundary>
  )
}
