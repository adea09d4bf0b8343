'use client'
import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { PlainText } from '@/components/ui/plain-text'
import { sliceText } from './slice-text'

/** More than this at once is felt in the browser; the rest is a press away. */
const PORTION = 20_000
/** Where more is left, the end is a press away too. */
const FAR = 100_000

export type LongTextProps = {
  text: string
  /** How many characters are shown at first, and with each press. */
  portion?: number
  className?: string
}

/** Text from a stranger, as text: never more of it at once than a page can bear. */
export function LongText({ text, portion = PORTION, className }: LongTextProps) {
  const [shown, setShown] = useState(portion)
  const [showsEnd, setShowsEnd] = useState(false)
  const head = sliceText(text, shown)
  const tail = showsEnd && shown < text.length ? endOf(text, Math.max(head.length, text.length - PORTION)) : ''
  const left = text.length - head.length - tail.length
  return (
    <div className={className}>
      <p dir="auto" className="whitespace-pre-wrap wrap-anywhere">
        <PlainText>{head}</PlainText>
        {left > 0 && '…'}
      </p>
      {left > 0 && (
        <p className="mt-2 flex flex-wrap items-center gap-2 font-sans text-sm text-muted">
          <Button size="sm" onClick={() => setShown(shown + Math.max(portion, PORTION))}>
            Show more
          </Button>
          {!showsEnd && left > FAR && (
            <Button size="sm" onClick={() => setShowsEnd(true)}>
              Show the end
            </Button>
          )}
          {(head.length + tail.length).toLocaleString('en')} of {text.length.toLocaleString('en')} characters are shown.
        </p>
      )}
      {tail !== '' && (
        <p dir="auto" className="mt-2 whitespace-pre-wrap wrap-anywhere">
          {left > 0 && '…'}
          <PlainText>{tail}</PlainText>
        </p>
      )}
    </div>
  )
}

/** `text` from `from` on, one UTF-16 unit later where that would tear a character. */
function endOf(text: string, from: number): string {
  return text.slice(from).replace(/^[\udc00-\udfff]/, '')
}
