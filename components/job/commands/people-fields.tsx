'use client'
import { useQuery } from '@tanstack/react-query'
import { Button } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { Select } from '@/components/ui/select'
import { Textarea } from '@/components/ui/textarea'
import { deskOptions } from '../queries'
import { type Draft, nameBeingTyped } from './command-ask'

const NOBODY = 'nobody'
/** More names than this are found faster by another letter. */
const OFFERED = 5

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
  return (
    <Field
      label="To"
      name="assignee"
      error={error ?? (isError ? 'The people could not be read. Close this and try again.' : undefined)}
    >
      <Select
        items={[{ value: NOBODY, label: 'Nobody' }, ...people.map(({ id, name }) => ({ value: id, label: name }))]}
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
  const typed = nameBeingTyped(draft.note)
  const people = data?.people ?? []
  const found =
    typed === null
      ? []
      : people.filter(({ name }) => name.toLowerCase().includes(typed.toLowerCase())).slice(0, OFFERED)
  const isWhole = found.length === 1 && found[0]?.name === typed?.trim()

  function choose(person: { id: string; name: string }) {
    const at = draft.note.lastIndexOf('@')
    onChange({
      note: `${draft.note.slice(0, at)}@${person.name} `,
      mentions: [...draft.mentions, { id: person.id, name: person.name }],
    })
    // Writing goes on where it was.
    document.querySelector<HTMLTextAreaElement>('textarea[name="note"]')?.focus()
  }

  return (
    <div className="flex flex-col gap-2">
      <Field
        label="Comment"
        name="note"
        hint="Kept in the history for everybody who sees this job. Write @ and a name to tell somebody of it."
        error={error}
      >
        <Textarea
          name="note"
          value={draft.note}
          rows={3}
          maxLength={10_000}
          onChange={(event) => onChange({ note: event.target.value })}
        />
      </Field>
      <div role="status" className="flex min-h-7 flex-wrap items-center gap-1.5">
        {typed !== null && !isWhole && (
          <>
            <span className="text-sm text-muted">{found.length === 0 ? 'Nobody of that name.' : 'Tell:'}</span>
            {found.map((person) => (
              <Button key={person.id} size="sm" onClick={() => choose(person)}>
                {person.name}
              </Button>
            ))}
          </>
        )}
      </div>
    </div>
  )
}
