import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { z } from 'zod'
import { BatchPage } from '@/components/batches/batch-page'
import { NotForYou } from '@/components/workflows/not-for-you'
import { hasRole, readsEverything } from '@/lib/access/can'
import { requireActor } from '@/lib/access/session.server'
import { batchOutcomes } from '@/lib/batches/view'
import { readBatch, readBatchItems } from '@/lib/batches/view.server'
import { db } from '@/lib/store/db.server'
import { changeRetry, startRetry } from '../actions'

export const metadata: Metadata = { title: 'Retry of many' }

export default async function RetryOfManyPage({ params, searchParams }: PageProps<'/queues/batches/[id]'>) {
  const { id } = await params
  const actor = await requireActor(`/queues/batches/${encodeURIComponent(id)}`)
  if (!readsEverything(actor)) {
    return (
      <NotForYou
        page="Retry of many"
        title="This page is for those who see every job"
        hint="What became of your own job stands on its page."
      />
    )
  }
  const search = await searchParams
  const outcome = batchOutcomes.find((one) => one === search.outcome) ?? null
  const after = z.coerce.number().int().min(0).max(1_000_000).safeParse(search.after)
  if (!z.uuid().safeParse(id).success) notFound()
  const batch = await readBatch(db(), id, new Date())
  if (batch === null) notFound()
  const { items, next } = await readBatchItems(db(), id, { outcome, after: after.success ? after.data : null })
  const isLead = hasRole(actor, 'lead')
  return (
    <div>
      <BatchPage
        batch={batch}
        items={items}
        next={next}
        outcome={outcome}
        isTheirs={batch.by.id === actor.userId}
        actions={isLead ? { start: startRetry, change: changeRetry } : null}
      />
    </div>
  )
}
