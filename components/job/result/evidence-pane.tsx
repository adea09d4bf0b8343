'use client'
import { Check, CircleSlash, EqualApproximately, type LucideIcon, SearchX } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { Callout } from '@/components/ui/callout'
import { cn } from '@/components/ui/cn'
import { PlainText } from '@/components/ui/plain-text'
import type { JobView } from '@/lib/jobs/view'
import { LongText } from '../long-text'
import { CitedDocument } from './cited-document'
import type { ClaimView } from './claim-list'

export type CitationView = ClaimView['citations'][number]

const FOUND: Record<CitationView['found'], { icon: LucideIcon; words: string; tone: string }> = {
  exact: { icon: Check, words: 'quoted exactly', tone: 'text-muted' },
  differs: { icon: EqualApproximately, words: 'found, but not to the letter', tone: 'text-muted' },
  not_found: { icon: SearchX, words: 'not found in the documents', tone: 'text-attention-ink font-medium' },
}

/** What carries one claim: each passage, in the document itself. Remount it for another claim. */
export function EvidencePane(props: {
  claim: ClaimView
  documents: JobView['documents']
  /** Passages of a document that other claims rest on: they are marked too. */
  besideIn?: (documentId: string) => readonly CitationView[]
  /** A marked passage was pressed. */
  onPick?: (citation: CitationView) => void
  /** More about the passage that is shown. */
  below?: (citation: CitationView) => ReactNode
}) {
  const { claim, documents, besideIn, onPick, below } = props
  const [chosen, setChosen] = useState(() =>
    Math.max(
      0,
      claim.citations.findIndex(({ found }) => found !== 'not_found'),
    ),
  )
  const citation = claim.citations[chosen]
  if (citation === undefined) {
    return (
      <Callout tone="attention" icon={CircleSlash} title="Nothing in the documents carries this">
        <p>The model cited no passage for it. Check it elsewhere, or ask for another attempt.</p>
      </Callout>
    )
  }
  return (
    <div className="flex min-h-0 flex-1 flex-col gap-3">
      <ul aria-label="Passages" className="flex shrink-0 flex-col gap-1">
        {claim.citations.map((item, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: citations have no id, and their order never changes
          <li key={index}>
            <CitationButton
              citation={item}
              paged={(documents.find((one) => one.id === item.documentId)?.pages ?? 1) > 1}
              chosen={index === chosen}
              alone={claim.citations.length === 1}
              onChoose={() => setChosen(index)}
            />
          </li>
        ))}
      </ul>
      {citation.found === 'not_found' && <NotFound citation={citation} />}
      {citation.documentId !== null && (
        <CitedDocument
          key={chosen}
          citation={citation}
          citations={besideIn === undefined ? claim.citations : [...claim.citations, ...besideIn(citation.documentId)]}
          documents={documents}
          onPick={onPick}
        />
      )}
      {below?.(citation)}
    </div>
  )
}

type CitationButtonProps = {
  citation: CitationView
  paged: boolean
  chosen: boolean
  alone: boolean
  onChoose: () => void
}

function CitationButton({ citation, paged, chosen, alone, onChoose }: CitationButtonProps) {
  const { icon: Icon, words, tone } = FOUND[citation.found]
  const inside = (
    <>
      <bdi className="min-w-0 truncate font-medium">
        <PlainText>{citation.documentName}</PlainText>
      </bdi>
      {paged && citation.page !== null && <span className="shrink-0 text-muted">page {citation.page}</span>}
      <span className={cn('ml-auto flex shrink-0 items-center gap-1 text-sm', tone)}>
        <Icon aria-hidden className="size-3.5" />
        {words}
      </span>
    </>
  )
  const shape = 'flex w-full flex-wrap items-baseline gap-x-2 rounded-sm px-2 py-1 text-left'
  if (alone) return <p className={cn(shape, 'px-0')}>{inside}</p>
  return (
    <button
      type="button"
      aria-pressed={chosen}
      onClick={onChoose}
      className={cn(shape, 'hover:bg-hover', chosen && 'bg-sunken')}
    >
      {inside}
    </button>
  )
}

function NotFound({ citation }: { citation: CitationView }) {
  return (
    <Callout
      tone="attention"
      icon={SearchX}
      title={citation.documentId === null ? 'There is no such document' : 'This quote does not stand in the document'}
    >
      {citation.documentId === null && (
        <p>
          The model names “
          <bdi>
            <PlainText>{citation.documentName}</PlainText>
          </bdi>
          ”, which is no document of this job.
        </p>
      )}
      <p className="mt-2 text-sm text-muted">What the model wrote as a quote:</p>
      <LongText text={citation.quote} portion={2_000} className="border-l-2 border-attention/50 pl-3" />
    </Callout>
  )
}
