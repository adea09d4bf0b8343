import type { Metadata } from 'next'
import { Anchors, HowToVerify, PublicKeys } from '@/components/settings/audit/anchors'
import { TakenList } from '@/components/settings/audit/taken-list'
import { EmptyState } from '@/components/ui/empty-state'
import { PageHeader } from '@/components/ui/page-header'
import { Panel } from '@/components/ui/panel'
import { hasRole } from '@/lib/access/can'
import { requireActor } from '@/lib/access/session.server'
import { readAudit } from '@/lib/audit/audit-view.server'
import { db } from '@/lib/store/db.server'

export const metadata: Metadata = { title: 'Audit' }

export default async function AuditPage() {
  const actor = await requireActor('/settings/audit')
  if (!hasRole(actor, 'lead')) return <Forbidden />
  const view = await readAudit(db(), new Date())
  return (
    <>
      <PageHeader
        title="Audit"
        hint="The histories of all jobs, signed once a minute, so that what is changed or cut off afterwards shows."
        className="pb-0"
      />
      <Anchors view={view} />
      <PublicKeys keys={view.keys} />
      <HowToVerify />
      <TakenList taken={view.taken} />
    </>
  )
}

function Forbidden() {
  return (
    <>
      <PageHeader title="Audit" className="pb-0" />
      <Panel>
        <EmptyState
          title="This page is for leads and owners"
          hint="It says how far the history is signed. The case file of each job says so for that job."
        />
      </Panel>
    </>
  )
}
