'use client'
import { useActionState } from 'react'
import { OutcomeLine } from '@/components/settings/form-panel'
import { Button } from '@/components/ui/button'
import { Checkbox } from '@/components/ui/checkbox'
import { cn } from '@/components/ui/cn'
import { answering } from '@/components/ui/no-answer'
import { Panel, PanelHeader } from '@/components/ui/panel'
import type { Outcome } from '@/lib/access/outcome'

export type ChoiceRow = {
  kind: string
  label: string
  hint: string
  isAlwaysInApp: boolean
  app: boolean
  email: boolean
}

const cell = 'flex w-14 shrink-0 justify-center sm:w-20'

/** A row for each kind of notice, with a box for the app and one for e-mail. */
export function ChoicesForm(props: {
  rows: readonly ChoiceRow[]
  save: (before: Outcome | null, form: FormData) => Promise<Outcome>
}) {
  const [outcome, submit, pending] = useActionState(answering(props.save), null)
  return (
    <Panel aria-labelledby="what">
      <PanelHeader id="what" title="What you are told" hint="You are never told of what you did yourself." />
      {/* React resets a form after its action, whatever came of it: boxes would show one thing and send another. */}
      <form action={submit} onReset={(event) => event.preventDefault()}>
        <div aria-hidden className="flex items-center gap-2 px-4 pt-2 text-sm text-faint">
          <span className="min-w-0 flex-1" />
          <span className={cn(cell, 'text-center whitespace-nowrap')}>App</span>
          <span className={cn(cell, 'text-center whitespace-nowrap')}>E-mail</span>
        </div>
        <ul className="divide-y divide-line">
          {props.rows.map((row) => (
            <Row key={`${row.kind} ${row.app} ${row.email}`} row={row} />
          ))}
        </ul>
        <div className="flex flex-col items-start gap-3 border-t border-line px-4 py-3">
          <p className="text-sm text-muted">
            A letter waits a minute, and is not sent where you have read the notice by then. Urgent ones leave at once.
          </p>
          <OutcomeLine outcome={outcome} />
          <Button type="submit" variant="primary" pending={pending} pendingLabel="Saving…">
            Save what I am told
          </Button>
        </div>
      </form>
    </Panel>
  )
}

function Row({ row }: { row: ChoiceRow }) {
  const { kind, label, hint, isAlwaysInApp, app, email } = row
  return (
    <li>
      <fieldset className="flex items-center gap-2 px-4 py-2">
        <legend className="sr-only">{label}</legend>
        <div className="min-w-0 flex-1">
          <p aria-hidden>{label}</p>
          <p className="text-sm text-muted">
            {hint}
            {isAlwaysInApp && ' Always shown in the app: somebody waits for you.'}
          </p>
        </div>
        <span className={cell}>
          <Checkbox
            name={`${kind}.app`}
            defaultChecked={app}
            disabled={isAlwaysInApp}
            aria-label={`In the app: ${label}`}
          />
        </span>
        <span className={cell}>
          <Checkbox name={`${kind}.email`} defaultChecked={email} aria-label={`By e-mail: ${label}`} />
        </span>
      </fieldset>
    </li>
  )
}
