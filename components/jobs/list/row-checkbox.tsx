'use client'
import { cn } from '@/components/ui/cn'

export type RowCheckboxProps = {
  label: string
  checked: boolean
  indeterminate?: boolean
  onChange: (event: unknown) => void
}

/** The browser's own box: a page has fifty of them. Its target is 24 px, and Shift marks a range. */
export function RowCheckbox({ label, checked, indeterminate = false, onChange }: RowCheckboxProps) {
  return (
    <label className="-m-1 flex size-6 items-center justify-center">
      <span className="sr-only">{label}</span>
      <input
        type="checkbox"
        ref={(box) => {
          if (box) box.indeterminate = indeterminate && !checked
        }}
        checked={checked}
        onChange={onChange}
        className={cn('size-4 accent-accent')}
      />
    </label>
  )
}
