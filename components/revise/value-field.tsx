'use client'
import { Plus, X } from 'lucide-react'
import { useState } from 'react'
import { pointerAttribute } from '@/components/schema-form/focus-field'
import { errorAt, type FieldError } from '@/components/schema-form/values'
import { Button } from '@/components/ui/button'
import { CheckboxField } from '@/components/ui/checkbox'
import { Field } from '@/components/ui/field'
import { IconButton } from '@/components/ui/icon-button'
import { Input } from '@/components/ui/input'
import { Select } from '@/components/ui/select'
import { Textarea } from '@/components/ui/textarea'
import { removeAt, setAt } from '@/lib/compare/edited-text'
import { pointerOf, type Step } from '@/lib/compare/json'
import { ListField } from './list-field'
import { emptyValue, propertiesOf, type Schema, type Shape, shapeOf, titleOf } from './schema-at'

export type ValueFieldProps = {
  /** What it is called. */
  label: string
  /** Read aloud, not shown: where the place already says what it is. */
  hideLabel?: boolean
  schema: Schema
  root: Schema
  value: unknown
  path: readonly Step[]
  errors: readonly FieldError[]
  disabled: boolean
  /** Changes the whole value, of which this is a part. */
  edit: (change: (whole: unknown) => unknown) => void
}

/** One value of a result, in the control that its schema and its kind ask for; its parts within it. */
export function ValueField(props: ValueFieldProps) {
  const { schema, root, value, path } = props
  const shape = shapeOf(schema, root, value)
  if (shape.kind === 'list') return <ListField {...props} shape={shape} value={Array.isArray(value) ? value : []} />
  if (shape.kind === 'object') return <Group {...props} shape={shape} />
  return (
    <div {...{ [pointerAttribute]: pointerOf(path) }} className="flex min-w-0 flex-col gap-1">
      <Simple {...props} shape={shape} />
    </div>
  )
}

type SimpleProps = ValueFieldProps & { shape: Shape }

function Simple(props: SimpleProps) {
  const { label, hideLabel, shape, value, path, errors, disabled, edit, root } = props
  const error = errorAt(errors, pointerOf(path))
  const set = (to: unknown) => edit((whole) => setAt(whole, path, to))
  const field = { label: <span className="inline-block first-letter:uppercase">{label}</span>, hideLabel, error }
  switch (shape.kind) {
    case 'nothing':
      return (
        <div className="flex flex-wrap items-center gap-2">
          <span className={hideLabel ? 'sr-only' : 'inline-block font-medium first-letter:uppercase'}>{label}</span>
          <span className="text-muted">not stated</span>
          <Button
            size="sm"
            disabled={disabled}
            aria-label={`State it: ${label}`}
            onClick={() => set(emptyValue({ ...shape.schema, type: statedType(shape.schema) }, root))}
          >
            State it
          </Button>
          {error !== null && <p className="w-full text-sm text-danger-ink">{error}</p>}
        </div>
      )
    case 'boolean':
      return (
        <CheckboxField
          label={field.label}
          hint={error !== null && <span className="text-danger-ink">{error}</span>}
          checked={value === true}
          onCheckedChange={(checked) => set(checked)}
          disabled={disabled}
        />
      )
    case 'choice': {
      const chosen = shape.choices.findIndex((choice) => JSON.stringify(choice.value) === JSON.stringify(value))
      return (
        <Field {...field}>
          <Select
            items={shape.choices.map((choice, index) => ({ value: String(index), label: choice.label }))}
            value={chosen < 0 ? null : String(chosen)}
            onValueChange={(index) => set(shape.choices[Number(index)]?.value)}
            disabled={disabled}
            className="max-w-80"
          />
          <Unstate {...props} />
        </Field>
      )
    }
    case 'number':
      return (
        <Field {...field}>
          <NumberInput value={value} onChange={set} disabled={disabled} />
          <Unstate {...props} />
        </Field>
      )
    default:
      return (
        <Field {...field}>
          <Textarea
            dir="auto"
            rows={1}
            value={typeof value === 'string' ? value : ''}
            onChange={(event) => set(event.target.value)}
            disabled={disabled}
            className="max-h-[60dvh] min-h-8 resize-y"
          />
          <Unstate {...props} />
        </Field>
      )
  }
}

