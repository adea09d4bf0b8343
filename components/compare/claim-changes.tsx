'use client'
import { useMemo } from 'react'
import { LongText } from '@/components/job/long-text'
import { Portion } from '@/components/job/portion'
import { SupportLine } from '@/components/job/result/support-line'
import { Badge } from '@/components/ui/badge'
import type { ClaimChange } from '@/lib/compare/claims'
import { compareTexts } from '@/lib/compare/text'
import type { Claim } from '@/lib/evidence/types'
import { Piece } from './piece'

const WORDS: Record<ClaimChange['kind'], string> = { same: 'The same', new: 'New', gone: 'Gone', changed: 'Changed' }

/** How many claims are new, gone and changed: "1 new, 2 changed"; null where none is. */
export function claimsVerdict(changes: readonly ClaimChange[]): string | null {
  const parts = (['new', 'gone', 'changed'] as const).flatMap((kind) => {
    const count = changes.filter((change) => change.kind === kind).length
    return count === 0 ? [] : [`${count} ${WORDS[kind].toLowerCase()}`]
  })
  return parts.length === 0 ? null : parts.join(', ')
}

/** The claims of both results, each with what carries it; those that are the same come last. */
export function ClaimChanges({ changes }: { changes: readonly ClaimChange[] }) {
  if (changes.length === 0) return <p className="text-muted">Neither result makes a claim that evidence could carry.</p>
  const order = [...changes.filter(({ kind }) => kind !== 'same'), ...changes.filter(({ kind }) => kind === 'same')]
  return (
    <Portion
      items={order}
      noun="claims"
      wrap={(children) => <ul className="divide-y divide-line">{children}</ul>}
      draw={(change, index) => (
        <li key={index} className="flex flex-col gap-1 py-2.5 first:pt-0 last:pb-0">
          <div className="flex items-start gap-2">
            <Badge tone="outline" className="mt-0.5 w-18 shrink-0 justify-center">
              {WORDS[change.kind]}
            </Badge>
            <div className="min-w-0 flex-1">
              <Words change={change} />
              <Support change={change} />
            </div>
          </div>
        </li>
      )}
    />
  )
}

function Words({ change: { kind, before, after } }: { change: ClaimChange }) {
  const [one, other] = [before?.text ?? '', after?.text ?? '']
  const segments = useMemo(() => compareTexts(one, other).segments, [one, other])
  if (kind === 'same') return <LongText text={other} portion={600} className="text-muted" />
  return (
    <p dir="auto" className="whitespace-pre-wrap wrap-anywhere">
      {segments.map((segment, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text, in its order
        <Piece key={index} segment={segment} />
      ))}
    </p>
  )
}

function Support({ change: { before, after } }: { change: ClaimChange }) {
  const isSame = before !== null && after !== null && quotesOf(before) === quotesOf(after)
  if (before === null || after === null || isSame) {
    const claim = after ?? before
    return claim === null ? null : <SupportLine claim={claim} className="mt-0.5" />
  }
  return (
    <dl className="mt-1 grid gap-x-6 gap-y-1 text-sm sm:grid-cols-2">
      <Side label="Before" claim={before} other={after} />
      <Side label="After" claim={after} other={before} />
    </dl>
  )
}

/** What carries it on one side, and the quotes that only this side has. */
function Side({ label, claim, other }: { label: string; claim: Claim; other: Claim }) {
  const known = new Set(other.citations.map(({ quote }) => quote))
  const own = claim.citations.filter(({ quote }) => !known.has(quote)).slice(0, 3)
  return (
    <div className="min-w-0">
      <dt className="text-faint">{label}</dt>
      <dd>
        <SupportLine claim={claim} />
        {own.map(({ quote, documentName }) => (
          <blockquote key={quote} className="mt-1 border-l-2 border-line-strong pl-2 text-muted">
            <LongText text={quote} portion={300} />
            <p className="text-xs text-faint wrap-anywhere">
              <bdi>{documentName}</bdi>
            </p>
          </blockquote>
        ))}
      </dd>
    </div>
  )
}

const quotesOf = ({ citations, support }: Claim) =>
  JSON.stringify([support, citations.map(({ quote, found }) => [quote, found])])
