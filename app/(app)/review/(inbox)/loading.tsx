import { InboxSkeleton } from '@/components/review/inbox/inbox-skeleton'
import { PageHeader } from '@/components/ui/page-header'

export default function Loading() {
  return (
    <>
      <PageHeader className="pb-3" title="Review" actions={<span className="h-10" />} />
      <div className="h-9 border-b border-line" />
      <div className="h-14" />
      <div className="@container overflow-clip rounded-md border border-line bg-surface">
        <InboxSkeleton />
      </div>
    </>
  )
}
