import { Check, CircleSlash, EqualApproximately, type LucideIcon, SearchX } from 'lucide-react'
import { cn } from '@/components/ui/cn'
import type { JobView } from '@/lib/jobs/view'
import { ClaimAside } from './claim-aside'
import { type Support, supportOf } from './result-shapes'

/** Quiet while a quote carries the claim; it speaks up where nothing does. */
const looks: Record<Support['kind'], { icon: LucideIcon; tone: string }> = {
  exact: { icon: Check, tone: 'text-muted' },
  differs: { icon: EqualApproximately, tone: 'text-muted' },
  not_found: { icon: SearchX, tone: 'text-attention-ink font-medium' },
  bare: { icon: CircleSlash, tone: 'text-attention-ink font-medium' },
}

/** What carries a claim, in a few words. */
export function SupportLine({ claim, className }: { claim: JobView['evidence'][number]; className?: string }) {
  const { kind, words } = supportOf(claim)
  const { icon: Icon, tone } = looks[kind]
  return (
    <span className={cn('flex flex-wrap items-center gap-x-3 gap-y-0.5 text-sm', className)}>
      <span className={cn('inline-flex items-center gap-1.5', tone)}>
        <Icon aria-hidden className="size-3.5 shrink-0" />
        {words}
      </span>
      <ClaimAside claim={claim} />
    </span>
  )
}
