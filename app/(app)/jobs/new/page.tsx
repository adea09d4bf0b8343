import { Waypoints } from 'lucide-react'
import type { Metadata } from 'next'
import { NewJobForm } from '@/components/new-job/new-job-form'
import { Callout } from '@/components/ui/callout'
import { EmptyState } from '@/components/ui/empty-state'
import { LinkButton } from '@/components/ui/link-button'
import { PageHeader } from '@/components/ui/page-header'
import { can } from '@/lib/access/can'
import { requireActor } from '@/lib/access/session.server'
import { workflowNames } from '@/lib/money/stops.server'
import { provider } from '@/lib/provider/current.server'
import { queueNotes } from '@/lib/queues/state.server'
import { db } from '@/lib/store/db.server'
import { sanitiseText } from '@/lib/store/sanitise'
import { workflowItem } from '@/lib/workflows/item'
import { currentWorkflows } from '@/lib/workflows/store.server'
import { submitJob } from '../actions'

export const metadata: Metadata = { title: 'New job' }

type Search = Promise<Record<string, string | string[] | undefined>>

export default async function NewJobPage({ searchParams }: { searchParams: Search }) {
  const { workflow } = await searchParams
  const asked = typeof workflow === 'string' ? sanitiseText(workflow) : null
  const actor = await requireActor(asked === null ? '/jobs/new' : `/jobs/new?workflow=${encodeURIComponent(asked)}`)
  const verdict = can(actor, 'create', null)
  if (!verdict.allowed) return <MayNot why={verdict.why} />
  const workflows = (await currentWorkflows(db())).map(workflowItem)
  if (workflows.length === 0) return <NoWorkflows />
  const [only] = workflows
  const retired = asked === null || workflows.some(({ key }) => key === asked) ? null : await retiredName(asked)
  return (
    <>
      <PageHeader title="New job" hint="Ask a workflow about documents of your own." />
      {retired !== null && (
        <Callout tone="attention" title={`“${retired}” was retired`} className="mb-4">
          No new job can be started with it. Choose another workflow, or ask a lead to bring it back.
        </Callout>
      )}
      <NewJobForm
        workflows={workflows}
        preselected={
          workflows.length === 1 && only ? only.key : (workflows.find(({ key }) => key === asked)?.key ?? null)
        }
        provider={provider().name}
        personId={actor.userId ?? ''}
        submitJob={submitJob}
        queues={await queueNotes(db())}
      />
    </>
  )
}

/** The name of a workflow that was retired; null where there is none of this key. */
async function retiredName(key: string): Promise<string | null> {
  const names = await workflowNames(db(), [key])
  return names.get(key) ?? null
}

function MayNot({ why }: { why: string }) {
  return (
    <>
      <PageHeader title="New job" />
      <EmptyState
        title="You may not start jobs"
        hint={`${why} An owner can give you the role.`}
        actions={<LinkButton href="/jobs">Go to the jobs</LinkButton>}
      />
    </>
  )
}

function NoWorkflows() {
  return (
    <>
      <PageHeader title="New job" />
      <EmptyState
        icon={Waypoints}
        title="There is no workflow to ask"
        hint={
          <>
            The built-in ones come with every start. An owner can publish another with{' '}
            <code className="text-sm">npm run -s holdpoint -- workflows import FILE</code>.
          </>
        }
        actions={<LinkButton href="/jobs">Go to the jobs</LinkButton>}
      />
    </>
  )
}
