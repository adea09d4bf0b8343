import type { ComponentProps, ReactNode } from 'react'
import { cn } from './cn'

/** A sheet with a border. Borders, not shadows: only what floats has one. */
export function Panel({ className, ...rest }: ComponentProps<'section'>) {
  return <section {...rest} className={cn('min-w-0 rounded-md border border-line bg-surface', className)} />
}

/** The heading of a panel, with what can be done to all of it at its right. `id`: for `aria-labelledby`. */
export function PanelHeader(props: {
  id?: string
  title: ReactNode
  hint?: ReactNode
  actions?: ReactNode
  level?: 2 | 3
  className?: string
}) {
  const { id, title, hint, actions, level = 2, className } = props
  const Heading = level === 2 ? 'h2' : 'h3'
  return (
    <div className={cn('flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-4 py-2.5', className)}>
      <div className="min-w-0 flex-1">
        <Heading id={id} className="text-base font-semibold">
          {title}
        </Heading>
        {hint && <p className="text-sm text-muted">{hint}</p>}
      </div>
      {actions && <div className="flex shrink-0 items-center gap-1.5">{actions}</div>}
    </div>
  )
}

export function PanelBody({ className, ...rest }: ComponentProps<'div'>) {
  return <div {...rest} className={cn('px-4 py-3', className)} />
}
