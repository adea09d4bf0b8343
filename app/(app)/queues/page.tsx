import type { Metadata } from 'next'
import { PageHeader } from '@/components/ui/page-header'
import { Table, TBody, Td, THead, Th, Tr } from '@/components/ui/table'
import { NotForYou } from '@/components/workflows/not-for-you'
import { readsEverything } from '@/lib/access/can'
import { requireActor } from '@/lib/access/session.server'
import { readStandings } from '@/lib/queues/standing.server'
import { db } from '@/lib/store/db.server'

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
  return (
    <div>
      <PageHeader title="Queues" hint="Where the work of each workflow stands." />
      <Table label="Queues by workflow">
        <THead>
          <Tr>
            <Th>Workflow</Th>
            <Th className="text-right">Waiting</Th>
            <Th className="text-right">Running</Th>
            <Th className="text-right">Needs review</Th>
          </Tr>
        </THead>
        <TBody>
          {standings.map(({ key, name, waiting, running, awaitingReview }) => (
            <Tr key={key}>
              <Td>{name}</Td>
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
