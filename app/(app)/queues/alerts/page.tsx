import type { Metadata } from 'next'
import { AlertsDesk } from '@/components/queues/alerts/alerts-desk'
import { RuleList } from '@/components/queues/alerts/rule-list'
import { PageHeader } from '@/components/ui/page-header'
import { NotForYou } from '@/components/workflows/not-for-you'
import { hasRole, readsEverything } from '@/lib/access/can'
import { requireActor } from '@/lib/access/session.server'
import { readAlerts } from '@/lib/alerts/list.server'
import { listRecipients, listRules } from '@/lib/alerts/rules.server'
import { db } from '@/lib/store/db.server'
import { workflowNames } from '@/lib/workflows/catalogue.server'
import { acknowledgeAlert, addAlertRule, changeAlertRule, removeAlertRule } from './actions'

export const metadata: Metadata = { title: 'Alerts' }

export default async function AlertsPage({ searchParams }: { searchParams: Promise<Record<string, unknown>> }) {
  const actor = await requireActor('/queues/alerts')
  if (!readsEverything(actor)) {
    return (
      <NotForYou
        page="Alerts"
        title="This page is for those who see every job"
        hint="You are told of your own jobs by notices."
      />
    )
  }
  const { before } = await searchParams
  const from = typeof before === 'string' ? before : null
  const isLead = hasRole(actor, 'lead')
  const [view, rules, recipients, workflows] = await Promise.all([
    readAlerts(db(), { now: new Date(), before: from }),
    listRules(db()),
    isLead ? listRecipients(db()) : [],
    isLead ? workflowNames(db()) : [],
  ])
  const told = rules.filter(({ people }) => people.includes(actor.userId)).map(({ id }) => id)
  return (
    <>
      <PageHeader title="Alerts" hint="What leads are told without looking, once for each cause." className="pb-0" />
      <AlertsDesk
        initial={view}
        isFirstPage={from === null}
        mayAcknowledge={isLead ? 'all' : told}
        acknowledge={acknowledgeAlert}
      />
      <RuleList
        rules={rules}
        isLead={isLead}
        recipients={recipients}
        workflows={workflows}
        add={addAlertRule}
        change={changeAlertRule}
        remove={removeAlertRule}
      />
    </>
  )
}
