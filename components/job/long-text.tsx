'use client'
import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { cn } from '@/components/ui/cn'
import { PlainText } from '@/components/ui/plain-text'
import { sliceText } from './slice-text'

/** More than this at once is felt in the browser; the rest is a press away. */
const PORTION = 20_000

export type LongTextProps = {
  text: string
  /** How many characters are shown at first, and with each press. */
  portion?: number
  className?: string
}

/** Text from a stranger, as text: never more of it at once than a page can bear. */
export function LongText({ text, portion = PORTION, className }: LongTextProps) {
  const [shown, setShown] = useState(portion)
  const left = text.length - shown
  return (
    <div className={className}>
      <p dir="auto" className="whitespace-pre-wrap wrap-anywhere">
        <PlainText>{sliceText(text, shown)}</PlainText>
        {left > 0 && '…'}
      </p>
      {left > 0 && (
        <p className={cn('mt-2 flex flex-wrap items-center gap-2 font-sans text-sm text-muted')}>
          <Button size="sm" onClick={() => setShown(shown + Math.max(portion, PORTION))}>
            Show more
          </Button>
          {sliceText(text, shown).length.toLocaleString('en')} of {text.length.toLocaleString('en')} characters are
          shown.
        </p>
      )}
    </div>
  )
}
