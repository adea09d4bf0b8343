'use client'
import { SchemaForm } from '@/components/schema-form/schema-form'
import type { FieldError } from '@/components/schema-form/values'
import { Button } from '@/components/ui/button'

export type EditedInputProps = {
  schema: Record<string, unknown>
  value: Record<string, unknown>
  /** Pointers start with `/input`. */
  errors: readonly FieldError[]
  onChange: (value: Record<string, unknown>) => void
  /** Leaves the input as it was. */
  onDrop: () => void
}

/** The input of the job, to be changed for the next attempt. The earlier attempts keep theirs. */
export function EditedInput({ schema, value, errors, onChange, onDrop }: EditedInputProps) {
  return (
    <fieldset className="rounded-md border border-line px-3 pt-1 pb-3">
      <legend className="px-1 font-medium">Edited input</legend>
      <SchemaForm schema={schema} value={value} errors={errors} onChange={onChange} />
      <Button size="sm" variant="ghost" className="mt-3 w-fit" onClick={onDrop}>
        Leave the input as it was
      </Button>
    </fieldset>
  )
}
