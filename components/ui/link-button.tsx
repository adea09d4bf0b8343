import type { VariantProps } from 'class-variance-authority'
import Link from 'next/link'
import type { ComponentProps } from 'react'
import { buttonVariants } from './button-variants'
import { cn } from './cn'

/** A link that looks like a button: it goes somewhere and changes nothing. */
export function LinkButton(props: ComponentProps<typeof Link> & VariantProps<typeof buttonVariants>) {
  const { variant, size, className, ...rest } = props
  return <Link {...rest} className={cn(buttonVariants({ variant, size }), className)} />
}
