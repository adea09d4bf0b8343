import { PageHeader } from '@/components/ui/page-header'
import { Skeleton } from '@/components/ui/skeleton'

export default function Loading() {
  return (
    <>
      <PageHeader title="New job" hint="Ask a workflow about documents of your own." />
      <p role="status" className="sr-only">
        The form is being read.
      </p>
      <div className="flex max-w-[46rem] flex-col gap-4">
        <Skeleton className="h-36" />
        <Skeleton className="h-24" />
        <Skeleton className="h-40" />
        <Skeleton className="h-52" />
      </div>
    </>
  )
}
