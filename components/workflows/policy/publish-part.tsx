'use client'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { Field } from '@/components/ui/field'
import { Panel, PanelBody, PanelHeader } from '@/components/ui/panel'
import { Textarea } from '@/components/ui/textarea'
import type { WorkflowDefinition } from '@/lib/workflows/definition'
import { PolicyComparison } from '../policy-comparison'
import type { PolicyWorkflow } from './policy-editor'

export type PublishPartProps = {
  /** What it was begun from. */
  base: PolicyWorkflow
  /** What is current: another where somebody published meanwhile. */
  current: PolicyWorkflow
  /** What would be published; null while it is not looked at, or something is wrong with it. */
  after: Pick<WorkflowDefinition, 'review' | 'delivery'> | null
  isChanged: boolean
  /** Sentences; each stands at its field too. */
  problems: readonly string[]
  refusal: string | null
  waiting: readonly { version: number; jobs: number }[]
  note: string
  pending: boolean
  onNote: (note: string) => void
  onNewer: () => void
  onDrop: () => void
  onPublish: () => void
}

/** What publishing changes, in words, for whom it does not, and the button. */
export function PublishPart(props: PublishPartProps) {
  const { base, current, after, isChanged, problems, refusal, waiting, note, pending } = props
  const isBehind = base.version !== current.version
  return (
    <Panel aria-labelledby="part-publish" className={isChanged ? 'border-informative/40' : undefined}>
      <PanelHeader
        id="part-publish"
        title="What changes"
        hint="Nothing changes before it is published, as a version of its own."
      />
      <PanelBody className="flex flex-col gap-4">
        {isBehind && (
          <Callout
            tone="attention"
            title={`This was begun from version ${base.version}, and version ${current.version} is current by now.`}
            actions={
              <Button size="sm" onClick={props.onNewer}>
                Compare with version {current.version}
              </Button>
            }
          >
            It cannot be published as it is. Compare it with what is current: what that changed of the policy would be
            undone by this.
          </Callout>
        )}
        {refusal !== null && !isBehind && (
          <Callout tone="danger" role="alert">
            {refusal}
          </Callout>
        )}
        {problems.length > 0 && (
          <Callout
            tone="danger"
            role="alert"
            title={
              problems.length === 1 ? 'One thing is to be put right.' : `${problems.length} things are to be put right.`
            }
          >
            {problems.map((problem) => (
              <p key={problem}>{problem}</p>
            ))}
          </Callout>
        )}
        {!isChanged && <p className="text-muted">Nothing was changed yet.</p>}
        {isChanged && after !== null && (
          <PolicyComparison
            before={base}
            after={{ ...after, inputSchema: base.inputSchema }}
            title="In words"
            names={[`Version ${base.version}`, 'As changed here']}
          />
        )}
        <Waiting waiting={waiting} />
        {isChanged && (
          <Field label="What you changed and why" optional hint="Kept with the version, for people who look back.">
            <Textarea
              value={note}
              rows={2}
              maxLength={1_000}
              readOnly={pending}
              onChange={(event) => props.onNote(event.target.value)}
            />
          </Field>
        )}
        <div className="flex flex-wrap items-center justify-end gap-2">
          <p role="status" className="mr-auto text-sm text-muted">
            {isChanged && after === null && problems.length === 0 ? 'Not looked at yet, or not all filled in.' : ''}
          </p>
          {isChanged && (
            <Button disabled={pending} onClick={props.onDrop}>
              Drop the changes
            </Button>
          )}
          {isChanged && !isBehind && (
            <Button variant="primary" pending={pending} pendingLabel="Publishing…" onClick={props.onPublish}>
              Publish as the next version
            </Button>
          )}
        </div>
      </PanelBody>
    </Panel>
  )
}

function Waiting({ waiting }: { waiting: readonly { version: number; jobs: number }[] }) {
  if (waiting.length === 0) return <p className="text-muted">No job of this workflow waits for anybody now.</p>
  return (
    <ul className="flex flex-col gap-0.5">
      {waiting.map(({ version, jobs }) => (
        <li key={version}>{waitingWords(version, jobs)}</li>
      ))}
    </ul>
  )
}

/** "3 jobs wait under version 2 and keep its policy." */
export function waitingWords(version: number, jobs: number): string {
  return jobs === 1
    ? `One job waits under version ${version} and keeps its policy.`
    : `${jobs} jobs wait under version ${version} and keep its policy.`
}
