import { Check, CircleHelp, type LucideIcon, X } from 'lucide-react'
import { cn } from '@/components/ui/cn'
import { VERDICT_WORDS, type Verdict } from './verdicts'

export const VERDICT_LOOKS: Record<Verdict, { icon: LucideIcon; tone: string }> = {
  supported: { icon: Check, tone: 'text-success-ink' },
  contradicted: { icon: X, tone: 'text-danger-ink' },
  not_verifiable: { icon: CircleHelp, tone: 'text-attention-ink' },
}

/** What a person found of a claim. */
export function MarkBadge({ verdict, who }: { verdict: Verdict; who: string }) {
  const { icon: Icon, tone } = VERDICT_LOOKS[verdict]
  return (
    <span className={cn('inline-flex items-center gap-1 text-sm font-medium', tone)}>
      <Icon aria-hidden className="size-3.5 shrink-0" />
      <span>
        <bdi>{who}</bdi>: {VERDICT_WORDS[verdict].toLowerCase()}
      </span>
    </span>
  )
}
