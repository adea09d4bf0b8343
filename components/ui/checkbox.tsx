'use client'
import { Checkbox as Base } from '@base-ui/react/checkbox'
import { Check, Minus } from 'lucide-react'
import type { ReactNode } from 'react'
import { cn } from './cn'

const boxClass = [
  'relative flex size-4 shrink-0 items-center justify-center rounded-[3px] border border-line-strong bg-surface text-inverse transition-colors',
  // The target is 24 px, though the box is 16.
  "before:absolute before:-inset-1 before:content-['']",
  'data-checked:border-accent data-checked:bg-accent data-indeterminate:border-accent data-indeterminate:bg-accent',
  'data-invalid:border-danger data-disabled:opacity-50',
].join(' ')

type CheckboxProps = Omit<Base.Root.Props, 'className'> & { className?: string }

/** A box alone: give it an `aria-label`, or use `CheckboxField`. */
export function Checkbox({ className, ...rest }: CheckboxProps) {
  return (
    <Base.Root {...rest} className={cn(boxClass, className)}>
      <Base.Indicator className="flex data-unchecked:hidden">
        {rest.indeterminate ? (
          <Minus aria-hidden className="size-3" strokeWidth={3} />
        ) : (
          <Check aria-hidden className="size-3" strokeWidth={3} />
        )}
      </Base.Indicator>
    </Base.Root>
  )
}

/** A box with its words, which can be pressed too. */
export function CheckboxField(props: CheckboxProps & { label: ReactNode; hint?: ReactNode }) {
  const { label, hint, className, ...rest } = props
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the checkbox renders its own input inside this label
    <label className={cn('flex w-fit max-w-full gap-2 py-0.5', className)}>
      <Checkbox {...rest} className="mt-0.5" />
      <span className="min-w-0">
        {label}
        {hint && <span className="block text-sm text-muted">{hint}</span>}
      </span>
    </label>
  )
}
