import type { ComponentProps } from 'react'
import { cn } from './cn'
import type { Tone } from './tone'

const tones: Record<Tone | 'outline', string> = {
  neutral: 'bg-sunken text-muted',
  informative: 'bg-informative-soft text-informative-ink',
  attention: 'bg-attention-soft text-attention-ink',
  success: 'bg-success-soft text-success-ink',
  danger: 'bg-danger-soft text-danger-ink',
  'danger-outline': 'text-danger-ink ring-1 ring-inset ring-danger/60',
  struck: 'text-faint line-through ring-1 ring-inset ring-line',
  outline: 'text-muted ring-1 ring-inset ring-line-strong/60',
}

/** A word with a tone. `mono`: what a machine said, in its own spelling. */
export function Badge(props: ComponentProps<'span'> & { tone?: Tone | 'outline'; mono?: boolean }) {
  const { tone = 'neutral', mono, className, ...rest } = props
  return (
    <span
      {...rest}
      className={cn(
        'inline-flex h-5 max-w-full items-center gap-1 rounded-sm px-1.5 text-xs whitespace-nowrap [&_svg]:size-3.5 [&_svg]:shrink-0',
        mono ? 'font-mono' : 'font-medium',
        tones[tone],
        className,
      )}
    />
  )
}
