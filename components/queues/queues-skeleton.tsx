import { PageHeader } from '@/components/ui/page-header'
import { Skeleton } from '@/components/ui/skeleton'

const FIGURES = 7
const ROWS = 6

/** The page before there are figures: its size, and one sentence for those who cannot see it. */
export function QueuesSkeleton() {
  return (
    <div className="flex flex-col gap-4">
      <PageHeader className="pb-0" title="Queues" hint="What needs someone, and how the work goes." />
      <p role="status" className="sr-only">
        The figures are being read.
      </p>
      <div
        aria-hidden
        className="grid grid-cols-2 gap-px overflow-clip rounded-md border border-line bg-line sm:grid-cols-4 xl:grid-cols-7"
      >
        {Array.from({ length: FIGURES }, (_, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: these have nothing else and never move
          <div key={index} className="flex h-22 flex-col gap-2 bg-surface px-3 py-3">
            <Skeleton className="w-20" />
            <Skeleton className="h-6 w-10" />
          </div>
        ))}
      </div>
      <div aria-hidden className="h-7" />
      <div aria-hidden className="rounded-md border border-line bg-surface">
        {Array.from({ length: ROWS }, (_, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: these have nothing else and never move
          <div key={index} className="flex h-12 items-center gap-6 border-b border-line px-3 last:border-b-0">
            <Skeleton className="w-40" />
            <Skeleton className="flex-1" />
          </div>
        ))}
      </div>
    </div>
  )
}
