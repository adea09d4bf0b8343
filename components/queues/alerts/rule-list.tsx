'use client'
import { Plus } from 'lucide-react'
import { Confirm } from '@/components/settings/confirm'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { Panel, PanelHeader } from '@/components/ui/panel'
import { Time } from '@/components/ui/time'
import { alertKindInfo } from '@/lib/alerts/kinds'
import type { AlertOutcome } from '@/lib/alerts/outcome'
import type { RuleInput, RuleView } from '@/lib/alerts/view'
import { ruleWords, toldWords } from '@/lib/alerts/words'
import { RuleDialog } from './rule-dialog'

export type RuleListProps = {
  rules: readonly RuleView[]
  /** Others read them. */
  isLead: boolean
  /** Whom a rule can name, and of which workflows it can be. */
  recipients: readonly { id: string; name: string }[]
  workflows: readonly { key: string; name: string }[]
  add: (rule: RuleInput) => Promise<AlertOutcome>
  change: (which: { id: string; version: number }, rule: RuleInput) => Promise<AlertOutcome>
  remove: (id: string) => Promise<AlertOutcome>
}

/** What is looked for, from which threshold, and who is told. */
export function RuleList({ rules, isLead, recipients, workflows, add, change, remove }: RuleListProps) {
  return (
    <Panel aria-labelledby="alert-rules">
      <PanelHeader
        id="alert-rules"
        title="Rules"
        hint="Looked at every 15 seconds. Each change is kept, with who made it."
        actions={
          isLead && (
            <RuleDialog
              title="New rule"
              button="Add it"
              recipients={recipients}
              workflows={workflows}
              save={add}
              trigger={
                <Button size="sm">
                  <Plus aria-hidden />
                  New rule
                </Button>
              }
            />
          )
        }
      />
      <ul className="divide-y divide-line">
        {rules.map((rule) => (
          <li key={rule.id} className="flex flex-wrap items-start gap-x-4 gap-y-2 px-4 py-3">
            <Words rule={rule} />
            {isLead && (
              <div className="flex items-center gap-1">
                <RuleDialog
                  title={alertKindInfo[rule.kind].label}
                  button="Save"
                  rule={rule}
                  recipients={recipients}
                  workflows={workflows}
                  save={(input) => change({ id: rule.id, version: rule.version }, input)}
                  trigger={
                    <Button size="sm" variant="ghost">
                      Edit<span className="sr-only"> the rule: {alertKindInfo[rule.kind].label}</span>
                    </Button>
                  }
                />
                {!rule.isBuiltIn && (
                  <Confirm
                    trigger={
                      <Button size="sm" variant="ghost">
                        Remove<span className="sr-only"> the rule: {alertKindInfo[rule.kind].label}</span>
                      </Button>
                    }
                    title="Remove this rule?"
                    consequence="What it found stays in the list. What is open of it closes, and nobody is told that it is over."
                    button="Remove"
                    pendingButton="Removing…"
                    action={async () => {
                      const outcome = await remove(rule.id)
                      return outcome.ok
                        ? { ...outcome, done: null }
                        : { ok: false, message: outcome.message, field: null }
                    }}
                  />
                )}
              </div>
            )}
          </li>
        ))}
      </ul>
    </Panel>
  )
}

function Words({ rule }: { rule: RuleView }) {
  const { kind, isOn, workflowName, changes } = rule
  const { label, hint, isOfWorkflow } = alertKindInfo[kind]
  return (
    <div className="min-w-0 flex-1 basis-80 wrap-anywhere">
      <h3 className="flex flex-wrap items-center gap-x-2 gap-y-1 font-medium">
        {label}
        {!isOn && <Badge tone="outline">Off</Badge>}
      </h3>
      <p className={isOn ? undefined : 'text-muted'}>
        <span className="first-letter:uppercase">{ruleWords(rule)}</span>
        {isOfWorkflow && <>, {workflowName === null ? 'of each workflow' : <bdi>of {workflowName}</bdi>}</>}.{' '}
        {toldWords(rule)}
      </p>
      <p className="text-sm text-muted">{hint}</p>
      {changes.length > 0 && (
        <details className="mt-1 text-sm text-muted">
          <summary className="w-fit cursor-pointer py-0.5">
            Changed {changes.length === 1 ? 'once' : `${changes.length} times`}, last by <bdi>{changes[0]?.by}</bdi>{' '}
            <Time value={changes[0]?.at ?? null} />
          </summary>
          <ol className="mt-1 flex flex-col gap-0.5">
            {changes.map(({ version, at, by, changed }) => (
              <li key={version}>
                <Time value={at} format="clock" />, <bdi>{by}</bdi>: {changed.join('; ')}
              </li>
            ))}
          </ol>
        </details>
      )}
    </div>
  )
}
