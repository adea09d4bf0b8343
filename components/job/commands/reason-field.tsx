'use client'
import { useQuery } from '@tanstack/react-query'
import { Field } from '@/components/ui/field'
import { Select } from '@/components/ui/select'
import type { Command } from '@/lib/lifecycle/table'
import { deskOptions } from '../queries'

/** No choice, as the select has it: an empty value would be its placeholder. */
const NONE = 'none'

export type ReasonFieldProps = {
  jobId: string
  command: Command
  value: string
  /** A reason or a note is asked for. */
  isNeeded: boolean
  error?: string
  onChange: (reason: string) => void
}

/** Why, from the short list that leads keep. Where the list has nothing for this, there is only the note. */
export function ReasonField({ jobId, command, value, isNeeded, error, onChange }: ReasonFieldProps) {
  const { data } = useQuery(deskOptions(jobId))
  const reasons = (data?.reasons ?? []).filter(({ commands }) => commands.includes(command))
  if (reasons.length === 0) return null
  return (
    <Field
      label="Why"
      name="reason"
      optional={!isNeeded}
      hint={isNeeded ? 'Choose one, or write a note below.' : undefined}
      error={error}
    >
      <Select
        items={[
          { value: NONE, label: 'None of the list' },
          ...reasons.map(({ key, label }) => ({ value: key, label })),
        ]}
        value={value === '' ? NONE : value}
        onValueChange={(key) => onChange(key === NONE ? '' : key)}
        className="w-full sm:w-72"
      />
    </Field>
  )
}
