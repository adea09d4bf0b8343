import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { TransportCounts } from '@/components/settings/transport/counts'
import { ReceiptList } from '@/components/settings/transport/receipt-list'
import { Refresh } from '@/components/settings/transport/refresh'
import { TransportSummary } from '@/components/settings/transport/summary'
import { WebhookSetup } from '@/components/settings/transport/webhook-setup'
import { EmptyState } from '@/components/ui/empty-state'
import { PageHeader } from '@/components/ui/page-header'
import { Panel } from '@/components/ui/panel'
import { hasRole } from '@/lib/access/can'
import { originOf } from '@/lib/access/same-origin'
import { requireActor } from '@/lib/access/session.server'
import { env } from '@/lib/env.server'
import { nameProvider, ProviderNotConfigured } from '@/lib/provider/current.server'
import { db } from '@/lib/store/db.server'
import { readTransport } from '@/lib/webhooks/overview.server'
import { parseSecrets } from '@/lib/webhooks/signature'
import { sendTest } from './actions'

export const metadata: Metadata = { title: 'Transport' }

export default async function TransportPage() {
  const actor = await requireActor('/settings/transport')
  if (!hasRole(actor, 'lead')) return <Forbidden />
  const secrets = parseSecrets(env().OPENAI_WEBHOOK_SECRET)
  const view = await readTransport(db(), { provider: providerName(), secrets, now: new Date() })
  const setup = <WebhookSetup key="setup" view={view} origin={originOf(await headers())} sendTest={sendTest} />
  const counts = <TransportCounts key="counts" counts={view.counts} />
  return (
    <>
      <PageHeader
        title="Transport"
        hint="How Holdpoint learns that a response has ended."
        actions={<Refresh />}
        className="pb-0"
      />
      <TransportSummary view={view} />
      {view.lastNewsAt === null ? [setup, counts] : [counts, setup]}
      <ReceiptList receipts={view.receipts} />
    </>
  )
}

/** Null where none is set. */
function providerName(): string | null {
  const { OPENAI_API_KEY, OPENAI_BASE_URL } = env()
  try {
    return nameProvider({ OPENAI_API_KEY, OPENAI_BASE_URL, HOLDPOINT_PROVIDER: process.env.HOLDPOINT_PROVIDER })
  } catch (error) {
    if (error instanceof ProviderNotConfigured) return null
    throw error
  }
}

function Forbidden() {
  return (
    <>
      <PageHeader title="Transport" className="pb-0" />
      <Panel>
        <EmptyState
          title="This page is for leads and owners"
          hint="It says how news of the responses comes, and how late. Each job’s own history shows its looks and webhooks."
        />
      </Panel>
    </>
  )
}
