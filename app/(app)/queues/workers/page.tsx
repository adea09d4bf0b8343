import type { Metadata } from 'next'
import { WorkersDesk } from '@/components/queues/workers/workers-desk'
import { PageHeader } from '@/components/ui/page-header'
import { NotForYou } from '@/components/workflows/not-for-you'
import { hasRole, readsEverything } from '@/lib/access/can'
import { requireActor } from '@/lib/access/session.server'
import { db } from '@/lib/store/db.server'
import { readWorkers } from '@/lib/workers/list.server'
import { askWorkerToLeave, writeWorkerOff } from './actions'

export const metadata: Metadata = { title: 'Workers' }

export default async function WorkersPage() {
  const actor = await requireActor('/queues/workers')
  if (!readsEverything(actor)) {
    return (
      <NotForYou
        page="Workers"
        title="This page is for those who see every job"
        hint="Where your own jobs stand is on the page of jobs."
      />
    )
  }
  return (
    <>
      <PageHeader
        title="Workers"
        hint="The processes that send, look and deliver. One that dies is taken over within seconds."
        className="pb-0"
      />
      <WorkersDesk
        initial={await readWorkers(db(), actor)}
        isLead={hasRole(actor, 'lead')}
        askToLeave={askWorkerToLeave}
        writeOff={writeWorkerOff}
      />
    </>
  )
}
