import { Skeleton } from '@/components/ui/skeleton'

/** Six fill the first screen; each is as high as what replaces it. */
const ROWS = 6

/** Results before there are any. */
export function ResultSkeleton() {
  return (
    <div className="overflow-clip rounded-md border border-line bg-surface">
      <p role="status" className="sr-only">
        Searching.
      </p>
      {Array.from({ length: ROWS }, (_, row) => (
        <div
          // biome-ignore lint/suspicious/noArrayIndexKey: these rows have nothing else and never move
          key={row}
          className="flex h-24 gap-4 border-b border-line px-4 py-3 last:border-b-0"
        >
          <Skeleton className="h-5 w-28 shrink-0 max-md:hidden" />
          <div className="flex flex-1 flex-col gap-2">
            <Skeleton className="max-w-80" />
            <Skeleton className="max-w-52" />
            <Skeleton className="max-w-[60ch]" />
          </div>
        </div>
      ))}
    </div>
  )
}
