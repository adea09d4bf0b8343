'use client'
import { Field } from '@/components/ui/field'
import { Select } from '@/components/ui/select'
import { Part, TextField } from './form-parts'
import type { PartProps } from './who-part'

const AT_DEADLINE = [
  { value: 'expires', label: 'The job expires' },
  { value: 'escalates', label: 'The leads are told, and it waits on' },
] as const

/** How long a review may take, and how long an approval can be taken back. */
export function TimePart({ draft, problems, onChange }: PartProps) {
  return (
    <Part id="part-time" title="Time" hint="Nothing is ever approved because time has passed.">
      <div className="flex flex-wrap gap-x-6 gap-y-4">
        <TextField
          path="review.dueHours"
          label="Due after, in hours"
          isNumber
          value={draft.dueHours}
          problems={problems}
          onChange={(dueHours) => onChange({ dueHours })}
          className="w-56"
        />
        <Field label="When it is overdue" className="w-full sm:w-72">
          <Select
            items={AT_DEADLINE}
            value={draft.atDeadline}
            onValueChange={(atDeadline) => onChange({ atDeadline })}
          />
        </Field>
        {draft.atDeadline === 'escalates' && (
          <TextField
            path="review.escalateHours"
            label="It expires so many hours later"
            optional
            isNumber
            placeholder="24"
            value={draft.escalateHours}
            problems={problems}
            onChange={(escalateHours) => onChange({ escalateHours })}
            className="w-72"
          />
        )}
      </div>
      <TextField
        path="review.undoSeconds"
        label="An approval can be taken back for, in seconds"
        hint="0: never. What is to leave waits for so long."
        isNumber
        value={draft.undoSeconds}
        problems={problems}
        onChange={(undoSeconds) => onChange({ undoSeconds })}
      />
    </Part>
  )
}
