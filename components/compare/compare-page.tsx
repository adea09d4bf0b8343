'use client'
import { useQuery } from '@tanstack/react-query'
import { parseAsString, useQueryStates } from 'nuqs'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { cn } from '@/components/ui/cn'
import { EmptyState } from '@/components/ui/empty-state'
import { Skeleton } from '@/components/ui/skeleton'
import type { ComparisonView, SideChoice } from '@/lib/compare/view'
import { bothSides } from './differences'
import { comparisonOptions } from './queries'
import { SidePicker } from './side-picker'
import { Sides } from './sides'

export type ComparePageProps = {
  jobId: string
  choices: readonly SideChoice[]
  /** The names of the two that the page was opened with. */
  left: string
  right: string
  /** Those two, as the server read them; null where they are so large that the browser reads them. */
  initial: ComparisonView | null
}

/** Two attempts, results or revisions of a job: a choice of both, and all that sets them apart. */
export function ComparePage({ jobId, choices, left, right, initial }: ComparePageProps) {
  const [sides, setSides] = useQueryStates(
    { left: parseAsString.withDefault(left), right: parseAsString.withDefault(right) },
    // Both are always named: which two an address without them means depends on the job, and changes with it.
    { history: 'push', clearOnDefault: false },
  )
  const isFirst = sides.left === left && sides.right === right
  const { data, error, isPlaceholderData, isFetching, refetch } = useQuery({
    ...comparisonOptions(jobId, sides.left, sides.right),
    ...(isFirst && initial !== null ? { initialData: initial } : {}),
    // Of two that are chosen nothing changes any more.
    staleTime: 60_000,
  })
  const shown = isPlaceholderData ? undefined : data
  const known = shown?.choices ?? choices
  const both = shown === undefined ? null : bothSides(shown)
  if (known.length < 2) return <OnlyOne count={known.length} />
  return (
    <div className={cn('flex flex-col gap-4', isPlaceholderData && 'opacity-80')}>
      <SidePicker
        choices={known}
        left={{ id: sides.left, view: shown?.left ?? null }}
        right={{ id: sides.right, view: shown?.right ?? null }}
        onChange={(one, other) => void setSides({ left: one, right: other })}
      />
      {error !== null && shown === undefined && (
        <Callout
          role="alert"
          tone="danger"
          title="The two could not be read"
          actions={
            <Button size="sm" pending={isFetching} pendingLabel="Reading…" onClick={() => void refetch()}>
              Try again
            </Button>
          }
        >
          The server did not answer, or you may no longer see this job.
        </Callout>
      )}
      {shown === undefined && error === null && <Reading />}
      {sides.left === sides.right && both !== null && (
        <Callout>Both sides are the same one. Choose another on one side to see what sets them apart.</Callout>
      )}
      {shown !== undefined && both !== null && sides.left !== sides.right && (
        <Sides key={`${sides.left} ${sides.right}`} comparison={shown} left={both.left} right={both.right} />
      )}
    </div>
  )
}

function OnlyOne({ count }: { count: number }) {
  return (
    <EmptyState
      title={count === 0 ? 'There is nothing to compare yet' : 'There is only one to look at'}
      hint={
        count === 0
          ? 'The first attempt of this job has not been sent. Two attempts, or an attempt and a revision, can be compared.'
          : 'This job has one attempt, and nobody has revised what it gave. After a retry, or a revision, both can be compared here.'
      }
    />
  )
}

function Reading() {
  return (
    <div role="status" className="flex flex-col gap-2 rounded-md border border-line bg-surface p-4">
      <span className="sr-only">Reading the two sides</span>
      <Skeleton className="w-1/3" />
      <Skeleton className="w-full" />
      <Skeleton className="w-11/12" />
      <Skeleton className="w-3/4" />
    </div>
  )
}
