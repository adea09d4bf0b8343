'use client'
import { useActionState } from 'react'
import { OutcomeLine } from '@/components/settings/form-panel'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { answering } from '@/components/ui/no-answer'
import { Panel, PanelBody, PanelHeader } from '@/components/ui/panel'
import type { Outcome } from '@/lib/access/outcome'

/** Whether letters leave at all, and a way to try it. */
export function MailPanel(props: {
  isSetUp: boolean
  /** Whom letters are from. */
  from: string
  /** Where letters are kept without a server; null: not for this person to know. */
  folder: string | null
  /** Of the person; null: they have none yet. */
  email: string | null
  isAddressKnown: boolean
  sendTest: (before: Outcome | null) => Promise<Outcome>
}) {
  const { isSetUp, from, folder, email, isAddressKnown, sendTest } = props
  const [outcome, submit, pending] = useActionState(answering(sendTest), null)
  return (
    <Panel aria-labelledby="mail">
      <PanelHeader id="mail" title="E-mail" />
      <PanelBody className="flex flex-col items-start gap-3">
        {isSetUp ? (
          <p className="wrap-anywhere">
            Letters come from <span className="font-medium">{from}</span>
            {email === null ? '. You have no e-mail yet: enter it under Account.' : ` and go to ${email}.`}
          </p>
        ) : (
          <Callout tone="attention" title="No mail server is set up, so nobody gets any e-mail." className="w-full">
            {folder === null ? (
              'Letters are kept in a folder of the server instead. The operator can set up a mail server.'
            ) : (
              <>
                Letters are kept in the folder <code className="text-sm">{folder}</code> instead. Set{' '}
                <code className="text-sm">HOLDPOINT_SMTP_URL</code> and{' '}
                <code className="text-sm">HOLDPOINT_MAIL_FROM</code>, then restart.
              </>
            )}
          </Callout>
        )}
        {!isAddressKnown && (
          <p className="text-sm text-muted">
            Letters have no link: no lead has entered the address of this installation. They say which job to look for.
          </p>
        )}
        <form action={submit} className="flex flex-col items-start gap-3">
          <OutcomeLine outcome={outcome} />
          <Button type="submit" pending={pending} pendingLabel="Sending…">
            Send me a test
          </Button>
        </form>
      </PanelBody>
    </Panel>
  )
}
