'use client'
import { useState } from 'react'
import { CheckboxField } from '@/components/ui/checkbox'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { Select } from '@/components/ui/select'
import { Textarea } from '@/components/ui/textarea'
import type { Choice, Control, FormField } from './fields'
import { pointerAttribute } from './focus-field'
import { RadioField } from './radio-field'
import { parseTyped, typedOf } from './values'

/** More choices than this are folded into a list. */
const SHOWN_CHOICES = 4

type SchemaFieldProps = {
  field: FormField
  value: unknown
  onChange: (value: unknown) => void
  error: string | null
  disabled: boolean
}

/** One property of a schema as a control with its label, hint and error. */
export function SchemaField(props: SchemaFieldProps) {
  const { field, value, onChange, error, disabled } = props
  const { control, title, hint, required } = field
  if (control.kind === 'boolean') return <BooleanField {...props} />
  if (control.kind === 'choice') return <ChoiceField {...props} choices={control.choices} />
  return (
    <div {...{ [pointerAttribute]: field.pointer }}>
      <Field label={<Label title={title} required={required} />} hint={hintOf(hint, control)} error={error}>
        <TypedControl control={control} value={value} onChange={onChange} required={required} disabled={disabled} />
      </Field>
    </div>
  )
}

/** Which fields must be filled is said in words, at each: nobody has to know a convention. */
export function Label({ title, required }: { title: string; required: boolean }) {
  return (
    <>
      {title} <span className="ml-0.5 font-normal text-faint">{required ? 'required' : 'optional'}</span>
    </>
  )
}

function hintOf(hint: string | null, control: Control) {
  const how =
    control.kind === 'lines'
      ? 'One a line.'
      : control.kind === 'json'
        ? `There is no form for this type (${control.type}): write it as JSON.`
        : null
  return [hint, how].filter(Boolean).join(' ') || undefined
}

function TypedControl(props: {
  control: Control
  value: unknown
  onChange: (value: unknown) => void
  required: boolean
  disabled: boolean
}) {
  const { control, value, onChange, required, disabled } = props
  const [typed, setTyped] = useState(() => typedOf(control, value))
  // What was typed stays as typed ("1.", a blank last line) while it means the value; a value from elsewhere replaces it.
  const means = JSON.stringify(parseTyped(control, typed)) === JSON.stringify(value)
  const text = means ? typed : typedOf(control, value)
  const shared = {
    value: text,
    disabled,
    'aria-required': required,
    onChange: (event: { target: { value: string } }) => {
      setTyped(event.target.value)
      onChange(parseTyped(control, event.target.value))
    },
  }
  switch (control.kind) {
    case 'textarea':
      return <Textarea {...shared} rows={5} />
    case 'lines':
      return <Textarea {...shared} rows={4} />
    case 'json':
      return <Textarea {...shared} rows={6} spellCheck={false} className="font-mono text-sm" />
    case 'number':
      return <Input {...shared} inputMode={control.whole ? 'numeric' : 'decimal'} className="max-w-48" />
    case 'date':
      return <Input {...shared} type="date" className="max-w-48" />
    case 'date-time':
      return <Input {...shared} type="datetime-local" className="max-w-60" />
    default:
      return <Input {...shared} />
  }
}

function BooleanField({ field, value, onChange, error, disabled }: SchemaFieldProps) {
  return (
    <div {...{ [pointerAttribute]: field.pointer }}>
      <CheckboxField
        label={field.title}
        hint={
          <>
            {field.hint}
            {error && <span className="block text-danger-ink">{error}</span>}
          </>
        }
        checked={value === true}
        onCheckedChange={(checked) => onChange(checked)}
        disabled={disabled}
      />
    </div>
  )
}

function ChoiceField(props: SchemaFieldProps & { choices: Choice[] }) {
  const { field, value, onChange, error, disabled, choices } = props
  const label = <Label title={field.title} required={field.required} />
  // By position: the values of a set need not be texts.
  const items = choices.map(({ label, hint }, index) => ({ value: String(index), label, hint }))
  const chosen = choices.findIndex((choice) => JSON.stringify(choice.value) === JSON.stringify(value))
  const shown = chosen < 0 ? null : String(chosen)
  const choose = (index: string) => onChange(choices[Number(index)]?.value)
  const offered = field.required ? items : [{ value: NONE, label: 'Not said' }, ...items]
  return (
    <div {...{ [pointerAttribute]: field.pointer }}>
      {choices.length <= SHOWN_CHOICES ? (
        <RadioField
          label={label}
          hint={field.hint}
          error={error}
          items={offered}
          value={shown ?? (field.required ? null : NONE)}
          onValueChange={choose}
          required={field.required}
          disabled={disabled}
        />
      ) : (
        <Field label={label} hint={field.hint ?? undefined} error={error}>
          <Select
            items={offered}
            value={shown ?? (field.required ? null : NONE)}
            onValueChange={choose}
            disabled={disabled}
            className="max-w-80"
          />
        </Field>
      )}
    </div>
  )
}

/** Stands for no value: choosing it leaves the field out. */
const NONE = 'none'
