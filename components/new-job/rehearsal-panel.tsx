'use client'
import { FlaskConical } from 'lucide-react'
import { useId } from 'react'
import { pointerAttribute } from '@/components/schema-form/focus-field'
import { errorAt, type FieldError } from '@/components/schema-form/values'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { Panel, PanelBody } from '@/components/ui/panel'
import { Select } from '@/components/ui/select'
import { behaviours } from '@/lib/provider/types'
import { behaviourTexts } from '@/lib/sandbox/behaviours'
import type { Draft } from './draft'

const items = behaviours.map((value) => ({ value, label: behaviourTexts[value].label }))

/** Asks the sandbox to misbehave, so that a team can see what happens then. Never drawn where a model is called. */
export function RehearsalPanel(props: {
  rehearsal: Draft['rehearsal']
  onChange: (rehearsal: Draft['rehearsal']) => void
  errors: readonly FieldError[]
  disabled: boolean
}) {
  const { rehearsal, onChange, errors, disabled } = props
  const id = useId()
  return (
    <Panel aria-labelledby={`${id}-title`} className="border-dashed border-line-strong/70 bg-transparent">
      <PanelBody>
        <h2 id={`${id}-title`} className="flex items-center gap-2 text-base font-semibold">
          <FlaskConical aria-hidden className="size-4 text-faint" />
          Rehearse
        </h2>
        <p className="pb-3 text-sm text-muted">
          Only in the sandbox: it can misbehave as OpenAI might, so that you see what happens then.
        </p>
        <div className="grid gap-4 sm:grid-cols-[minmax(0,1fr)_9rem]">
          <div {...{ [pointerAttribute]: '/rehearsal/behaviour' }}>
            <Field label="The sandbox should" error={errorAt(errors, '/rehearsal/behaviour')}>
              <Select
                items={items}
                value={rehearsal.behaviour}
                onValueChange={(behaviour) => onChange({ ...rehearsal, behaviour })}
                disabled={disabled}
              />
            </Field>
          </div>
          <div {...{ [pointerAttribute]: '/rehearsal/seconds' }}>
            <Field label="Seconds" optional error={errorAt(errors, '/rehearsal/seconds')}>
              <Input
                inputMode="decimal"
                value={rehearsal.seconds}
                disabled={disabled}
                onChange={(event) => onChange({ ...rehearsal, seconds: event.target.value })}
              />
            </Field>
          </div>
        </div>
        <p className="pt-2 text-sm text-muted">{behaviourTexts[rehearsal.behaviour].expect}</p>
      </PanelBody>
    </Panel>
  )
}
