'use client'
import { parseAsInteger, useQueryState } from 'nuqs'
import { useState } from 'react'
import { Callout } from '@/components/ui/callout'
import { Drawer } from '@/components/ui/drawer'
import type { JobView } from '@/lib/jobs/view'
import { useWide } from '../use-wide'
import { Checks } from './checks'
import { ClaimSelectionProvider } from './claim-list'
import { EvidencePane } from './evidence-pane'
import { NoResult } from './no-result'
import { Payload } from './payload'
import { ResultDocument } from './result-document'
import { addresseeOf } from './result-shapes'

/** The result for reading, beside the passages that carry it; then what was tested, and what exactly was received. */
export function ResultAndEvidence({ job }: { job: JobView }) {
  const claims = job.evidence
  const [number, setNumber] = useQueryState('claim', parseAsInteger)
  const [sheet, setSheet] = useState(false)
  const wide = useWide()
  const asked = number === null ? undefined : claims.find((claim) => claim.index === number - 1)
  const selected = asked ?? claims[0]

  function select(index: number, byPointer: boolean) {
    void setNumber(index + 1)
    if (byPointer && !wide) setSheet(true)
  }

  if (job.result === null) return <NoResult job={job} />
  return (
    <ClaimSelectionProvider
      claims={claims}
      selected={wide ? (selected?.index ?? null) : (asked?.index ?? null)}
      select={select}
    >
      <div className="grid items-start gap-x-8 gap-y-6 lg:grid-cols-[minmax(0,1fr)_minmax(0,1fr)]">
        <div className="min-w-0">
          <Earlier job={job} />
          <ResultDocument result={job.result} claims={claims} to={addresseeOf(job)} file={`job-${job.number}-fields`} />
          <Checks checks={job.checks} />
          <Payload job={job} />
        </div>
        {wide && (
          <section
            aria-labelledby="evidence"
            className="sticky top-4 flex max-h-[calc(100dvh-2rem)] min-h-80 min-w-0 flex-col gap-2"
          >
            <h2 id="evidence" className="text-sm font-medium text-muted">
              Evidence{selected !== undefined && ` for ${selected.index + 1} of ${claims.length}`}
            </h2>
            {selected === undefined ? (
              <p className="text-muted">The result makes no statement that evidence could carry.</p>
            ) : (
              <EvidencePane key={`${job.result.id} ${selected.index}`} claim={selected} documents={job.documents} />
            )}
          </section>
        )}
      </div>
      {!wide && asked !== undefined && (
        <Drawer
          open={sheet}
          onOpenChange={setSheet}
          title="Evidence"
          description={<bdi>{asked.text.slice(0, 300)}</bdi>}
        >
          <div className="flex h-[58dvh] flex-col">
            <EvidencePane key={asked.index} claim={asked} documents={job.documents} />
          </div>
        </Drawer>
      )}
    </ClaimSelectionProvider>
  )
}

/** Said where what stands here is not what is decided on next: a retry leaves the earlier result in sight. */
function Earlier({ job }: { job: JobView }) {
  if (job.result === null) return null
  const { attempt } = job.result
  const isComing = job.state === 'queued' || job.state === 'running'
  const newest = job.attempts[0]?.number ?? attempt
  if (!isComing && newest <= attempt) return null
  return (
    <Callout className="mb-4">
      This is what attempt {attempt} gave.{' '}
      {isComing
        ? 'A new attempt is on its way; its result will stand here.'
        : 'The newest attempt has given no result.'}
    </Callout>
  )
}
