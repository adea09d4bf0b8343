'use client'
import { type ReactNode, useId } from 'react'

export type RadioItem = { value: string; label: ReactNode; hint?: ReactNode }

/** One of a few, all in sight. The browser's own radio buttons: one tab stop, and the arrow keys choose. */
export function RadioField(props: {
  label: ReactNode
  hint?: ReactNode
  error?: ReactNode
  items: readonly RadioItem[]
  value: string | null
  onValueChange: (value: string) => void
  required?: boolean
  disabled?: boolean
}) {
  const { label, hint, error, items, value, onValueChange, required, disabled } = props
  const id = useId()
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ')
  return (
    <div
      role="radiogroup"
      aria-labelledby={`${id}-label`}
      aria-describedby={described || undefined}
      aria-required={required}
      aria-invalid={error ? true : undefined}
      className="flex min-w-0 flex-col gap-1"
    >
      <p id={`${id}-label`} className="font-medium">
        {label}
      </p>
      {hint && (
        <p id={`${id}-hint`} className="text-sm text-muted">
          {hint}
        </p>
      )}
      {items.map((item) => (
        <label key={item.value} className="flex w-fit max-w-full gap-2 py-0.5">
          <input
            type="radio"
            name={id}
            disabled={disabled}
            checked={value === item.value}
            onChange={() => onValueChange(item.value)}
            className="mt-0.5 size-4 shrink-0 accent-accent"
          />
          <span className="min-w-0">
            {item.label}
            {item.hint && <span className="block text-sm text-muted">{item.hint}</span>}
          </span>
        </label>
      ))}
      {error && (
        <p id={`${id}-error`} className="text-sm text-danger-ink">
          {error}
        </p>
      )}
    </div>
  )
}
