import { TableSkeleton } from '@/components/jobs/list/jobs-list-skeleton'
import { PageHeader } from '@/components/ui/page-header'

export default function Loading() {
  return (
    <>
      <PageHeader className="pb-3" title="Jobs" actions={<span className="h-8" />} />
      <div className="h-8" />
      <div className="h-11" />
      <div className="@container overflow-clip rounded-md border border-line bg-surface">
        <TableSkeleton />
      </div>
    </>
  )
}
