'use client'
import { cn } from '@/components/ui/cn'
import { Kbd } from '@/components/ui/kbd'
import { useSingleKeys } from '../keyboard/single-keys'
import { MarkBadge, VERDICT_LOOKS } from './mark-badge'
import { type MarkView, VERDICT_WORDS, type Verdict, verdicts } from './verdicts'

export type MarkControlProps = {
  value: Verdict | undefined
  /** What other reviewers found of it. */
  others: readonly MarkView[]
  /** Absent for somebody who may not mark. */
  onMark?: (verdict: Verdict) => void
}

/** What this reviewer finds of a claim; pressing the same again takes it back. */
export function MarkControl({ value, others, onMark }: MarkControlProps) {
  const keys = useSingleKeys()
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
      {onMark !== undefined && (
        <fieldset className="flex flex-wrap gap-1.5">
          <legend className="sr-only">What you find of this claim</legend>
          {verdicts.map((verdict, index) => {
            const { icon: Icon, tone } = VERDICT_LOOKS[verdict]
            const isSet = value === verdict
            return (
              <button
                key={verdict}
                type="button"
                aria-pressed={isSet}
                aria-keyshortcuts={keys ? String(index + 1) : undefined}
                onClick={() => onMark(verdict)}
                className={cn(
                  'inline-flex h-7 items-center gap-1.5 rounded-md border px-2 text-sm pointer-coarse:h-10',
                  isSet ? cn('border-current bg-surface font-medium', tone) : 'border-line text-muted hover:bg-hover',
                )}
              >
                <Icon aria-hidden className="size-3.5 shrink-0" />
                {VERDICT_WORDS[verdict]}
                {keys && (
                  <Kbd aria-hidden className="max-lg:hidden">
                    {index + 1}
                  </Kbd>
                )}
              </button>
            )
          })}
        </fieldset>
      )}
      {others.map(({ by, verdict }) => (
        <MarkBadge key={by.id} verdict={verdict} who={by.name} />
      ))}
    </div>
  )
}
