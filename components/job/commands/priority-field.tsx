'use client'
import { Field } from '@/components/ui/field'
import { Select } from '@/components/ui/select'
import { PRIORITIES, priorityWords } from '@/lib/jobs/priority'

type PriorityFieldProps = {
  current: number
  /** Null: as it is. */
  value: number | null
  error?: string
  onChange: (priority: number | null) => void
}

/** How urgent it is beside the others that wait. */
export function PriorityField({ current, value, error, onChange }: PriorityFieldProps) {
  const named = PRIORITIES.map(({ value: priority, label }) => ({ value: String(priority), label }))
  const isOther = PRIORITIES.every(({ value: priority }) => priority !== current)
  const items = isOther ? [...named, { value: String(current), label: `${priorityWords(current)}, as now` }] : named
  return (
    <Field label="Priority" name="priority" hint={`Now ${priorityWords(current)}.`} error={error}>
      <Select
        items={items}
        value={String(value ?? current)}
        onValueChange={(chosen) => onChange(Number(chosen) === current ? null : Number(chosen))}
        className="w-40"
      />
    </Field>
  )
}
