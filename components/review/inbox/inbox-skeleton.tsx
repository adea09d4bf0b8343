import { Skeleton } from '@/components/ui/skeleton'

/** Ten rows fill the first screen; each is as high as what replaces it. */
const ROWS = 10

/** The inbox before it is read: its size, and one sentence for those who cannot see it. */
export function InboxSkeleton() {
  return (
    <div>
      <p role="status" className="sr-only">
        The inbox is being read.
      </p>
      <div aria-hidden className="h-8 border-b border-line @max-4xl:hidden" />
      {Array.from({ length: ROWS }, (_, row) => (
        <div
          // biome-ignore lint/suspicious/noArrayIndexKey: these rows have nothing else and never move
          key={row}
          className="flex h-13 items-center gap-4 border-b border-line px-3 last:border-b-0 @max-4xl:h-36 @max-4xl:flex-col @max-4xl:items-start @max-4xl:justify-center @max-4xl:gap-2.5"
        >
          <Skeleton className="size-4 shrink-0" />
          <Skeleton className="max-w-72 flex-1 @max-4xl:w-full @max-4xl:flex-none" />
          <Skeleton className="max-w-72 flex-1 @max-4xl:w-3/4 @max-4xl:flex-none" />
          <Skeleton className="w-24 shrink-0 @max-4xl:hidden" />
          <Skeleton className="ml-auto w-20 shrink-0 @max-5xl:hidden" />
        </div>
      ))}
    </div>
  )
}
