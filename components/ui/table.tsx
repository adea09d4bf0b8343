import type { ComponentProps } from 'react'
import { cn } from './cn'

/** Positioned: words for screen readers alone, far out in the table, would widen the page. */
const boxClass = 'relative overflow-x-auto rounded-md border border-line bg-surface'

/**
 * A table that scrolls sideways in its own box where it is too wide; the box can be scrolled by keyboard, so it has a
 * name. `label` names the table too.
 */
export function Table({ label, className, children, ...rest }: ComponentProps<'table'> & { label: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
    <section aria-label={label} tabIndex={0} className={boxClass}>
      <table {...rest} className={cn('w-full border-separate border-spacing-0 text-left', className)}>
        <caption className="sr-only">{label}</caption>
        {children}
      </table>
    </section>
  )
}

export function THead({ className, ...rest }: ComponentProps<'thead'>) {
  return <thead {...rest} className={cn('text-sm text-faint', className)} />
}

export function TBody(props: ComponentProps<'tbody'>) {
  return <tbody {...props} />
}

export function Tr({ className, ...rest }: ComponentProps<'tr'>) {
  return <tr {...rest} className={cn('group/row', className)} />
}

export function Th({ className, scope = 'col', ...rest }: ComponentProps<'th'>) {
  return (
    <th
      {...rest}
      scope={scope}
      className={cn('h-8 border-b border-line px-3 font-medium whitespace-nowrap', className)}
    />
  )
}

/** `numeric`: set to the right. */
export function Td({ className, numeric, ...rest }: ComponentProps<'td'> & { numeric?: boolean }) {
  return (
    <td
      {...rest}
      className={cn(
        'h-10 border-b border-line px-3 py-1.5 group-last/row:border-b-0',
        numeric && 'text-right',
        className,
      )}
    />
  )
}
