'use client'
import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { Field } from '@/components/ui/field'
import { Panel, PanelBody, PanelHeader } from '@/components/ui/panel'
import { Textarea } from '@/components/ui/textarea'
import type { DryRun } from '@/lib/rules/trial'
import type { Rule } from '@/lib/rules/types'
import type { RulesActions, RulesRefusal } from './actions'
import { DryRunView } from './dry-run-view'

export type PublishPanelProps = {
  rules: Rule[]
  basedOn: number
  /** "1 added": what is different from what is in force. */
  changes: string
  actions: RulesActions
  onPublished: (version: number) => void
  onDrop: () => void
}

/** From a draft to rules in force: first tried out on what failed, then published with a note. */
export function PublishPanel({ rules, basedOn, changes, actions, onPublished, onDrop }: PublishPanelProps) {
  const [dryRun, setDryRun] = useState<DryRun | null>(null)
  const [note, setNote] = useState('')
  const [pending, setPending] = useState<'dry run' | 'publish' | null>(null)
  const [refusal, setRefusal] = useState<RulesRefusal | null>(null)

  async function run(what: 'dry run' | 'publish') {
    setPending(what)
    setRefusal(null)
    try {
      if (what === 'dry run') {
        const outcome = await actions.tryOut(rules)
        if (outcome.ok) setDryRun(outcome.dryRun)
        else setRefusal(outcome)
      } else if (dryRun !== null) {
        const outcome = await actions.publish({ rules, note, basedOn, tried: dryRun.hash })
        if (outcome.ok) onPublished(outcome.version)
        else setRefusal(outcome)
      }
    } catch {
      setRefusal({ ok: false, message: 'The server could not be reached. Nothing was changed; try again.', errors: [] })
    } finally {
      setPending(null)
    }
  }

  const noteError = refusal?.errors.find(({ pointer }) => pointer === '/note')?.detail
  return (
    <Panel aria-label="Draft" className="border-informative/40">
      <PanelHeader
        title={`Draft: ${changes}`}
        hint="Nothing changes before it is published. A dry run shows what it would have done."
        actions={
          <>
            <Button onClick={onDrop}>Drop the draft</Button>
            <Button
              variant={dryRun === null ? 'primary' : 'secondary'}
              pending={pending === 'dry run'}
              pendingLabel="Trying…"
              onClick={() => run('dry run')}
            >
              Dry run
            </Button>
          </>
        }
      />
      {(dryRun !== null || refusal !== null) && (
        <PanelBody className="flex flex-col gap-4">
          {refusal !== null && noteError === undefined && (
            <Callout tone="danger" role="alert" title={refusal.message}>
              {refusal.errors.map(({ pointer, detail }) => (
                <p key={pointer}>{detail}</p>
              ))}
            </Callout>
          )}
          {dryRun !== null && (
            <>
              <DryRunView dryRun={dryRun} />
              <Field
                label="What you changed and why"
                name="note"
                hint="Kept with the version, for everybody who reads the rules."
                error={noteError}
              >
                <Textarea value={note} rows={2} maxLength={1_000} onChange={(event) => setNote(event.target.value)} />
              </Field>
              <Button
                variant="primary"
                className="self-end"
                pending={pending === 'publish'}
                pendingLabel="Publishing…"
                onClick={() => run('publish')}
              >
                Publish as version {basedOn + 1}
              </Button>
            </>
          )}
        </PanelBody>
      )}
    </Panel>
  )
}
