import type { ReactNode } from 'react'
import { cn } from './cn'

/** The title of a page, what to know about it, and the one thing to do here. */
export function PageHeader(props: { title: ReactNode; hint?: ReactNode; actions?: ReactNode; className?: string }) {
  return (
    <header className={cn('flex flex-wrap items-center gap-x-4 gap-y-2 pb-4', props.className)}>
      <div className="min-w-0 flex-1 basis-40">
        <h1 className="text-xl wrap-anywhere">{props.title}</h1>
        {props.hint && <p className="text-muted">{props.hint}</p>}
      </div>
      {props.actions && <div className="flex flex-wrap items-center gap-2">{props.actions}</div>}
    </header>
  )
}
