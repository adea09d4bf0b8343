import type { LucideIcon } from 'lucide-react'
import { cn } from './cn'
import type { Tone } from './tone'

const marks: Record<Tone, string> = {
  neutral: 'text-faint',
  informative: 'text-informative',
  attention: 'text-attention-ink',
  success: 'text-success',
  danger: 'text-danger',
  'danger-outline': 'text-danger',
  struck: 'text-faint',
}

const words: Record<Tone, string> = {
  neutral: 'text-muted',
  informative: 'text-muted',
  attention: 'text-attention-ink font-semibold',
  success: 'text-muted',
  danger: 'text-danger-ink font-medium',
  'danger-outline': 'text-danger-ink',
  struck: 'text-faint line-through',
}

const boxes: Partial<Record<Tone, string>> = {
  attention: 'bg-attention-soft',
  danger: 'bg-danger-soft',
  'danger-outline': 'ring-1 ring-inset ring-danger/60',
}

/**
 * A state as picture and word. Only what needs someone has a box around it; the rest is set like text, so that a list
 * of healthy rows stays nearly monochrome. `alive` adds a dot that breathes slowly.
 */
export function StateMark(props: { tone: Tone; icon: LucideIcon; label: string; alive?: boolean; className?: string }) {
  const { tone, icon: Icon, label, alive, className } = props
  return (
    <span
      className={cn(
        '-ml-1.5 inline-flex h-6 max-w-full items-center gap-1.5 rounded-sm px-1.5 whitespace-nowrap',
        boxes[tone],
        className,
      )}
    >
      <span aria-hidden className={cn('relative flex shrink-0', marks[tone])}>
        <Icon className="size-4" />
        {alive && (
          <span className="absolute -top-px -right-px size-1.5 animate-pulse-dot rounded-full bg-informative ring-2 ring-surface" />
        )}
      </span>
      <span className={cn('truncate', words[tone])}>{label}</span>
    </span>
  )
}
