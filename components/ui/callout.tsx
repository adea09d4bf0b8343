import { CircleCheck, Info, type LucideIcon, OctagonX, TriangleAlert } from 'lucide-react'
import type { ComponentProps, ReactNode } from 'react'
import { cn } from './cn'

export type CalloutTone = 'neutral' | 'informative' | 'attention' | 'danger' | 'success'

const looks: Record<CalloutTone, { box: string; mark: string; icon: LucideIcon }> = {
  neutral: { box: 'border-line bg-sunken', mark: 'text-faint', icon: Info },
  informative: { box: 'border-informative/30 bg-informative-soft', mark: 'text-informative-ink', icon: Info },
  attention: { box: 'border-attention/40 bg-attention-soft', mark: 'text-attention-ink', icon: TriangleAlert },
  danger: { box: 'border-danger/35 bg-danger-soft', mark: 'text-danger-ink', icon: OctagonX },
  success: { box: 'border-success/35 bg-success-soft', mark: 'text-success-ink', icon: CircleCheck },
}

/**
 * A few sentences that must not be missed. Where it appears because of something the person did, pass `role="alert"`
 * (danger) or `role="status"`, so that it is read out.
 */
export function Callout(
  props: Omit<ComponentProps<'div'>, 'title'> & {
    tone?: CalloutTone
    title?: ReactNode
    icon?: LucideIcon
    actions?: ReactNode
  },
) {
  const { tone = 'neutral', title, icon, actions, className, children, ...rest } = props
  const look = looks[tone]
  const Icon = icon ?? look.icon
  return (
    <div {...rest} className={cn('flex gap-2.5 rounded-md border px-3 py-2.5 text-ink', look.box, className)}>
      <Icon aria-hidden className={cn('mt-0.5 size-4 shrink-0', look.mark)} />
      <div className="min-w-0 flex-1 wrap-anywhere">
        {title && <p className="font-semibold">{title}</p>}
        {children}
        {actions && <div className="mt-2 flex flex-wrap gap-2">{actions}</div>}
      </div>
    </div>
  )
}
