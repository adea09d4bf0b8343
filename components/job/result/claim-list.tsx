'use client'
import { createContext, type KeyboardEvent, type ReactNode, useContext } from 'react'
import { cn } from '@/components/ui/cn'
import { PlainText } from '@/components/ui/plain-text'
import type { JobView } from '@/lib/jobs/view'
import { LongText } from '../long-text'
import { sliceText } from '../slice-text'
import { SupportLine } from './support-line'

export type ClaimView = JobView['evidence'][number]

type Selection = {
  claims: readonly ClaimView[]
  selected: number | null
  /** `byPointer`: pressed, not reached by an arrow key. */
  select: (index: number, byPointer: boolean) => void
}

const ClaimSelection = createContext<Selection>({ claims: [], selected: null, select: () => {} })

/** Lets the claims inside be chosen: by a press, or up and down with the arrow keys. */
export function ClaimSelectionProvider({ children, ...selection }: Selection & { children: ReactNode }) {
  function onKeyDown(event: KeyboardEvent<HTMLElement>) {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    const from = event.target instanceof HTMLElement ? event.target.closest('[data-claim]') : null
    if (step === 0 || from === null) return
    const buttons = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-claim]')]
    const next = buttons[buttons.indexOf(from as HTMLElement) + step]
    if (next === undefined) return
    event.preventDefault()
    next.focus()
    selection.select(Number(next.dataset.claim), false)
  }
  return (
    <ClaimSelection value={selection}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the keys belong to the claims inside */}
      <div onKeyDown={onKeyDown}>{children}</div>
    </ClaimSelection>
  )
}

/** The claim at a JSON pointer of the result; undefined where there is none. */
export function useClaimAt(path: string): ClaimView | undefined {
  return useContext(ClaimSelection).claims.find((claim) => claim.path === path)
}

/** A claim that can be chosen: its passages are then shown beside it. Model text, so plain text. */
export function ClaimButton({ claim, number, text }: { claim: ClaimView; number: number | null; text: string }) {
  const { selected, select } = useContext(ClaimSelection)
  const isSelected = selected === claim.index
  return (
    <button
      type="button"
      data-claim={claim.index}
      aria-pressed={isSelected}
      onClick={() => select(claim.index, true)}
      className={cn(
        'flex w-full gap-3 rounded-md border border-transparent px-3 py-2 text-left outline-offset-[-2px] hover:bg-hover',
        isSelected && 'border-line bg-surface hover:bg-surface lg:border-accent/50',
      )}
    >
      {number !== null && (
        <span aria-hidden className="w-5 shrink-0 pt-0.5 text-right text-sm text-faint">
          {number}
        </span>
      )}
      <span className="min-w-0 flex-1">
        <span dir="auto" className="block text-read whitespace-pre-wrap wrap-anywhere">
          {/* A claim is a sentence; what is longer is read in the evidence. */}
          <PlainText>{sliceText(text, 2_000)}</PlainText>
          {text.length > 2_000 && '…'}
        </span>
        <SupportLine claim={claim} className="mt-0.5" />
      </span>
    </button>
  )
}

/** A statement: a claim where the evidence has it, else only its words. */
export function StatementItem({ path, text, number }: { path: string; text: string; number: number }) {
  const claim = useClaimAt(path)
  if (claim !== undefined) return <ClaimButton claim={claim} number={number} text={text} />
  return <LongText text={text} portion={2_000} className="px-3 py-2 pl-11 text-read" />
}
