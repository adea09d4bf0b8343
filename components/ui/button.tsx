'use client'
import { Button as BaseButton } from '@base-ui/react/button'
import type { VariantProps } from 'class-variance-authority'
import type { ReactNode } from 'react'
import { buttonVariants } from './button-variants'
import { cn } from './cn'

export type ButtonProps = Omit<BaseButton.Props, 'className'> &
  VariantProps<typeof buttonVariants> & {
    className?: string
    /** While true the button cannot be pressed again, keeps focus, and says `pendingLabel`. */
    pending?: boolean
    /** What it says meanwhile, e.g. "Approving…". Its width is reserved from the start. */
    pendingLabel?: ReactNode
  }

/** A button whose label is a verb. Sits still while it works: no spinner, no change of width. */
export function Button(props: ButtonProps) {
  const { variant, size, className, pending = false, pendingLabel, disabled, children, ...rest } = props
  return (
    <BaseButton
      {...rest}
      disabled={disabled || pending}
      focusableWhenDisabled={pending || rest.focusableWhenDisabled}
      aria-busy={pending || undefined}
      className={cn(buttonVariants({ variant, size }), className)}
    >
      {pendingLabel === undefined ? (
        children
      ) : (
        <span className="grid">
          <span
            className={cn(
              'col-start-1 row-start-1 inline-flex items-center justify-center gap-1.5',
              pending && 'invisible',
            )}
          >
            {children}
          </span>
          <span
            className={cn('col-start-1 row-start-1 inline-flex items-center justify-center', !pending && 'invisible')}
          >
            {pendingLabel}
          </span>
        </span>
      )}
    </BaseButton>
  )
}
