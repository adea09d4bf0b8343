'use client'
import { useState } from 'react'
import type { FieldError } from '@/components/schema-form/values'
import { Button } from '@/components/ui/button'
import { CheckboxField } from '@/components/ui/checkbox'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { Textarea } from '@/components/ui/textarea'
import type { JobView } from '@/lib/jobs/view'
import { type Command, commandInfo } from '@/lib/lifecycle/table'
import { StopNote } from '../stop-note'
import type { Draft, DraftErrors, Parameters } from './command-ask'
import { EditedInput } from './edited-input'
import { OldCallFields } from './old-call-fields'
import { AssigneeField, CommentField } from './people-fields'
import { PriorityField } from './priority-field'
import { ReasonField } from './reason-field'
import { SavedNotes, withNote } from './saved-notes'

export type CommandFieldsProps = {
  command: Command
  job: JobView
  parameters: Parameters
  draft: Draft
  errors: DraftErrors
  onChange: (draft: Draft) => void
}

/** One object: a new one would take the focus each time. */
const NO_ERRORS: readonly FieldError[] = []

const NOTE_LABELS: Partial<Record<Command, string>> = { snooze: 'Why it can wait', reschedule: 'Why it is due then' }

/** What a command needs to be told. */
export function CommandFields({ command, job, parameters, draft, errors, onChange }: CommandFieldsProps) {
  const note = commandInfo(command).note
  const set = (change: Partial<Draft>) => onChange({ ...draft, ...change })
  return (
    <>
      {(parameters.attempt || command === 'answer') && job.stop !== null && (
        <StopNote stop={job.stop} state={job.state} />
      )}
      {parameters.oldCall && (
        <OldCallFields jobId={job.id} choice={draft.oldCall} onChoice={(oldCall) => set({ oldCall })} />
      )}
      {parameters.mayBePaidTwice && (
        <div>
          <CheckboxField
            checked={draft.mayBePaidTwice}
            onCheckedChange={(checked) => set({ mayBePaidTwice: checked })}
            aria-invalid={errors.mayBePaidTwice !== undefined}
            aria-describedby={errors.mayBePaidTwice === undefined ? undefined : 'paid-twice-error'}
            label="I have read that this may be paid twice"
            hint="The older call may have been taken, and OpenAI may charge for both."
          />
          {errors.mayBePaidTwice !== undefined && (
            <p id="paid-twice-error" role="alert" className="text-sm text-danger-ink">
              {errors.mayBePaidTwice}
            </p>
          )}
        </div>
      )}
      {parameters.budget && (
        <Field
          label="Budget of this job, in US dollars"
          name="budgetUsd"
          optional
          hint="For all its attempts together, in place of what its workflow allows. For leads."
          error={errors.budgetUsd}
        >
          <Input
            inputMode="decimal"
            value={draft.budgetUsd}
            onChange={(event) => set({ budgetUsd: event.target.value })}
            className="w-40"
          />
        </Field>
      )}
      {parameters.attempt && (
        <AttemptFields job={job} draft={draft} errors={errors} set={set} asksForChanges={parameters.guidance} />
      )}
      {parameters.assignee && (
        <AssigneeField
          jobId={job.id}
          value={draft.assignee}
          error={errors.assignee}
          onChange={(assignee) => set({ assignee })}
        />
      )}
      {parameters.priority && (
        <PriorityField
          current={job.priority}
          value={draft.priority}
          error={errors.priority}
          onChange={(priority) => set({ priority })}
        />
      )}
      {parameters.until && (
        <Field
          label="Until"
          name="until"
          hint="In your own time zone, before it is due. It comes back to the inbox by itself."
          error={errors.dueAt}
        >
          <Input
            type="datetime-local"
            value={draft.dueAt}
            onChange={(event) => set({ dueAt: event.target.value })}
            className="w-fit"
          />
        </Field>
      )}
      {parameters.dueAt && (
        <Field
          label="New due time"
          name="dueAt"
          hint="In your own time zone. If nobody has acted by then, the job expires."
          error={errors.dueAt}
        >
          <Input
            type="datetime-local"
            value={draft.dueAt}
            onChange={(event) => set({ dueAt: event.target.value })}
            className="w-fit"
          />
        </Field>
      )}
      <ReasonField
        jobId={job.id}
        command={command}
        value={draft.reason}
        isNeeded={parameters.doubtful > 0 || command === 'abandon'}
        error={errors.reason}
        onChange={(reason) => set({ reason })}
      />
      {command === 'comment' && <CommentField jobId={job.id} draft={draft} error={errors.note} onChange={set} />}
      {note !== 'none' && command !== 'comment' && (
        <div className="flex flex-col gap-1">
          <Field
            label={NOTE_LABELS[command] ?? (note === 'required' ? 'Reason' : 'Note')}
            name="note"
            hint="Kept in the history for everybody who sees this job."
            optional={note === 'optional' && !parameters.until && parameters.doubtful === 0}
            error={errors.note}
          >
            <Textarea
              value={draft.note}
              rows={3}
              maxLength={10_000}
              onChange={(event) => set({ note: event.target.value })}
            />
          </Field>
          <SavedNotes jobId={job.id} onUse={(text) => set({ note: withNote(draft.note, text) })} />
        </div>
      )}
    </>
  )
}

type AttemptFieldsProps = {
  job: JobView
  draft: Draft
  errors: DraftErrors
  set: (change: Partial<Draft>) => void
  /** What should be different must be said. */
  asksForChanges: boolean
}

/** What the next attempt should do differently: guidance, or another input. */
function AttemptFields({ job, draft, errors, set, asksForChanges }: AttemptFieldsProps) {
  const [editing, setEditing] = useState(draft.input !== null || errors.input !== undefined)
  return (
    <>
      <Field
        label="What should be different"
        name="guidance"
        optional={!asksForChanges}
        hint={
          asksForChanges
            ? 'The model reads this with its instructions and makes a new attempt, which is paid for.'
            : 'The model reads this with its instructions. Left empty, the same is asked again.'
        }
        error={errors.guidance}
      >
        <Textarea
          value={draft.guidance}
          rows={3}
          maxLength={10_000}
          onChange={(event) => set({ guidance: event.target.value })}
        />
      </Field>
      <SavedNotes jobId={job.id} onUse={(text) => set({ guidance: withNote(draft.guidance, text) })} />
      {editing ? (
        <EditedInput
          schema={job.inputSchema}
          value={draft.input ?? job.input}
          errors={errors.input ?? NO_ERRORS}
          onChange={(input) => set({ input })}
          onDrop={() => {
            set({ input: null })
            setEditing(false)
          }}
        />
      ) : (
        <Button size="sm" className="w-fit" onClick={() => setEditing(true)}>
          Edit the input
        </Button>
      )}
    </>
  )
}
