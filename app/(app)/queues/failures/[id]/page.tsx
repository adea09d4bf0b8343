import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { GroupPage } from '@/components/failures/group-page'
import { NotForYou } from '@/components/workflows/not-for-you'
import { hasRole, readsEverything } from '@/lib/access/can'
import { requireActor } from '@/lib/access/session.server'
import { readGroup } from '@/lib/failures/store.server'
import { db } from '@/lib/store/db.server'
import { sanitiseText } from '@/lib/store/sanitise'
import { chooseJobs, ignoreGroup, openGroup, resolveGroup } from '../actions'

export const metadata: Metadata = { title: 'Failure' }

export default async function FailurePage({ params }: PageProps<'/queues/failures/[id]'>) {
  const id = sanitiseText((await params).id)
  const actor = await requireActor(`/queues/failures/${encodeURIComponent(id)}`)
  if (!readsEverything(actor)) {
    return (
      <NotForYou
        page="Failure"
        title="This page is for those who see every job"
        hint="Why your own job stopped stands on its page."
      />
    )
  }
  const group = await readGroup(db(), id, new Date())
  if (group === null) notFound()
  const actions = { resolve: resolveGroup, ignore: ignoreGroup, open: openGroup, choose: chooseJobs }
  return (
    <div>
      <GroupPage group={group} actions={hasRole(actor, 'lead') ? actions : null} />
    </div>
  )
}
