'use client'
import { useState } from 'react'
import { visible } from '@/components/job/result/difference'
import { sliceText } from '@/components/job/slice-text'
import { PlainText } from '@/components/ui/plain-text'
import type { Segment } from '@/lib/compare/text'

/** More of one stretch at once is felt in the browser, and read by nobody. */
const MOST_SHOWN = 4_000

/** A stretch of a comparison: struck out where it is gone, underlined where it is new. Text of others, letter for letter. */
export function Piece({ segment }: { segment: Segment }) {
  const [whole, setWhole] = useState(false)
  const { kind, text } = segment
  const limit = whole ? MOST_SHOWN * 50 : MOST_SHOWN
  const isCut = text.length > limit
  const shown = isCut ? sliceText(text, limit) : text
  const rest = isCut && (
    <button
      type="button"
      onClick={() => setWhole(true)}
      disabled={whole}
      className="link mx-1 min-h-6 font-sans text-sm"
    >
      {whole
        ? `… and ${(text.length - limit).toLocaleString('en')} more characters, in the payload`
        : `… ${(text.length - limit).toLocaleString('en')} more characters`}
    </button>
  )
  if (kind === 'same') {
    return (
      <>
        <PlainText>{shown}</PlainText>
        {rest}
      </>
    )
  }
  const Mark = kind === 'removed' ? 'del' : 'ins'
  return (
    <>
      <Mark className={LOOKS[kind]}>
        <span className="sr-only">{kind === 'removed' ? ' [gone: ' : ' [new: '}</span>
        <PlainText>{isBlank(shown) ? visible(shown) : shown}</PlainText>
        <span className="sr-only">] </span>
      </Mark>
      {rest}
    </>
  )
}

const LOOKS = {
  removed: 'rounded-sm bg-danger-soft text-danger-ink decoration-danger/70',
  added:
    'rounded-sm bg-success-soft text-success-ink underline decoration-success/70 underline-offset-3 [del+&]:ml-0.5',
}

/** White space that differs would be seen by nobody. */
const isBlank = (text: string) => /^\s+$/.test(text)
