'use client'
import { useActionState, useState } from 'react'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { Dialog } from '@/components/ui/dialog'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { answering } from '@/components/ui/no-answer'
import { Select } from '@/components/ui/select'
import { type MoneyAction, otherwiseWrong, typedIn, wrongWith } from './outcome'

type PriceDialogProps = {
  /** ISO date, UTC. */
  today: string
  enter: MoneyAction
  /** What its button says. */
  label: string
  variant?: 'primary' | 'secondary' | 'ghost'
  /** What the price is of, where that is clear already. */
  kind?: 'model' | 'tool'
  name?: string
}

/** Enters a price: a new row of the list, from a day on, with where it is from. */
export function PriceDialog(props: PriceDialogProps) {
  const [open, setOpen] = useState(false)
  return (
    <Dialog
      open={open}
      onOpenChange={setOpen}
      title="Enter a price"
      description="Prices are only added. A wrong one is corrected by another for the same day: the newest counts."
      trigger={
        <Button size={props.variant === 'primary' ? 'md' : 'sm'} variant={props.variant}>
          {props.label}
        </Button>
      }
    >
      {open && <PriceForm {...props} close={() => setOpen(false)} />}
    </Dialog>
  )
}

const KINDS = [
  { value: 'model', label: 'A model', hint: 'For a million tokens.' },
  { value: 'tool', label: 'A tool', hint: 'For one call.' },
] as const

function PriceForm({
  today,
  enter,
  kind: givenKind = 'model',
  name = '',
  close,
}: PriceDialogProps & { close: () => void }) {
  const [outcome, submit, pending] = useActionState(answering(enter), null)
  const [kind, setKind] = useState<'model' | 'tool'>(givenKind)
  if (outcome?.ok) {
    return (
      <div className="flex flex-col gap-4">
        <p role="status">{outcome.message}</p>
        <Button className="self-end" onClick={close}>
          Done
        </Button>
      </div>
    )
  }
  const text = (field: string, otherwise = '') => ({
    key: `${field} ${typedIn(outcome, field, otherwise)}`,
    defaultValue: typedIn(outcome, field, otherwise),
    autoComplete: 'off',
  })
  const problem = otherwiseWrong(outcome)
  return (
    <form action={submit} className="flex flex-col gap-4" noValidate>
      <input type="hidden" name="kind" value={kind} />
      <Field
        label="Price of"
        hint={kind === 'model' ? 'In US dollars for a million tokens.' : 'In US dollars for one call.'}
      >
        <Select items={KINDS} value={kind} onValueChange={setKind} />
      </Field>
      <Field
        label="Name"
        name="name"
        hint={
          kind === 'model'
            ? 'As in the workflow: gpt-5.5. For a service tier gpt-5.5:flex, for more than 272,000 input tokens gpt-5.5:long.'
            : 'web_search, file_search or code_interpreter.'
        }
        error={wrongWith(outcome, 'name')}
      >
        <Input {...text('name', name)} />
      </Field>
      {kind === 'model' ? (
        <div className="grid gap-4 sm:grid-cols-3">
          <Amount label="Input" name="input" error={wrongWith(outcome, 'input')} {...text('input')} />
          <Amount label="Cached" name="cached" optional error={wrongWith(outcome, 'cached')} {...text('cached')} />
          <Amount label="Output" name="output" error={wrongWith(outcome, 'output')} {...text('output')} />
        </div>
      ) : (
        <Amount label="One call" name="call" error={wrongWith(outcome, 'call')} {...text('call')} />
      )}
      <Field
        label="From the day"
        name="validFrom"
        hint="Calls sent on that day (UTC) or later cost this."
        error={wrongWith(outcome, 'validFrom')}
      >
        <Input type="date" {...text('validFrom', today)} />
      </Field>
      <Field
        label="Source"
        name="source"
        hint="Where it is from: a page and its date, or a contract."
        error={wrongWith(outcome, 'source')}
      >
        <Input {...text('source')} maxLength={1_000} />
      </Field>
      {problem !== null && (
        <Callout tone="danger" role="alert">
          {problem}
        </Callout>
      )}
      <Button type="submit" variant="primary" pending={pending} pendingLabel="Entering…" className="self-end">
        Enter the price
      </Button>
    </form>
  )
}

function Amount(props: { label: string; name: string; optional?: boolean; error?: string; defaultValue: string }) {
  const { label, name, optional, error, defaultValue } = props
  return (
    <Field label={`${label} ($)`} name={name} optional={optional} error={error}>
      <Input inputMode="decimal" autoComplete="off" defaultValue={defaultValue} className="tabular-nums" />
    </Field>
  )
}
