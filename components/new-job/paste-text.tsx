'use client'
import { pointerAttribute } from '@/components/schema-form/focus-field'
import { Button } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { Textarea } from '@/components/ui/textarea'
import type { Draft } from './draft'

type Paste = Draft['paste']

const count = new Intl.NumberFormat('en')

/** Text that was copied from somewhere, made into a document with a name. */
export function PasteText(props: {
  paste: Paste
  onChange: (paste: Paste) => void
  onAdd: () => void
  /** The name that it gets where none is typed. */
  fallbackName: string
  error: string | null
  disabled: boolean
}) {
  const { paste, onChange, onAdd, fallbackName, error, disabled } = props
  const isEmpty = paste.text.trim() === ''
  return (
    <div {...{ [pointerAttribute]: '/paste' }} className="flex flex-col gap-3 border-b border-line bg-sunken px-4 py-3">
      <Field
        label="Text"
        hint={isEmpty ? 'Paste or type it here.' : `${count.format(paste.text.length)} characters`}
        error={error}
      >
        <Textarea
          rows={6}
          // The person has just asked for this field.
          autoFocus
          dir="auto"
          value={paste.text}
          disabled={disabled}
          onChange={(event) => onChange({ ...paste, text: event.target.value })}
        />
      </Field>
      <Field label="Name of the document" hint={`Left empty, it is “${fallbackName}”.`}>
        <Input
          value={paste.name}
          disabled={disabled}
          maxLength={200}
          onChange={(event) => onChange({ ...paste, name: event.target.value })}
          className="max-w-80"
        />
      </Field>
      <div className="flex gap-2">
        <Button disabled={disabled || isEmpty} onClick={onAdd}>
          Add as a document
        </Button>
        <Button variant="ghost" disabled={disabled} onClick={() => onChange({ open: false, name: '', text: '' })}>
          {isEmpty ? 'Close' : 'Discard the text'}
        </Button>
      </div>
    </div>
  )
}
