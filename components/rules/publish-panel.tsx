'use client'
import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { Field } from '@/components/ui/field'
import { Panel, PanelBody, PanelHeader } from '@/components/ui/panel'
import { Textarea } from '@/components/ui/textarea'
import { changesWords, type RuleChanges } from '@/lib/rules/compare'
import type { DryRun } from '@/lib/rules/trial'
import type { Rule } from '@/lib/rules/types'
import type { RulesActions, RulesRefusal } from './actions'
import { ChangeList } from './change-list'
import { DryRunView } from './dry-run-view'
import type { RulesDraft } from './use-rules-draft'

export type PublishPanelProps = {
  draft: RulesDraft
  /** The version in force. Another than the draft was made from: somebody published meanwhile. */
  inForce: number
  /** What is different from what the draft was made from. */
  changes: RuleChanges
  actions: RulesActions
  onNote: (note: string) => void
  onPublished: (version: number) => void
  /** It was refused because somebody published meanwhile, or for another reason that a fresh page shows. */
  onRefused: () => void
  /** Puts the changes on top of what is in force by now. */
  onNewer: () => void
  onDrop: () => void
}

/** From a draft to rules in force: first tried out on what failed, then published with a note. */
export function PublishPanel(props: PublishPanelProps) {
  const { draft, inForce, changes, actions, onNote, onPublished, onRefused, onNewer, onDrop } = props
  const { rules, note, basedOn } = draft
  const [tried, setTried] = useState<{ rules: Rule[]; dryRun: DryRun } | null>(null)
  const [pending, setPending] = useState<'dry run' | 'publish' | null>(null)
  const [refusal, setRefusal] = useState<RulesRefusal | null>(null)
  // What was tried out belongs to these very rules.
  const dryRun = tried !== null && JSON.stringify(tried.rules) === JSON.stringify(rules) ? tried.dryRun : null
  const isBehind = basedOn !== inForce

  async function run(what: 'dry run' | 'publish') {
    setPending(what)
    setRefusal(null)
    try {
      if (what === 'dry run') {
        const outcome = await actions.tryOut(rules)
        if (outcome.ok) setTried({ rules, dryRun: outcome.dryRun })
        else setRefusal(outcome)
      } else if (dryRun !== null) {
        const outcome = await actions.publish({ rules, note, basedOn, tried: dryRun.hash })
        if (outcome.ok) return onPublished(outcome.version)
        setRefusal(outcome)
        onRefused()
      }
    } catch {
      setRefusal({ ok: false, message: NO_ANSWER[what], errors: [] })
    } finally {
      setPending(null)
    }
  }

  const whyNotYet = waitsFor({ isTried: dryRun !== null, wasTried: tried !== null, isBehind, note })
  const noteError = refusal?.errors.find(({ pointer }) => pointer === '/note')?.detail
  return (
    <Panel aria-labelledby="draft" className="border-informative/40">
      <PanelHeader
        id="draft"
        title={`Draft: ${changesWords(changes)}`}
        hint="Kept in this tab. Nothing changes before it is published."
      />
      <PanelBody className="flex flex-col gap-4">
        {isBehind && (
          <Callout
            tone="attention"
            title={`This draft was made from version ${basedOn}, and version ${inForce} is in force by now.`}
            actions={
              <Button
                size="sm"
                onClick={() => {
                  setRefusal(null)
                  onNewer()
                }}
              >
                Put these changes on top of version {inForce}
              </Button>
            }
          >
            It cannot be published as it is: it would undo what was published meanwhile.
          </Callout>
        )}
        <ChangeList changes={changes} />
        {refusal !== null && noteError === undefined && (
          <Callout tone="danger" role="alert" title={refusal.message}>
            {refusal.errors.map(({ pointer, detail }) => (
              <p key={pointer}>{placed(pointer, rules, detail)}</p>
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
              <Textarea
                value={note}
                rows={2}
                maxLength={1_000}
                readOnly={pending === 'publish'}
                onChange={(event) => onNote(event.target.value)}
              />
            </Field>
          </>
        )}
        <div className="flex flex-wrap items-center justify-end gap-x-2 gap-y-3">
          <p className="mr-auto max-w-prose min-w-0 text-muted" role="status">
            {whyNotYet}
          </p>
          <Button disabled={pending === 'publish'} onClick={onDrop}>
            Drop the draft
          </Button>
          {dryRun === null ? (
            <Button
              variant="primary"
              pending={pending === 'dry run'}
              pendingLabel="Trying…"
              onClick={() => run('dry run')}
            >
              Dry run
            </Button>
          ) : (
            whyNotYet === null && (
              <Button
                variant="primary"
                pending={pending === 'publish'}
                pendingLabel="Publishing…"
                onClick={() => run('publish')}
              >
                Publish as version {basedOn + 1}
              </Button>
            )
          )}
        </div>
      </PanelBody>
    </Panel>
  )
}

const NO_ANSWER = {
  'dry run': 'The server could not be reached. Nothing was changed; try again.',
  publish:
    'No answer came. It may or may not have been published: load the page again, and look at the version in force before you try again.',
}

/** Why it cannot be published yet, and what to do; null where it can. */
function waitsFor(draft: { isTried: boolean; wasTried: boolean; isBehind: boolean; note: string }): string | null {
  if (!draft.isTried) {
    return draft.wasTried
      ? 'The draft was changed after its dry run. To publish it, run it dry again.'
      : 'To publish it, first run it dry: that shows which failures of the last 30 days would have gone otherwise, and what it would have cost.'
  }
  if (draft.isBehind) return 'To publish it, first put it on top of what is in force.'
  return draft.note.trim() === '' ? 'To publish it, write what you changed and why.' : null
}

/** Says which rule an error is of. */
function placed(pointer: string, rules: readonly Rule[], detail: string): string {
  const index = /^\/rules\/(\d+)/.exec(pointer)?.[1]
  return index === undefined || rules[Number(index)] === undefined ? detail : `Rule ${Number(index) + 1}: ${detail}`
}
