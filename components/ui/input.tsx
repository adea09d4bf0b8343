'use client'
import { Input as BaseInput } from '@base-ui/react/input'
import { cn } from './cn'
import { controlClass } from './control-styles'

/** One line of text. Inside a `Field` its label, hint and error are wired by themselves. */
export function Input({ className, ...rest }: Omit<BaseInput.Props, 'className'> & { className?: string }) {
  return <BaseInput {...rest} className={cn(controlClass, 'h-8 pointer-coarse:h-10', className)} />
}
