import { Skeleton } from '@/components/ui/skeleton'

const LINES = ['w-11/12', 'w-full', 'w-4/5', 'w-full', 'w-2/3']

/** The page of a job before it is read, with every part in its place. */
export function JobSkeleton() {
  return (
    <div>
      <p role="status" className="sr-only">
        Reading the job
      </p>
      <Skeleton className="h-7 w-2/3 max-w-120" />
      <Skeleton className="mt-3 w-1/2 max-w-80" />
      <div className="mt-4 flex min-h-21 flex-col gap-2 rounded-md border border-line bg-surface px-4 py-4">
        <Skeleton className="h-5 w-1/2 max-w-72" />
        <Skeleton className="w-2/3 max-w-96" />
      </div>
      <div className="mt-4 h-9 border-b border-line" />
      <div className="mt-4 grid gap-6 lg:grid-cols-2">
        <div className="flex flex-col gap-3">
          {LINES.map((width, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines of nothing, that never change
            <Skeleton key={index} className={width} />
          ))}
        </div>
        <Skeleton className="hidden h-80 lg:block" />
      </div>
    </div>
  )
}
