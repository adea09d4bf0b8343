'use client'
import { ArrowDown, ArrowUp, Pencil, Plus, Trash2 } from 'lucide-react'
import { Button } from '@/components/ui/button'
import { IconButton } from '@/components/ui/icon-button'
import { Panel, PanelBody, PanelHeader } from '@/components/ui/panel'
import type { ResultKind } from '@/lib/workflows/definition'
import { insideWords, peopleWords, riskRankWords } from '@/lib/workflows/policy-words'
import type { Facts } from './condition-fields'
import { movedRule, newRule, type PolicyDraft, type RuleDraft } from './draft'
import { problemAt } from './plain-problems'
import { RuleFields } from './rule-fields'
import type { PartProps } from './who-part'

export type RulesPartProps = PartProps & {
  kind: ResultKind
  facts: Facts
  /** The rules that are open for editing. */
  open: readonly string[]
  onOpen: (ids: string[]) => void
  /** A rule was removed; `before`: to bring it back. */
  onRemoved: (rule: RuleDraft, before: PolicyDraft) => void
}

/** The rules over the result, in the order in which they are tried. */
export function RulesPart({ draft, problems, onChange, kind, facts, open, onOpen, onRemoved }: RulesPartProps) {
  const { rules } = draft
  const put = (rule: RuleDraft) => onChange({ rules: rules.map((other) => (other.id === rule.id ? rule : other)) })
  const add = () => {
    const rule = newRule(rules, '')
    onChange({ rules: [...rules, rule] })
    onOpen([...open, rule.id])
  }
  return (
    <Panel aria-labelledby="part-rules">
      <PanelHeader
        id="part-rules"
        title="When more is asked"
        hint="Rules over the result. Of several that apply, the first counts; none can ask for less than the policy above."
        actions={
          <Button size="sm" onClick={add} disabled={rules.length >= 20}>
            <Plus aria-hidden />
            Add a rule
          </Button>
        }
      />
      {rules.length === 0 ? (
        <PanelBody>
          <p className="text-muted">No rules: every result asks for the same.</p>
        </PanelBody>
      ) : (
        <ol className="divide-y divide-line">
          {rules.map((rule, index) => {
            const path = `review.byRisk.${index}`
            const isOpen = open.includes(rule.id)
            const name = rule.label.trim() === '' ? `Rule ${index + 1}` : rule.label
            return (
              <li key={rule.id} className="flex flex-col gap-3 px-4 py-3">
                <div className="flex flex-wrap items-center gap-x-2">
                  <h3 className="min-w-0 flex-1 font-medium wrap-anywhere">
                    <span className="mr-2 text-faint tabular-nums">{index + 1}</span>
                    {rule.label.trim() === '' ? 'A new rule' : `If ${insideWords(rule.label)}`}
                  </h3>
                  <span className="-mr-1 flex">
                    {isOpen ? (
                      <Button size="sm" onClick={() => onOpen(open.filter((id) => id !== rule.id))}>
                        Done
                      </Button>
                    ) : (
                      <IconButton size="sm" label={`Edit: ${name}`} onClick={() => onOpen([...open, rule.id])}>
                        <Pencil aria-hidden />
                      </IconButton>
                    )}
                    {index > 0 && (
                      <IconButton
                        size="sm"
                        label={`Move up: ${name}`}
                        onClick={() => onChange({ rules: movedRule(rules, index, -1) })}
                      >
                        <ArrowUp aria-hidden />
                      </IconButton>
                    )}
                    {index < rules.length - 1 && (
                      <IconButton
                        size="sm"
                        label={`Move down: ${name}`}
                        onClick={() => onChange({ rules: movedRule(rules, index, 1) })}
                      >
                        <ArrowDown aria-hidden />
                      </IconButton>
                    )}
                    <IconButton
                      size="sm"
                      label={`Remove: ${name}`}
                      onClick={() => {
                        onChange({ rules: rules.filter((other) => other.id !== rule.id) })
                        onRemoved(rule, draft)
                      }}
                    >
                      <Trash2 aria-hidden />
                    </IconButton>
                  </span>
                </div>
                {problemAt(problems, `${path}.id`) && (
                  <p className="text-sm text-danger-ink">{problemAt(problems, `${path}.id`)}</p>
                )}
                {isOpen ? (
                  <RuleFields {...{ rule, path, draft, kind, facts, problems }} onChange={put} />
                ) : problemAt(problems, path) ? (
                  <p className="text-sm text-danger-ink">{problemAt(problems, path)}</p>
                ) : (
                  <p className="-mt-3 pl-4.5 text-sm text-muted">{asksWords(rule)}</p>
                )}
              </li>
            )
          })}
        </ol>
      )}
    </Panel>
  )
}

/** What a closed rule asks for, so that nobody has to open each. */
function asksWords({ approvals, roles, blind, individually, excludesRequester, dueHours, risk }: RuleDraft): string {
  const people = roles.length > 0 || approvals !== '' ? [peopleWords({ approvals: Number(approvals), roles })] : []
  const words = [
    ...people,
    ...(excludesRequester ? ['not whoever asked for it'] : []),
    ...(blind ? ['nobody sees what the others decided'] : []),
    ...(individually ? ['each result by itself'] : []),
    ...(dueHours.trim() === '' ? [] : [`due after ${dueHours.trim()} h`]),
    riskRankWords[risk] === 'normal' ? 'normal risk' : riskRankWords[risk],
  ].join('; ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}
