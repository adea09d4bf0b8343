'use client'
import { FlaskConical } from 'lucide-react'
import { useId } from 'react'
import { pointerAttribute } from '@/components/schema-form/focus-field'
import { errorAt, type FieldError } from '@/components/schema-form/values'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { Panel, PanelBody } from '@/components/ui/panel'
import { SearchSelect } from '@/components/ui/search-select'
import { Select } from '@/components/ui/select'
import { behaviours, type RehearsedAttempts } from '@/lib/provider/rehearsal'
import { type BehaviourGroup, behaviourGroups, behaviourTexts, expectationOf } from '@/lib/sandbox/behaviours'
import type { Draft } from './draft'

const groups = (Object.keys(behaviourGroups) as BehaviourGroup[]).map((group) => ({
  label: behaviourGroups[group],
  items: behaviours
    .filter((behaviour) => behaviourTexts[behaviour].group === group)
    .map((value) => ({ value, label: behaviourTexts[value].label })),
}))

const attemptItems: { value: RehearsedAttempts; label: string }[] = [
  { value: 'first', label: 'Only the first attempt' },
  { value: 'every', label: 'Every attempt' },
]

/** Asks the sandbox to misbehave, so that a team can see what happens then. Never drawn where a model is called. */
export function RehearsalPanel(props: {
  rehearsal: Draft['rehearsal']
  onChange: (rehearsal: Draft['rehearsal']) => void
  errors: readonly FieldError[]
  disabled: boolean
}) {
  const { rehearsal, onChange, errors, disabled } = props
  const { behaviour, attempts } = rehearsal
  const own = behaviourTexts[behaviour].attempts
  const id = useId()
  return (
    <Panel aria-labelledby={`${id}-title`} className="border-dashed border-line-strong/70 bg-transparent">
      <PanelBody>
        <h2 id={`${id}-title`} className="flex items-center gap-2 text-base font-semibold">
          <FlaskConical aria-hidden className="size-4 text-faint" />
          Rehearse
        </h2>
        <p className="pb-3 text-sm text-muted">
          Only in the sandbox: it can end in every way in which OpenAI might, so that you see what happens then.
        </p>
        <div className="grid gap-4 sm:grid-cols-[minmax(0,1fr)_9rem]">
          <div {...{ [pointerAttribute]: '/rehearsal/behaviour' }}>
            <Field label="The sandbox should" error={errorAt(errors, '/rehearsal/behaviour')}>
              <SearchSelect
                groups={groups}
                value={behaviour}
                onValueChange={(chosen) => onChange({ behaviour: chosen, seconds: rehearsal.seconds })}
                searchLabel="Search, such as 429 or webhook"
                emptyText="Nothing is called so. Try another word."
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
          {own !== null && (
            <div {...{ [pointerAttribute]: '/rehearsal/attempts' }}>
              <Field label="In which attempts" error={errorAt(errors, '/rehearsal/attempts')}>
                <Select
                  items={attemptItems}
                  value={attempts ?? own}
                  onValueChange={(chosen) => onChange({ ...rehearsal, attempts: chosen })}
                  disabled={disabled}
                />
              </Field>
            </div>
          )}
        </div>
        <p aria-live="polite" className="pt-2 text-sm text-muted">
          {expectationOf(behaviour, attempts)}
        </p>
      </PanelBody>
    </Panel>
  )
}
