'use client'
import { Field as BaseField } from '@base-ui/react/field'
import type { ComponentProps } from 'react'
import { cn } from './cn'
import { controlClass } from './control-styles'

/** Several lines of text; grows with them. Inside a `Field` its label, hint and error are wired by themselves. */
export function Textarea({ className, rows = 4, ...rest }: ComponentProps<'textarea'>) {
  return (
    <BaseField.Control
      render={
        <textarea
          {...rest}
          rows={rows}
          className={cn(controlClass, 'field-sizing-content max-h-96 min-h-20 py-1.5 leading-5', className)}
        />
      }
    />
  )
}
