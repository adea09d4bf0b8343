'use client'
import { useActionState } from 'react'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { answering } from '@/components/ui/no-answer'
import { Panel, PanelBody, PanelHeader } from '@/components/ui/panel'
import { Time } from '@/components/ui/time'
import { dollars } from '@/lib/money/micros'
import type { DayBudgetItem } from '@/lib/money/view'
import { type MoneyAction, otherwiseWrong, typedIn, wrongWith } from './outcome'

/** The budget of the whole installation for a day: what it is, who set it, and the way to set another. */
export function DayBudget({ budgets, enter }: { budgets: readonly DayBudgetItem[]; enter: MoneyAction }) {
  const [outcome, submit, pending] = useActionState(answering(enter), null)
  const [current, ...earlier] = budgets
  const problem = otherwiseWrong(outcome)
  const usd = typedIn(outcome, 'usd', current?.usd == null ? '' : String(current.usd))
  const note = typedIn(outcome, 'note')
  return (
    <Panel aria-labelledby="day-budget">
      <PanelHeader
        id="day-budget"
        title="Budget for a day"
        hint="Of all workflows together. Budgets for one job, one day and in all stand in each workflow."
      />
      <PanelBody className="flex flex-col gap-3">
        <p>
          {current?.usd == null ? 'There is none.' : `${dollars(current.usd)} a day.`}
          {current !== undefined && (
            <span className="text-muted">
              {' '}
              Set <Time value={current.createdAt} />
              {current.author !== null && ` by ${current.author}`}
              {current.note !== '' && `: ${current.note}`}
            </span>
          )}
        </p>
        <form action={submit} noValidate className="flex flex-wrap items-start gap-3">
          <Field
            label="US dollars a day"
            name="usd"
            hint="Left empty, there is none."
            error={wrongWith(outcome, 'usd')}
            className="w-56"
          >
            <Input
              key={`usd ${usd}`}
              inputMode="decimal"
              autoComplete="off"
              defaultValue={usd}
              className="tabular-nums"
            />
          </Field>
          <Field
            label="Note"
            name="note"
            optional
            hint="Why, for whoever looks back."
            error={wrongWith(outcome, 'note')}
            className="min-w-0 flex-1 basis-56"
          >
            <Input key={`note ${note}`} autoComplete="off" maxLength={500} defaultValue={note} />
          </Field>
          <Button type="submit" pending={pending} pendingLabel="Setting…" className="sm:mt-12">
            Set the budget
          </Button>
        </form>
        {problem !== null && (
          <Callout tone="danger" role="alert">
            {problem}
          </Callout>
        )}
        <p role="status" className="text-sm text-success-ink empty:hidden">
          {outcome?.ok ? outcome.message : ''}
        </p>
        {earlier.length > 0 && (
          <details>
            <summary className="w-fit cursor-pointer text-sm text-muted">Earlier budgets</summary>
            <ul className="mt-1 text-sm text-muted">
              {earlier.map(({ id, usd: before, author, createdAt, note: why }) => (
                <li key={id}>
                  {before === null ? 'None' : dollars(before)}, set <Time value={createdAt} format="exact" />
                  {author !== null && ` by ${author}`}
                  {why !== '' && `: ${why}`}
                </li>
              ))}
            </ul>
          </details>
        )}
      </PanelBody>
    </Panel>
  )
}
