'use client'
import { Button } from '@/components/ui/button'
import { CopyButton } from '@/components/ui/copy-button'
import type { JobRow } from '@/lib/jobs/view'

/** Rises from below while rows are selected. Offers what can be done with several jobs at once. */
export function SelectionBar({ jobs, onClear }: { jobs: readonly JobRow[]; onClear: () => void }) {
  if (jobs.length === 0) return null
  const sorted = [...jobs].sort((a, b) => a.number - b.number)
  const numbers = sorted.map((job) => `#${job.number}`).join(', ')
  const links = () => sorted.map((job) => `${window.location.origin}/jobs/${job.number}`).join('\n')
  return (
    <section
      aria-label="Selected jobs"
      className="sticky bottom-[calc(4rem+env(safe-area-inset-bottom))] z-20 mx-auto mt-3 flex w-fit max-w-full flex-wrap items-center gap-2 rounded-md border border-line bg-raised px-3 py-2 shadow-float sm:bottom-4"
    >
      <p role="status" className="mr-1 font-medium">
        {jobs.length === 1 ? '1 job selected' : `${jobs.length} jobs selected`}
      </p>
      <CopyButton text label="Copy numbers" value={numbers} />
      <CopyButton text label="Copy links" value={links} />
      <Button size="sm" variant="ghost" onClick={onClear}>
        Clear selection
      </Button>
    </section>
  )
}
