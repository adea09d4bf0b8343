import type { Metadata } from 'next'
import Link from 'next/link'
import { QueueControlsCompact } from '@/components/queues/controls/queue-controls'
import { PageHeader } from '@/components/ui/page-header'
import { Table, TBody, Td, THead, Th, Tr } from '@/components/ui/table'
import { NotForYou } from '@/components/workflows/not-for-you'
import { hasRole, readsEverything } from '@/lib/access/can'
import { requireActor } from '@/lib/access/session.server'
import { readStandings } from '@/lib/queues/standing.server'
import { queueStates } from '@/lib/queues/state.server'
import type { QueueState } from '@/lib/queues/view'
import { db } from '@/lib/store/db.server'
import { queueActions } from './queue-actions'

export const metadata: Metadata = { title: 'Queues' }

export default async function QueuesPage() {
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
  const standings = await readStandings(db())
  const queues = await queueStates(db())
  const isLead = hasRole(actor, 'lead')
  return (
    <div>
      <PageHeader title="Queues" hint="Where the work of each workflow stands." />
      <Table label="Queues by workflow">
        <THead>
          <Tr>
            <Th>Workflow</Th>
            <Th>Sending</Th>
            <Th className="text-right">Waiting</Th>
            <Th className="text-right">Running</Th>
            <Th className="text-right">Needs review</Th>
          </Tr>
        </THead>
        <TBody>
          {standings.map(({ key, name, waiting, running, awaitingReview }) => (
            <Tr key={key}>
              <Td>
                <Link href={`/queues/${encodeURIComponent(key)}`} className="font-medium hover:underline">
                  {name}
                </Link>
              </Td>
              <Td>
                <QueueRowControls queue={queues.get(key)} name={name} isLead={isLead} />
              </Td>
              <Td numeric>{waiting.toLocaleString('en')}</Td>
              <Td numeric>{running.toLocaleString('en')}</Td>
              <Td numeric>{awaitingReview.toLocaleString('en')}</Td>
            </Tr>
          ))}
        </TBody>
      </Table>
    </div>
  )
}

function QueueRowControls({ queue, name, isLead }: { queue: QueueState | undefined; name: string; isLead: boolean }) {
  if (queue === undefined) return null
  return <QueueControlsCompact queue={queue} name={name} actions={isLead ? queueActions : null} />
}
