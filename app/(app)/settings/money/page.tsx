import type { Metadata } from 'next'
import { DayBudget } from '@/components/money/day-budget'
import { MissingPrices } from '@/components/money/missing-prices'
import { PriceDialog } from '@/components/money/price-dialog'
import { PriceList } from '@/components/money/price-list'
import { SpendingTables } from '@/components/money/spending'
import { StopHistory } from '@/components/money/stop-history'
import { EmptyState } from '@/components/ui/empty-state'
import { PageHeader } from '@/components/ui/page-header'
import { Panel } from '@/components/ui/panel'
import { hasRole } from '@/lib/access/can'
import { requireActor } from '@/lib/access/session.server'
import { listDayBudgets } from '@/lib/money/day-budget.server'
import { dayOf } from '@/lib/money/micros'
import { listPrices } from '@/lib/money/price-list.server'
import { missingPrices, readSpending } from '@/lib/money/spending.server'
import { openStops, recentStops } from '@/lib/money/stops.server'
import { db } from '@/lib/store/db.server'
import { enterDayBudget, enterPrice, resumeSending } from './actions'

export const metadata: Metadata = { title: 'Money' }

/** Of what is over only the latest is shown. */
const SHOWN = 10

export default async function MoneyPage() {
  const actor = await requireActor('/settings/money')
  if (!hasRole(actor, 'lead')) return <NotForThem />
  const now = new Date()
  const [spending, missing, budgets, prices, stops, past] = await Promise.all([
    readSpending(db(), now),
    missingPrices(db(), now),
    listDayBudgets(db(), SHOWN),
    listPrices(db()),
    openStops(db()),
    recentStops(db(), SHOWN),
  ])
  const today = dayOf(now)
  return (
    <>
      <PageHeader
        title="Money"
        hint="What calls cost, what they may cost, and the prices that both are worked out from. In US dollars; a day is one of UTC."
        actions={<PriceDialog today={today} enter={enterPrice} variant="primary" label="Enter a price" />}
        className="pb-0"
      />
      <MissingPrices missing={missing} today={today} enter={enterPrice} />
      <SpendingTables spending={spending} />
      <DayBudget budgets={budgets} enter={enterDayBudget} />
      <StopHistory open={stops} past={past} resume={resumeSending} />
      <PriceList prices={prices} today={today} enter={enterPrice} />
    </>
  )
}

function NotForThem() {
  return (
    <>
      <PageHeader title="Money" className="pb-0" />
      <Panel>
        <EmptyState title="This is for leads" hint="Ask a lead or an owner about budgets and prices." />
      </Panel>
    </>
  )
}
