import { Inbox } from 'lucide-react'
import { EmptyState } from '@/components/ui/empty-state'
import { LinkButton } from '@/components/ui/link-button'
import { PageHeader } from '@/components/ui/page-header'

/** For whoever may decide nothing: what this is, who has it, and where their own jobs are. */
export function ForbiddenInbox() {
  return (
    <>
      <PageHeader title="Review" />
      <EmptyState
        icon={Inbox}
        title="The inbox is for those who review and for support"
        hint="You follow the jobs that you asked for in the list of jobs. A lead can give you the role of a reviewer."
        actions={<LinkButton href="/jobs">Go to jobs</LinkButton>}
      />
    </>
  )
}
