import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { cn } from './cn'

/** Says that there is nothing, why, and what to do about it. */
export function EmptyState(props: {
  icon?: LucideIcon
  title: ReactNode
  hint?: ReactNode
  actions?: ReactNode
  level?: 2 | 3
  className?: string
}) {
  const { icon: Icon, title, hint, actions, level = 2, className } = props
  const Heading = level === 2 ? 'h2' : 'h3'
  return (
    <div className={cn('flex flex-col items-center gap-1 px-6 py-12 text-center', className)}>
      {Icon && <Icon aria-hidden className="mb-2 size-6 text-faint" strokeWidth={1.5} />}
      <Heading className="text-base font-semibold">{title}</Heading>
      {hint && <p className="max-w-md text-balance text-muted">{hint}</p>}
      {actions && <div className="mt-3 flex flex-wrap justify-center gap-2">{actions}</div>}
    </div>
  )
}
