'use client'
import { useQuery } from '@tanstack/react-query'
import { Field } from '@/components/ui/field'
import { Select } from '@/components/ui/select'
import { deskOptions } from '../queries'
import type { Draft } from './command-ask'
import { MentionTextarea } from './mention-textarea'

const NOBODY = 'nobody'

/** Whom it is assigned to, of those who may decide. */
export function AssigneeField(props: {
  jobId: string
  value: string
  error?: string
  onChange: (assignee: string) => void
}) {
  const { jobId, value, error, onChange } = props
  const { data, isError } = useQuery(deskOptions(jobId))
  const people = (data?.people ?? []).filter(({ mayDecide }) => mayDecide)
  const unread = isError ? 'Not read' : 'Reading who may decide…'
  return (
    <Field
      label="To"
      name="assignee"
      error={error ?? (isError ? 'The people could not be read. Close this and try again.' : undefined)}
    >
      <Select
        items={
          // Nobody can be chosen before it is known who else.
          data === undefined
            ? [{ value: value === '' ? NOBODY : value, label: unread }]
            : [{ value: NOBODY, label: 'Nobody' }, ...people.map(({ id, name }) => ({ value: id, label: name }))]
        }
        value={value === '' ? NOBODY : value}
        onValueChange={(id) => onChange(id === NOBODY ? '' : id)}
        className="w-full sm:w-72"
      />
    </Field>
  )
}

/** A comment in which people can be named after an "@": they are told of it. */
export function CommentField(props: {
  jobId: string
  draft: Pick<Draft, 'note' | 'mentions'>
  error?: string
  onChange: (change: Partial<Draft>) => void
}) {
  const { jobId, draft, error, onChange } = props
  const { data } = useQuery(deskOptions(jobId))
  return (
    <Field
      label="Comment"
      name="note"
      hint="Kept in the history for everybody who sees this job. Write @ and a name to tell somebody of it."
      error={error}
    >
      <MentionTextarea
        people={data?.people ?? []}
        value={draft.note}
        mentions={draft.mentions}
        onChange={(note, mentions) => onChange({ note, mentions })}
        name="note"
        rows={3}
        maxLength={10_000}
      />
    </Field>
  )
}
