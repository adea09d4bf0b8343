'use client'
import { RadioField } from '@/components/schema-form/radio-field'
import { SchemaForm } from '@/components/schema-form/schema-form'
import type { FieldError } from '@/components/schema-form/values'
import { Field } from '@/components/ui/field'
import { Textarea } from '@/components/ui/textarea'
import type { ToolCallView } from '@/lib/jobs/view'
import {
  type AnswerErrors,
  type CallDraft,
  type Choice,
  fieldsIn,
  isEditable,
  leavingArguments,
  pointerOf,
} from './answer-drafts'

export type CallAnswerProps = {
  call: ToolCallView
  draft: CallDraft
  errors: AnswerErrors
  onDraft: (draft: CallDraft) => void
}

/** One object: a new one would take the focus each time. */
const NO_ERRORS: readonly FieldError[] = []

/** What becomes of one call: allowed as it is, allowed with other arguments, or denied with a reason. */
export function CallAnswer({ call, draft, errors, onDraft }: CallAnswerProps) {
  const editable = isEditable(call)
  const items: { value: Choice; label: string; hint?: string }[] = [
    { value: 'allow', label: 'Allow it, with exactly these arguments' },
    ...(editable ? [{ value: 'edit' as const, label: 'Edit the arguments, then allow it' }] : []),
    { value: 'deny', label: 'Deny it', hint: 'It is not made. The model reads your reason and goes on without it.' },
  ]
  return (
    <div className="flex flex-col gap-3 border-t border-line pt-3">
      <RadioField
        label="Your answer"
        hint={
          call.kind === 'mcp'
            ? 'The provider makes this call with its own copy of the arguments, so they cannot be edited here.'
            : undefined
        }
        items={items}
        value={draft.choice}
        error={errors.choice}
        required
        onValueChange={(choice) => onDraft({ ...draft, choice: choice as Choice })}
      />
      {draft.choice === 'edit' && call.parameters !== null && (
        <fieldset className="rounded-md border border-line px-3 pt-1 pb-3">
          <legend className="px-1 font-medium">Arguments to allow</legend>
          <SchemaForm
            schema={call.parameters}
            pointer={pointerOf(call)}
            value={fieldsIn(leavingArguments(call, draft)) ?? {}}
            errors={errors.arguments ?? NO_ERRORS}
            onChange={(edited) => onDraft({ ...draft, edited })}
          />
        </fieldset>
      )}
      {draft.choice === 'deny' && (
        <Field label="Reason" name={`reason-${call.id}`} hint="Goes to the model, word for word." error={errors.reason}>
          <Textarea
            value={draft.reason}
            rows={3}
            maxLength={4_000}
            onChange={(event) => onDraft({ ...draft, reason: event.target.value })}
          />
        </Field>
      )}
    </div>
  )
}
