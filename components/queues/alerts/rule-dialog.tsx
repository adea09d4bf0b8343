'use client'
import { type ReactElement, useState } from 'react'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { CheckboxField } from '@/components/ui/checkbox'
import { Dialog, DialogClose } from '@/components/ui/dialog'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { answerOf } from '@/components/ui/no-answer'
import { Select } from '@/components/ui/select'
import { useToast } from '@/components/ui/toast'
import { alertKindInfo, alertKinds, type Unit } from '@/lib/alerts/kinds'
import type { AlertOutcome } from '@/lib/alerts/outcome'
import { LONGEST_ADDRESS, type RuleInput, type RuleView } from '@/lib/alerts/view'
import { type Draft, draftOf, inputOf } from './rule-draft'

type Props = {
  title: string
  button: string
  /** What it is now; absent: it is new. */
  rule?: RuleView
  recipients: readonly { id: string; name: string }[]
  workflows: readonly { key: string; name: string }[]
  save: (rule: RuleInput) => Promise<AlertOutcome>
}

/** One rule: from when on, and who is told. */
export function RuleDialog({ trigger, ...form }: Props & { trigger: ReactElement }) {
  const [open, setOpen] = useState(false)
  return (
    <Dialog open={open} onOpenChange={setOpen} title={form.title} trigger={trigger}>
      {open && <RuleForm {...form} close={() => setOpen(false)} />}
    </Dialog>
  )
}

/** No workflow has this key. */
const EACH = '*'
const THRESHOLD: Record<Unit, string> = {
  minutes: 'After how many minutes',
  share: 'From how many percent',
  count: 'From how many',
}

function RuleForm({ button, rule, recipients, workflows, save, close }: Props & { close: () => void }) {
  const toast = useToast()
  const [draft, setDraft] = useState(() => draftOf(rule?.kind ?? 'nothing_moves', rule, recipients))
  const [refused, setRefused] = useState<Extract<AlertOutcome, { ok: false }> | null>(null)
  const [pending, setPending] = useState(false)
  const info = alertKindInfo[draft.kind]
  const put = (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part }))
  async function submit() {
    setPending(true)
    const outcome = await answerOf(() => save(inputOf(draft))).finally(() => setPending(false))
    if (!outcome.ok) return setRefused(outcome)
    toast({ title: outcome.message, tone: 'success' })
    close()
  }
  const errors = refused?.errors ?? {}
  return (
    <form
      noValidate
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      {rule === undefined && (
        <Field label="What is looked for" name="kind">
          <Select
            items={alertKinds.map((kind) => ({ value: kind, label: alertKindInfo[kind].label }))}
            value={draft.kind}
            onValueChange={(kind) =>
              setDraft((before) => ({ ...draftOf(kind, undefined, recipients), people: before.people }))
            }
          />
        </Field>
      )}
      <p className="text-muted">{info.hint}</p>
      {info.isOfWorkflow && (
        <Field label="Workflow" name="workflow" error={errors.workflowKey}>
          <Select
            items={[
              { value: EACH, label: 'Each workflow' },
              ...workflows.map(({ key, name }) => ({ value: key, label: name })),
            ]}
            value={draft.workflowKey ?? EACH}
            onValueChange={(key) => put({ workflowKey: key === EACH ? null : key })}
          />
        </Field>
      )}
      <div className="grid gap-4 sm:grid-cols-3">
        <Field label={THRESHOLD[info.unit]} name="threshold" error={errors.threshold}>
          <Input
            inputMode="decimal"
            value={draft.threshold}
            onChange={(event) => put({ threshold: event.target.value })}
          />
        </Field>
        {info.usual.least !== null && (
          <Field label="Of at least so many calls" name="least" error={errors.least}>
            <Input inputMode="numeric" value={draft.least} onChange={(event) => put({ least: event.target.value })} />
          </Field>
        )}
        {info.usual.minutes !== null && (
          <Field label="In so many minutes" name="minutes" error={errors.minutes}>
            <Input
              inputMode="numeric"
              value={draft.minutes}
              onChange={(event) => put({ minutes: event.target.value })}
            />
          </Field>
        )}
      </div>
      <fieldset className="flex min-w-0 flex-col gap-0.5">
        <legend className="pb-1 font-medium">Who is told</legend>
        <p className="pb-1 text-sm text-muted">Nobody chosen: every lead and owner.</p>
        <div className="max-h-40 overflow-y-auto">
          {recipients.map(({ id, name }) => (
            <CheckboxField
              key={id}
              label={<bdi>{name}</bdi>}
              checked={draft.people.includes(id)}
              onCheckedChange={(isOn) =>
                put({ people: isOn ? [...draft.people, id] : draft.people.filter((other) => other !== id) })
              }
            />
          ))}
        </div>
        {errors.people !== undefined && <p className="text-sm text-danger-ink">{errors.people}</p>}
      </fieldset>
      <CheckboxField
        label="By e-mail too"
        hint="Whoever has switched e-mails of alerts off gets none."
        checked={draft.byEmail}
        onCheckedChange={(byEmail) => put({ byEmail })}
      />
      <Field
        label="Signed request to"
        name="address"
        optional
        hint={
          <>
            By Standard Webhooks, when it is found and when it is over. <code>holdpoint alerts secret</code> prints the
            secret.
          </>
        }
        error={errors.address}
      >
        <Input
          type="url"
          value={draft.address}
          maxLength={LONGEST_ADDRESS}
          placeholder="https://"
          autoComplete="off"
          onChange={(event) => put({ address: event.target.value })}
        />
      </Field>
      <CheckboxField label="Switched on" checked={draft.isOn} onCheckedChange={(isOn) => put({ isOn })} />
      {refused !== null && (
        <Callout tone="danger" role="alert">
          {refused.message}
        </Callout>
      )}
      <div className="flex justify-end gap-2">
        <DialogClose render={<Button />}>Cancel</DialogClose>
        <Button type="submit" variant="primary" pending={pending} pendingLabel="Saving…">
          {button}
        </Button>
      </div>
    </form>
  )
}
