import { FileInput } from 'lucide-react'
import type { Metadata } from 'next'
import { EmptyState } from '@/components/ui/empty-state'
import { LinkButton } from '@/components/ui/link-button'
import { PageHeader } from '@/components/ui/page-header'
import { Panel } from '@/components/ui/panel'
import { NotForRequesters } from '@/components/workflows/not-for-you'
import { type ShownWorkflow, WorkflowTable } from '@/components/workflows/workflow-table'
import { hasRole, readsEverything } from '@/lib/access/can'
import { requireActor } from '@/lib/access/session.server'
import { queueNotes } from '@/lib/queues/state.server'
import { db } from '@/lib/store/db.server'
import { listWorkflows } from '@/lib/workflows/catalogue.server'

export const metadata: Metadata = { title: 'Workflows' }

export default async function WorkflowsPage() {
  const actor = await requireActor('/workflows')
  if (!readsEverything(actor)) return <NotForRequesters />
  const queues = await queueNotes(db())
  const workflows = (await listWorkflows(db())).map(
    ({ publishedAt, retiredAt, ...workflow }): ShownWorkflow => ({
      ...workflow,
      ...(queues[workflow.key] === undefined ? {} : { queue: queues[workflow.key] }),
      publishedAt: publishedAt.toISOString(),
      retiredAt: retiredAt?.toISOString() ?? null,
    }),
  )
  const offered = workflows.filter(({ retiredAt }) => retiredAt === null)
  const retired = workflows.filter(({ retiredAt }) => retiredAt !== null)
  return (
    <>
      <PageHeader
        title="Workflows"
        hint="What can be asked for, and what must hold before an answer counts."
        actions={
          hasRole(actor, 'lead') && (
            <LinkButton href="/workflows/import">
              <FileInput aria-hidden />
              Import a file
            </LinkButton>
          )
        }
      />
      <div className="flex flex-col gap-6">
        {offered.length > 0 ? (
          <WorkflowTable label="Workflows" workflows={offered} />
        ) : (
          <Panel>
            <EmptyState
              title="No workflow is offered"
              hint="All are retired, so no job can be started. A lead can bring one back, or import one from a file."
            />
          </Panel>
        )}
        {retired.length > 0 && (
          <section aria-labelledby="retired" className="flex flex-col gap-2">
            <h2 id="retired" className="text-base font-semibold">
              Retired
            </h2>
            <WorkflowTable label="Retired workflows" workflows={retired} />
          </section>
        )}
      </div>
    </>
  )
}
