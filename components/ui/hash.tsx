import { cn } from './cn'
import { CopyButton } from './copy-button'

export type HashProps = {
  /** The whole of it: a hash or an id. */
  value: string
  /** What it is, for the copy button: "hash of the result". */
  label: string
  /** How many characters are shown from its start. */
  length?: number
  className?: string
}

/** The start of a long hash or id; the whole on hover and on the clipboard. */
export function Hash({ value, label, length = 12, className }: HashProps) {
  const short = value.length > length + 1
  return (
    <span className={cn('inline-flex max-w-full items-center gap-0.5', className)}>
      <code title={value} className="truncate text-sm text-muted">
        {short ? `${value.slice(0, length)}…` : value}
      </code>
      <CopyButton value={value} label={`Copy ${label}`} className="h-6 w-6" />
    </span>
  )
}
