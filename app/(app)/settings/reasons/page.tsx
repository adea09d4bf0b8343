import type { Metadata } from 'next'
import { ReasonList } from '@/components/settings/reasons/reason-list'
import { EmptyState } from '@/components/ui/empty-state'
import { PageHeader } from '@/components/ui/page-header'
import { Panel } from '@/components/ui/panel'
import { hasRole } from '@/lib/access/can'
import { requireActor } from '@/lib/access/session.server'
import { listReasons } from '@/lib/review/reasons.server'
import { db } from '@/lib/store/db.server'
import { addToReasons, changeReason, offerAgain, orderReasons, retireFromReasons } from './actions'

export const metadata: Metadata = { title: 'Reasons' }

export default async function ReasonsPage() {
  const actor = await requireActor('/settings/reasons')
  if (!hasRole(actor, 'lead')) return <Forbidden />
  const reasons = await listReasons(db(), { all: true })
  return (
    <>
      <PageHeader title="Reasons" hint="What reviewers choose from when they decide." className="pb-0" />
      <ReasonList
        reasons={reasons}
        add={addToReasons}
        change={changeReason}
        retire={retireFromReasons}
        restore={offerAgain}
        reorder={orderReasons}
      />
    </>
  )
}

function Forbidden() {
  return (
    <>
      <PageHeader title="Reasons" className="pb-0" />
      <Panel>
        <EmptyState
          title="This page is for leads and owners"
          hint="They keep the list of reasons that you choose from when you decide."
        />
      </Panel>
    </>
  )
}
