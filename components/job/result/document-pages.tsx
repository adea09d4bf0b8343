'use client'
import { useEffect, useMemo, useRef } from 'react'
import { cn } from '@/components/ui/cn'
import { PlainText } from '@/components/ui/plain-text'
import type { DocumentPage } from '@/lib/evidence/types'
import { type Mark, segmentPage } from './segments'
import { unwrapLines } from './unwrap-lines'

export type DocumentPagesProps = {
  pages: readonly DocumentPage[]
  /** Where to mark; `id` tells them apart. */
  marks: readonly (Mark & { page: number })[]
  /** The mark that is brought into sight. */
  active: number | null
  name: string
  /** A mark was pressed. Whoever works without a pointer finds the same in the list of passages. */
  onPick?: (id: number) => void
  className?: string
}

/** A document of more characters than this is laid out only where it is looked at. */
const LONG = 100_000

/** The text of a document with passages marked in it, scrolled to the active one. Off-screen text costs nothing. */
export function DocumentPages({ pages, marks, active, name, onPick, className }: DocumentPagesProps) {
  const box = useRef<HTMLElement>(null)
  const isPaper = /\.pdf$/i.test(name)
  const isLong = pages.reduce((sum, page) => sum + page.text.length, 0) > LONG

  // biome-ignore lint/correctness/useExhaustiveDependencies: scrolls anew when another passage is chosen
  useEffect(() => {
    let frame = 0
    let left = SETTLING_FRAMES
    const settle = () => {
      if (box.current !== null) bringIntoSight(box.current)
      left -= 1
      if (left > 0) frame = requestAnimationFrame(settle)
    }
    settle()
    return () => cancelAnimationFrame(frame)
  }, [active, pages])

  function pick(target: EventTarget) {
    const id = target instanceof Element ? target.closest<HTMLElement>('mark[data-mark]')?.dataset.mark : undefined
    if (id !== undefined) onPick?.(Number(id))
  }

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list of passages does the same by keyboard
    <section
      ref={box}
      onClick={onPick && ((event) => pick(event.target))}
      aria-label={`Text of ${name}`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
      tabIndex={0}
      className={cn(
        'relative min-h-0 flex-1 overflow-y-auto overscroll-contain rounded-md border border-line bg-surface px-4 py-3 text-read',
        className,
      )}
    >
      {pages.map((page) => (
        <Page
          key={page.page}
          page={page}
          marks={marks.filter((mark) => mark.page === page.page)}
          active={active}
          numbered={pages.length > 1}
          isPaper={isPaper}
          isLong={isLong}
        />
      ))}
    </section>
  )
}

/** Blocks get their true height only once they are near, which moves the mark: so often it is gone after. */
const SETTLING_FRAMES = 8

function bringIntoSight(box: HTMLElement) {
  const mark = box.querySelector('mark[data-active]')
  if (mark === null) return
  const distance = mark.getBoundingClientRect().top - box.getBoundingClientRect().top
  box.scrollTop += distance - box.clientHeight / 3
}

type PageProps = {
  page: DocumentPage
  marks: readonly Mark[]
  active: number | null
  numbered: boolean
  /** Its lines were cut by the width of a sheet. */
  isPaper: boolean
  isLong: boolean
}

function Page({ page, marks, active, numbered, isPaper, isLong }: PageProps) {
  const text = useMemo(() => (isPaper ? unwrapLines(page.text) : page.text), [page.text, isPaper])
  const blocks = useMemo(() => segmentPage(text, marks), [text, marks])
  return (
    <div dir="auto" className={cn(numbered && 'border-b border-line pb-4 last:border-b-0')}>
      {numbered && <p className="pt-3 pb-1 text-xs text-faint">Page {page.page}</p>}
      {blocks.map((block) => (
        <div
          key={block.start}
          className={cn(
            'max-w-[75ch] whitespace-pre-wrap wrap-anywhere',
            isLong && '[contain-intrinsic-size:auto_60rem] [content-visibility:auto]',
          )}
        >
          {block.segments.map((segment, index) => {
            // biome-ignore lint/suspicious/noArrayIndexKey: stretches of one text, in its order
            if (segment.marks.length === 0) return <PlainText key={index}>{segment.text}</PlainText>
            const isActive = active !== null && segment.marks.includes(active)
            return (
              <mark
                // biome-ignore lint/suspicious/noArrayIndexKey: stretches of one text, in its order
                key={index}
                data-active={isActive || undefined}
                data-mark={isActive ? active : segment.marks[0]}
                className={cn(
                  'rounded-[2px] bg-accent-soft text-ink underline decoration-accent decoration-1 underline-offset-4',
                  isActive ? 'decoration-2' : 'decoration-dotted',
                )}
              >
                <PlainText>{segment.text}</PlainText>
              </mark>
            )
          })}
        </div>
      ))}
    </div>
  )
}
