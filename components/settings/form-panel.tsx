'use client'
import { type ReactNode, useId } from 'react'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { Panel, PanelBody, PanelHeader } from '@/components/ui/panel'
import { generalError, type Outcome } from '@/lib/access/outcome'

/** A form in a panel of its own, with one button and a place for what came of it. */
export function FormPanel(props: {
  title: string
  hint?: string
  submit: (form: FormData) => void
  outcome: Outcome<unknown> | null
  pending: boolean
  button: string
  pendingButton: string
  children: ReactNode
}) {
  const heading = useId()
  return (
    <Panel aria-labelledby={heading}>
      <PanelHeader id={heading} title={props.title} hint={props.hint} />
      <PanelBody>
        <form action={props.submit} className="flex max-w-88 flex-col gap-4">
          {props.children}
          <OutcomeLine outcome={props.outcome} />
          <Button
            type="submit"
            variant="primary"
            pending={props.pending}
            pendingLabel={props.pendingButton}
            className="self-start"
          >
            {props.button}
          </Button>
        </form>
      </PanelBody>
    </Panel>
  )
}

/** What came of it, read out. A refusal about one field stands at that field instead. */
export function OutcomeLine({ outcome }: { outcome: Outcome<unknown> | null }) {
  const problem = generalError(outcome)
  return (
    <>
      {problem !== null && (
        <Callout tone="danger" role="alert">
          {problem}
        </Callout>
      )}
      <p role="status" className="text-sm text-success-ink empty:hidden">
        {outcome?.ok ? outcome.message : ''}
      </p>
    </>
  )
}
