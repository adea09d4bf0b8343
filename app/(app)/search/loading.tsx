import { ResultSkeleton } from '@/components/search/result-skeleton'
import { PageHeader } from '@/components/ui/page-header'

export default function Loading() {
  return (
    <>
      <PageHeader className="pb-3" title="Search" actions={<span className="h-8" />} />
      <div className="h-10" />
      <div className="h-11" />
      <ResultSkeleton />
    </>
  )
}
