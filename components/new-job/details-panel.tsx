'use client'
import { useId } from 'react'
import { pointerAttribute } from '@/components/schema-form/focus-field'
import { errorAt, type FieldError } from '@/components/schema-form/values'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { Panel, PanelBody, PanelHeader } from '@/components/ui/panel'
import { Time } from '@/components/ui/time'
import type { Draft } from './draft'

/** How the job is found again, and by when it must be settled. All of it may be left empty. */
export function DetailsPanel(props: {
  draft: Draft
  onChange: (part: Partial<Draft>) => void
  errors: readonly FieldError[]
  disabled: boolean
}) {
  const { draft, onChange, errors, disabled } = props
  const id = useId()
  const at = draft.dueAt === '' ? Number.NaN : Date.parse(draft.dueAt)
  return (
    <Panel aria-labelledby={`${id}-title`}>
      <PanelHeader id={`${id}-title`} title="Details" />
      <PanelBody className="grid gap-4 sm:grid-cols-2">
        <div className="sm:col-span-2" {...{ [pointerAttribute]: '/title' }}>
          <Field
            label="Title"
            optional
            hint="How people find it in the list. Left empty, it is made from what you ask."
            error={errorAt(errors, '/title')}
          >
            <Input
              dir="auto"
              value={draft.title}
              disabled={disabled}
              onChange={(event) => onChange({ title: event.target.value })}
            />
          </Field>
        </div>
        <div {...{ [pointerAttribute]: '/reference' }}>
          <Field
            label="Reference"
            optional
            hint="A number of your own: a case, a ticket."
            error={errorAt(errors, '/reference')}
          >
            <Input
              dir="auto"
              value={draft.reference}
              disabled={disabled}
              onChange={(event) => onChange({ reference: event.target.value })}
            />
          </Field>
        </div>
        <div {...{ [pointerAttribute]: '/dueAt' }}>
          <Field
            label="Due"
            optional
            hint={
              Number.isNaN(at) ? (
                'If it is not done by then, it expires.'
              ) : (
                <>
                  If it is not done by then, <Time value={new Date(at).toISOString()} />, it expires.
                </>
              )
            }
            error={errorAt(errors, '/dueAt')}
          >
            <Input
              type="datetime-local"
              value={draft.dueAt}
              disabled={disabled}
              onChange={(event) => onChange({ dueAt: event.target.value })}
            />
          </Field>
        </div>
      </PanelBody>
    </Panel>
  )
}
