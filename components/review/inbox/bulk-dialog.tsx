'use client'
import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { Dialog } from '@/components/ui/dialog'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { Select } from '@/components/ui/select'
import { Textarea } from '@/components/ui/textarea'
import { type BulkAsk, type BulkCommand, refusedBeforehand } from '@/lib/review/inbox-bulk'
import type { InboxItem } from '@/lib/review/view'
import { BulkOutcomes } from './bulk-outcomes'
import { BulkPreview } from './bulk-preview'
import { BULK_WORDS } from './bulk-words'
import { type DecideInBulk, useBulk } from './use-bulk'

export type Choices = {
  reasons: readonly { key: string; label: string; commands: readonly string[] }[]
  people: readonly { id: string; name: string }[]
}

export type BulkDialogProps = {
  command: BulkCommand
  /** As they stood when they were selected. */
  items: readonly InboxItem[]
  choices: Choices
  decide: DecideInBulk
  /** @param done whether anything was sent */
  onClose: (done: boolean) => void
}

type Draft = { note: string; reason: string; assignee: string; until: string }
const NONE = 'none'

/** One command for exactly these: who is in it and who is not, one note, and then what became of each. */
export function BulkDialog({ command, items, choices, decide, onClose }: BulkDialogProps) {
  const [draft, setDraft] = useState<Draft>({ note: '', reason: NONE, assignee: NONE, until: '' })
  const [errors, setErrors] = useState<Partial<Record<keyof Draft, string>>>({})
  const bulk = useBulk(decide)
  const words = BULK_WORDS[command]
  const until = draft.until === '' ? null : Date.parse(draft.until)
  const refused = items.flatMap((item) => {
    const why = refusedBeforehand(item, command, until)
    return why === null ? [] : [{ item, why }]
  })
  const meant = items.filter(({ id }) => !refused.some(({ item }) => item.id === id))
  const set = (change: Partial<Draft>) => setDraft((now) => ({ ...now, ...change }))

  function send() {
    const found = errorsOf(command, draft)
    setErrors(found)
    if (Object.keys(found).length > 0) return
    void bulk.run(meant, askOf(command, draft))
  }

  const isRunning = bulk.state === 'running'
  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open && !isRunning) onClose(bulk.state === 'done')
      }}
      title={`${words.label} ${meant.length === 1 ? 'this one' : `these ${meant.length}`}`}
      description={bulk.state === 'asking' ? words.consequence : undefined}
      className="sm:w-[min(44rem,calc(100vw-2rem))]"
      footer={
        bulk.state === 'asking' ? (
          <>
            <Button onClick={() => onClose(false)}>Cancel</Button>
            <Button variant={command === 'abandon' ? 'danger' : 'primary'} disabled={meant.length === 0} onClick={send}>
              {words.label} {meant.length}
            </Button>
          </>
        ) : isRunning ? (
          <Button onClick={bulk.stop}>Stop</Button>
        ) : (
          <Button variant="primary" onClick={() => onClose(true)}>
            Close
          </Button>
        )
      }
    >
      {bulk.state === 'asking' ? (
        <div className="flex flex-col gap-4">
          {meant.length === 0 && (
            <Callout tone="attention" title="None of these can be decided together">
              Below each says why. Open them one by one.
            </Callout>
          )}
          <BulkPreview meant={meant} refused={refused} />
          {meant.length > 0 && (
            <BulkFields command={command} draft={draft} errors={errors} choices={choices} onChange={set} />
          )}
        </div>
      ) : (
        <BulkOutcomes command={command} items={meant} outcomes={bulk.outcomes} isRunning={isRunning} />
      )}
    </Dialog>
  )
}

function BulkFields(props: {
  command: BulkCommand
  draft: Draft
  errors: Partial<Record<keyof Draft, string>>
  choices: Choices
  onChange: (change: Partial<Draft>) => void
}) {
  const { command, draft, errors, choices, onChange } = props
  const reasons = choices.reasons.filter(({ commands }) => commands.includes(command))
  return (
    <>
      {command === 'assign' && (
        <Field label="To" name="assignee" error={errors.assignee}>
          <Select
            items={[
              { value: NONE, label: 'Nobody' },
              ...choices.people.map(({ id, name }) => ({ value: id, label: name })),
            ]}
            value={draft.assignee}
            onValueChange={(assignee) => onChange({ assignee })}
            className="w-full sm:w-72"
          />
        </Field>
      )}
      {command === 'snooze' && (
        <Field
          label="Until"
          name="until"
          hint="In your own time zone. Each comes back to the inbox by itself."
          error={errors.until}
        >
          <Input
            type="datetime-local"
            value={draft.until}
            onChange={(event) => onChange({ until: event.currentTarget.value })}
            className="w-fit"
          />
        </Field>
      )}
      {reasons.length > 0 && (
        <Field
          label="Why"
          name="reason"
          optional={command !== 'abandon'}
          hint={
            command === 'approve'
              ? 'An approval that passes over a claim which nothing carries asks for a reason or a note.'
              : undefined
          }
          error={errors.reason}
        >
          <Select
            items={[
              { value: NONE, label: 'None of the list' },
              ...reasons.map(({ key, label }) => ({ value: key, label })),
            ]}
            value={draft.reason}
            onValueChange={(reason) => onChange({ reason })}
            className="w-full sm:w-72"
          />
        </Field>
      )}
      <Field
        label={command === 'retry' ? 'What should be different' : 'Note'}
        name="note"
        optional={command !== 'snooze'}
        hint={command === 'retry' ? 'The model is told this, in each of them.' : 'Kept in the history of each.'}
        error={errors.note}
      >
        <Textarea
          value={draft.note}
          rows={2}
          maxLength={10_000}
          onChange={(event) => onChange({ note: event.currentTarget.value })}
        />
      </Field>
    </>
  )
}

function errorsOf(command: BulkCommand, { note, reason, until }: Draft): Partial<Record<keyof Draft, string>> {
  if (command === 'abandon' && note.trim() === '' && reason === NONE) {
    return { note: 'Choose a reason above, or write one here: it is kept in the history.' }
  }
  if (command !== 'snooze') return {}
  const at = Date.parse(until)
  return {
    ...(Number.isNaN(at) ? { until: 'Choose a day and a time.' } : {}),
    ...(at <= Date.now() ? { until: 'That time has passed already. Choose a later one.' } : {}),
    ...(note.trim() === '' ? { note: 'Give a reason: others see why they are away.' } : {}),
  }
}

function askOf(command: BulkCommand, { note, reason, assignee, until }: Draft): Omit<BulkAsk, 'rows'> {
  const text = note.trim()
  return {
    command,
    ...(text === '' ? {} : command === 'retry' ? { guidance: text } : { note: text }),
    ...(reason === NONE ? {} : { reason }),
    ...(command === 'assign' ? { assignee: assignee === NONE ? null : assignee } : {}),
    ...(command === 'snooze' ? { until: new Date(until).toISOString() } : {}),
  }
}