/** What a value becomes once it is stated: the first of its types that is something. */
function statedType({ type }: Schema): unknown {
  return Array.isArray(type) ? type.find((one) => one !== 'null') : type
}

/** Takes a value back to "not stated", where its schema has that. */
function Unstate({ shape, path, label, edit, disabled }: SimpleProps) {
  if (!shape.isNullable) return null
  return (
    <Button
      variant="ghost"
      size="sm"
      disabled={disabled}
      className="w-fit"
      aria-label={`Leave it unstated: ${label}`}
      onClick={() => edit((whole) => setAt(whole, path, null))}
    >
      <X aria-hidden />
      Leave it unstated
    </Button>
  )
}

/** What is typed stays as typed ("1.", "-") until it is a number; until then it is kept as text, which is a fault. */
function NumberInput({
  value,
  onChange,
  disabled,
}: {
  value: unknown
  onChange: (to: unknown) => void
  disabled: boolean
}) {
  const [typed, setTyped] = useState(() => shownNumber(value))
  const text = meant(typed) === value ? typed : shownNumber(value)
  return (
    <Input
      value={text}
      inputMode="decimal"
      disabled={disabled}
      className="max-w-48"
      onChange={(event) => {
        setTyped(event.target.value)
        onChange(meant(event.target.value))
      }}
    />
  )
}

const shownNumber = (value: unknown) => (value === null || value === undefined ? '' : String(value))

function meant(typed: string): unknown {
  if (typed.trim() === '') return null
  const number = Number(typed)
  return Number.isFinite(number) ? number : typed
}

/** The fields of an object, those of its schema that are missing to be added, and those that it need not have to remove. */
function Group(props: ValueFieldProps & { shape: Shape }) {
  const { label, hideLabel, shape, root, value, path, errors, disabled, edit } = props
  const properties = propertiesOf(shape.schema)
  const required = Array.isArray(shape.schema.required) ? shape.schema.required : []
  const fields = Object.entries(value as Record<string, unknown>)
  const missing = Object.entries(properties).filter(([name]) => !Object.hasOwn(value as object, name))
  const own = errors.filter((error) => error.pointer === pointerOf(path))
  return (
    <fieldset {...{ [pointerAttribute]: pointerOf(path) }} className="flex min-w-0 flex-col gap-3">
      <legend className={hideLabel || path.length === 0 ? 'sr-only' : 'mb-1 font-medium first-letter:uppercase'}>
        {label}
      </legend>
      {own.map((error) => (
        <p key={error.detail} className="text-sm text-danger-ink">
          {error.detail}
        </p>
      ))}
      {fields.map(([name, of]) => {
        const title = titleOf(properties[name] ?? {}, name)
        return (
          <div key={name} className="flex min-w-0 items-start gap-1">
            <div className="min-w-0 flex-1">
              <ValueField
                label={title}
                schema={properties[name] ?? {}}
                root={root}
                value={of}
                path={[...path, name]}
                errors={errors}
                disabled={disabled}
                edit={edit}
              />
            </div>
            {!required.includes(name) && (
              <IconButton
                label={`Remove ${title}`}
                size="sm"
                disabled={disabled}
                onClick={() => edit((whole) => removeAt(whole, [...path, name]))}
              >
                <X aria-hidden />
              </IconButton>
            )}
          </div>
        )
      })}
      {missing.map(([name, of]) => (
        <div key={name} className="flex flex-col gap-1">
          <Button
            size="sm"
            variant="ghost"
            disabled={disabled}
            className="w-fit"
            onClick={() => edit((whole) => setAt(whole, [...path, name], emptyValue(of, root)))}
          >
            <Plus aria-hidden />
            Add {titleOf(of, name)}
          </Button>
          {required.includes(name) && (
            <p className="text-sm text-danger-ink">{errorAt(errors, pointerOf([...path, name]))}</p>
          )}
        </div>
      ))}
    </fieldset>
  )
}
