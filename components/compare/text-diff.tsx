'use client'
import { type ReactNode, useMemo, useState } from 'react'
import { useWide } from '@/components/job/use-wide'
import { Button } from '@/components/ui/button'
import { cn } from '@/components/ui/cn'
import { type Block, foldRows, type Row, rowsOf, sideOf } from '@/lib/compare/rows'
import { compareTexts, type Grain } from '@/lib/compare/text'
import { Piece } from './piece'

export type TextDiffProps = {
  before: string
  after: string
  /** What the two sides are called; read aloud, and shown above them where they stand beside each other. */
  names: { before: string; after: string }
  /** `auto`: beside each other where there is room. */
  layout?: 'auto' | 'inline'
  className?: string
}

/** Blocks of lines drawn at a time. */
const PORTION = 120

const GRAINS: Record<Grain, string | null> = {
  words: null,
  lines: 'The texts are long: where much changed, whole lines are set against each other.',
  whole: 'The two are too different, or too long, to show word by word: they stand here one after the other.',
}

/** Two texts, word by word: beside each other where there is room, else as one text with both. */
export function TextDiff({ before, after, names, layout = 'auto', className }: TextDiffProps) {
  const wide = useWide() && layout === 'auto'
  const { grain, blocks } = useMemo(() => {
    const diff = compareTexts(before, after)
    return { grain: diff.grain, blocks: foldRows(rowsOf(diff.segments)) }
  }, [before, after])
  const [shown, setShown] = useState(PORTION)
  const note = GRAINS[grain]
  return (
    <div className={className}>
      {note !== null && <p className="pb-2 text-sm text-muted">{note}</p>}
      {wide && (
        <div aria-hidden className="grid grid-cols-2 gap-x-6 border-b border-line pb-1 text-xs text-faint">
          <span className="px-1">{names.before}</span>
          <span className="px-1">{names.after}</span>
        </div>
      )}
      {blocks.slice(0, shown).map((block, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: blocks of one text, in its order
        <BlockOfRows key={index} block={block} wide={wide} names={names} />
      ))}
      {blocks.length > shown && (
        <Button size="sm" className="mt-2" onClick={() => setShown(shown + PORTION)}>
          Show more of what differs
        </Button>
      )}
    </div>
  )
}

function BlockOfRows({ block, wide, names }: { block: Block; wide: boolean; names: TextDiffProps['names'] }) {
  const [isOpen, setOpen] = useState(false)
  const [shown, setShown] = useState(PORTION)
  if (block.kind === 'fold' && !isOpen) {
    return (
      <button
        type="button"
        onClick={() => setOpen(true)}
        className="my-1 flex min-h-6 w-full items-center gap-2 text-left text-sm text-muted hover:text-ink pointer-coarse:min-h-9"
      >
        <span aria-hidden className="h-px w-4 bg-line" />
        {block.rows.length.toLocaleString('en')} lines that are the same
        <span className="text-accent-ink">show</span>
        <span aria-hidden className="h-px flex-1 bg-line" />
      </button>
    )
  }
  return (
    <>
      {block.rows.slice(0, shown).map((row, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows of one text, in its order
        <RowOfText key={index} row={row} wide={wide} names={names} />
      ))}
      {block.rows.length > shown && (
        <Button size="sm" className="my-2" onClick={() => setShown(shown + PORTION)}>
          Show more of {block.rows.length.toLocaleString('en')} lines
        </Button>
      )}
    </>
  )
}

function RowOfText({ row, wide, names }: { row: Row; wide: boolean; names: TextDiffProps['names'] }) {
  if (!wide) {
    return (
      <Cell isSame={row.isSame} className={cn(!row.isSame && 'border-l-2 border-line-strong pl-2')}>
        {row.segments.map((segment, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one line, in its order
          <Piece key={index} segment={segment} />
        ))}
      </Cell>
    )
  }
  return (
    <div className="grid grid-cols-2 gap-x-6">
      {(['left', 'right'] as const).map((side) => {
        const segments = sideOf(row, side)
        return (
          <Cell key={side} isSame={row.isSame} className={cn('px-1', segments.length === 0 && 'bg-sunken')}>
            {!row.isSame && <span className="sr-only">{side === 'left' ? names.before : names.after}: </span>}
            {segments.length === 0 && <span className="sr-only">nothing</span>}
            {segments.map((segment, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one line, in its order
              <Piece key={index} segment={segment} />
            ))}
          </Cell>
        )
      })}
    </div>
  )
}

function Cell({ isSame, className, children }: { isSame: boolean; className?: string; children: ReactNode }) {
  return (
    <p
      dir="auto"
      className={cn('min-h-6 min-w-0 leading-6 whitespace-pre-wrap wrap-anywhere', isSame && 'text-muted', className)}
    >
      {children}
    </p>
  )
}
