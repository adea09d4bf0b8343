'use client'
import Link from 'next/link'
import { useState } from 'react'
import { EvidencePane } from '@/components/job/result/evidence-pane'
import { SupportLine } from '@/components/job/result/support-line'
import { TraceItem } from '@/components/job/trace/trace-item'
import { Button } from '@/components/ui/button'
import type { JobView } from '@/lib/jobs/view'
import { MarkControl, type MarkControlProps } from './mark-control'
import { type CitationView, type ClaimView, citationsBeside, claimsUsing } from './passage-claims'
import { stepThatFound } from './trace-step'

export type ClaimEvidenceProps = Pick<MarkControlProps, 'value' | 'others' | 'onMark'> & {
  job: JobView
  claim: ClaimView
  /** Goes to another claim, by its index. */
  onClaim: (index: number) => void
}

/** One claim: what was found automatically, what the reviewer finds, its passages in the document, and who else rests on them. Remount it for another claim. */
export function ClaimEvidence({ job, claim, value, others, onMark, onClaim }: ClaimEvidenceProps) {
  const [picked, setPicked] = useState<CitationView | null>(null)
  return (
    <div className="flex min-h-0 flex-1 flex-col gap-3">
      <div className="flex shrink-0 flex-col gap-2">
        <SupportLine claim={claim} />
        <MarkControl value={value} others={others} onMark={onMark} />
      </div>
      <EvidencePane
        claim={claim}
        documents={job.documents}
        besideIn={(documentId) => citationsBeside(claim, job.evidence, documentId)}
        onPick={setPicked}
        below={(citation) => (
          <div className="flex shrink-0 flex-col gap-2 text-sm">
            <UsedBy passage={picked ?? citation} isPicked={picked !== null} job={job} claim={claim} onClaim={onClaim} />
            <FoundBy citation={citation} job={job} />
          </div>
        )}
      />
    </div>
  )
}

/** So many claims are named; a passage that carries more is the whole document. */
const NAMED = 12

function UsedBy(props: {
  passage: CitationView
  /** It was pressed in the document, and may be another claim's. */
  isPicked: boolean
  job: JobView
  claim: ClaimView
  onClaim: (index: number) => void
}) {
  const { passage, isPicked, job, claim, onClaim } = props
  const using = claimsUsing(passage, job.evidence).filter(({ index }) => isPicked || index !== claim.index)
  return (
    <div role="status" className="flex min-h-7 flex-wrap items-center gap-1.5 text-muted">
      {using.length === 0 ? (
        'No other claim rests on this passage.'
      ) : (
        <>
          <span>{isPicked ? 'The marked passage carries' : 'This passage also carries'}</span>
          {using.slice(0, NAMED).map(({ index }) => (
            <Button key={index} size="sm" disabled={index === claim.index} onClick={() => onClaim(index)}>
              claim {index + 1}
            </Button>
          ))}
          {using.length > NAMED && <span>and {using.length - NAMED} more</span>}
        </>
      )}
    </div>
  )
}

function FoundBy({ citation, job }: { citation: CitationView; job: JobView }) {
  const found = job.result === null ? null : stepThatFound(citation, job.trace, job.result.attempt)
  if (found === null) {
    return <p className="text-muted">No step of the trace shows it: the model had the documents with the question.</p>
  }
  return (
    <details>
      <summary className="w-fit cursor-pointer text-muted hover:text-ink">
        {found.by === 'quote' ? 'Found' : 'Its document was found'} in step {found.item.position + 1} of the trace:{' '}
        {found.title}
      </summary>
      <div className="mt-2 max-h-80 overflow-y-auto rounded-md border border-line p-3">
        <ol>
          <TraceItem item={found.item} findings={null} />
        </ol>
        <Link href={`/jobs/${job.number}?tab=trace`} className="link">
          The whole trace
        </Link>
      </div>
    </details>
  )
}
