import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { QueueControlsCompact } from '@/components/queues/controls/queue-controls'
import { QueueOverviewPage } from '@/components/queues/overview'
import { overviewOptions } from '@/components/queues/queries'
import { NotForYou } from '@/components/workflows/not-for-you'
import { hasRole, readsEverything } from '@/lib/access/can'
import { requireActor } from '@/lib/access/session.server'
import { overviewAnswer } from '@/lib/queues/answer.server'
import { periodOf } from '@/lib/queues/period'
import { queueStates } from '@/lib/queues/state.server'
import { db } from '@/lib/store/db.server'
import { queueActions } from './queue-actions'

export const metadata: Metadata = { title: 'Queues' }

export default async function QueuesPage({ searchParams }: PageProps<'/queues'>) {
  const actor = await requireActor('/queues')
  if (!readsEverything(actor)) {
    return (
      <NotForYou
        page="Queues"
        title="This page is for those who see every job"
        hint="Where your own jobs stand is on the page of jobs."
      />
    )
  }
  const period = periodOf([(await searchParams).period].flat()[0])
  const [{ value }, queues] = await Promise.all([overviewAnswer(db(), period), queueStates(db())])
  const client = new QueryClient()
  client.setQueryData(overviewOptions(period).queryKey, value)
  const actions = hasRole(actor, 'lead') ? queueActions : null
  const controls = value.rows.flatMap(({ key, name }) => {
    const queue = queues.get(key)
    return queue === undefined
      ? []
      : [[key, <QueueControlsCompact key={key} queue={queue} name={name} actions={actions} />] as const]
  })
  const drawnStops = Object.fromEntries([...queues].map(([key, { stop }]) => [key, stop?.since ?? null]))
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <QueueOverviewPage period={period} controls={Object.fromEntries(controls)} drawnStops={drawnStops} />
    </HydrationBoundary>
  )
}
