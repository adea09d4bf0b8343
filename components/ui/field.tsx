'use client'
import { Field as BaseField } from '@base-ui/react/field'
import type { ReactNode } from 'react'
import { cn } from './cn'

export type FieldProps = {
  label: ReactNode
  /** The name under which the control is submitted. */
  name?: string
  /** What to know before typing. */
  hint?: ReactNode
  /** What is wrong and what to do about it. Absent or empty: nothing is. */
  error?: ReactNode
  /** Says "optional" after the label: what is asked for is required unless it says so. */
  optional?: boolean
  /** Read aloud, not shown: where the place already says what the field is. */
  hideLabel?: boolean
  className?: string
  children: ReactNode
}

/** A control with its label, hint and error, wired by ids. */
export function Field({ label, name, hint, error, optional, hideLabel, className, children }: FieldProps) {
  const invalid = Boolean(error)
  return (
    <BaseField.Root name={name} invalid={invalid} className={cn('flex min-w-0 flex-col gap-1', className)}>
      <BaseField.Label className={cn('w-fit font-medium text-ink', hideLabel && 'sr-only')}>
        {label}
        {optional && <span className="font-normal text-faint">&ensp;optional</span>}
      </BaseField.Label>
      {hint && <BaseField.Description className="text-sm text-muted">{hint}</BaseField.Description>}
      {children}
      <BaseField.Error match={invalid} className="text-sm text-danger-ink">
        {error}
      </BaseField.Error>
    </BaseField.Root>
  )
}
