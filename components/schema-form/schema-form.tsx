'use client'
import { useEffect, useRef } from 'react'
import type { JsonSchema } from '@/lib/workflows/definition'
import { fieldsOf } from './fields'
import { focusField } from './focus-field'
import { SchemaField } from './schema-field'
import { errorAt, type FieldError, withField } from './values'

export type SchemaFormProps = {
  /** An object schema: one control a property. */
  schema: JsonSchema
  value: Record<string, unknown>
  onChange: (value: Record<string, unknown>) => void
  errors: readonly FieldError[]
  disabled?: boolean
  /** The JSON pointer of the object, with which the pointers of `errors` start. */
  pointer?: string
  /** Whether new errors take focus to the first field that has one. False where a summary takes it. */
  focusErrors?: boolean
}

/** The form of a workflow, made from its schema. Give `checkFields` a look at the value before sending it. */
export function SchemaForm(props: SchemaFormProps) {
  const { schema, value, onChange, errors, disabled = false, pointer = '/input', focusErrors = true } = props
  const root = useRef<HTMLDivElement>(null)
  const fields = fieldsOf(schema, pointer)

  useEffect(() => {
    const first = focusErrors ? errors.find((error) => error.pointer.startsWith(pointer)) : undefined
    if (first && root.current) focusField(root.current, first.pointer)
  }, [errors, focusErrors, pointer])

  if (fields.length === 0) return <p className="text-muted">This workflow asks for nothing more.</p>
  return (
    <div ref={root} className="flex flex-col gap-4">
      {fields.map((field) => (
        <SchemaField
          key={field.pointer}
          field={field}
          value={value[field.name]}
          onChange={(to) => onChange(withField(value, field.name, to))}
          error={errorAt(errors, field.pointer)}
          disabled={disabled}
        />
      ))}
    </div>
  )
}
