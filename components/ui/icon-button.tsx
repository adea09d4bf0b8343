'use client'
import { Button as BaseButton } from '@base-ui/react/button'
import type { VariantProps } from 'class-variance-authority'
import { buttonVariants } from './button-variants'
import { cn } from './cn'
import { Tooltip } from './tooltip'

const square = {
  sm: 'w-7 px-0 pointer-coarse:w-9',
  md: 'w-8 px-0 pointer-coarse:w-10',
  lg: 'w-10 px-0 pointer-coarse:w-11',
}

export type IconButtonProps = Omit<BaseButton.Props, 'className' | 'aria-label'> &
  VariantProps<typeof buttonVariants> & {
    className?: string
    /** What it does, in words: read aloud, and shown on hover and focus. */
    label: string
    /** Which side the words come out on. */
    side?: 'top' | 'bottom' | 'left' | 'right'
  }

/** A button that is only a picture, and says in words what it does. */
export function IconButton({ label, side, variant = 'ghost', size = 'md', className, ...rest }: IconButtonProps) {
  return (
    <Tooltip label={label} side={side}>
      <BaseButton
        {...rest}
        aria-label={label}
        className={cn(buttonVariants({ variant, size }), square[size ?? 'md'], className)}
      />
    </Tooltip>
  )
}
