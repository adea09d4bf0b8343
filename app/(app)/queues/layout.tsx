import type { ReactNode } from 'react'
import { AlertStrip } from '@/components/queues/alerts/alert-strip'
import { QueueNav } from '@/components/queues/queue-nav'
import { hasRole, readsEverything } from '@/lib/access/can'
import { readActor } from '@/lib/access/session.server'
import { readAlertNews } from '@/lib/alerts/list.server'
import { db } from '@/lib/store/db.server'

export default async function QueuesLayout({ children }: { children: ReactNode }) {
  const actor = await readActor()
  // The page itself sends whoever is not signed in away, and tells a requester that it is not for them.
  if (actor === null || !readsEverything(actor)) return children
  return (
    <div className="flex flex-col gap-4">
      <QueueNav isLead={hasRole(actor, 'lead')} />
      <AlertStrip initial={await readAlertNews(db())} except="/queues/alerts" />
      {children}
    </div>
  )
}
