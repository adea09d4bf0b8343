'use client'
import { CheckboxField } from '@/components/ui/checkbox'
import { Field } from '@/components/ui/field'
import { Select } from '@/components/ui/select'
import type { ResultKind } from '@/lib/workflows/definition'
import { ConditionFields, type Facts } from './condition-fields'
import { type PolicyDraft, type RuleDraft, rolesFor } from './draft'
import { TextField } from './form-parts'
import { countItems, RolesField } from './people-fields'
import { type Problems, problemAt } from './plain-problems'

const RISKS = [
  { value: 'normal', label: 'Like any other' },
  { value: 'raised', label: 'Raised risk' },
  { value: 'high', label: 'High risk' },
] as const

export type RuleFieldsProps = {
  rule: RuleDraft
  /** Of the rule in a workflow's file. */
  path: string
  /** The policy that it adds to. */
  draft: PolicyDraft
  kind: ResultKind
  facts: Facts
  problems: Problems
  onChange: (rule: RuleDraft) => void
}

/** One rule over the result: why, when, and what it asks for on top. */
export function RuleFields({ rule, path, draft, kind, facts, problems, onChange }: RuleFieldsProps) {
  const set = (change: Partial<RuleDraft>) => onChange({ ...rule, ...change })
  const approvals = rule.approvals === '' ? draft.approvals : Number(rule.approvals)
  const counts = [{ value: 'same', label: 'As the policy says' }, ...countItems(Math.max(draft.approvals, 1))]
  const known = counts.some(({ value }) => value === rule.approvals) || rule.approvals === ''
  const items = known ? counts : [...counts, { value: rule.approvals, label: `${rule.approvals}, fewer than above` }]
  return (
    <div className="flex flex-col gap-4">
      <TextField
        path={`${path}.label`}
        label="Why more is asked"
        hint="As a statement, for the reviewer: The amount is above 1,000"
        value={rule.label}
        problems={problems}
        onChange={(label) => set({ label })}
      />
      <ConditionFields
        when={rule.when}
        path={`${path}.when`}
        facts={facts}
        delivery={draft.delivery.kind}
        problems={problems}
        onChange={(when) => set({ when })}
      />
      <div className="flex flex-wrap gap-x-6 gap-y-4">
        <Field
          label="How many people then"
          error={problemAt(problems, `${path}.ask.approvals`)}
          className="w-full sm:w-72"
        >
          <Select
            items={items}
            value={rule.approvals === '' ? 'same' : rule.approvals}
            onValueChange={(value) => {
              const next = value === 'same' ? '' : value
              set({ approvals: next, roles: rolesFor(rule.roles, next === '' ? draft.approvals : Number(next)) })
            }}
          />
        </Field>
        <Field label="How it stands out" className="w-full sm:w-56">
          <Select items={RISKS} value={rule.risk} onValueChange={(risk) => set({ risk })} />
        </Field>
        <TextField
          path={`${path}.ask.dueHours`}
          label="Due after, in hours"
          optional
          isNumber
          placeholder={draft.dueHours}
          value={rule.dueHours}
          problems={problems}
          onChange={(dueHours) => set({ dueHours })}
          className="w-56"
        />
      </div>
      {approvals > 0 && (
        <RolesField
          path={`${path}.ask.roles`}
          roles={rule.roles}
          approvals={approvals}
          anyone="As the policy says"
          problems={problems}
          onChange={(roles) => set({ roles })}
        />
      )}
      <div className="flex flex-col gap-1">
        <Added
          label="Not whoever asked for the job"
          isBase={!draft.requesterMayApprove}
          isOn={rule.excludesRequester}
          onChange={(excludesRequester) => set({ excludesRequester })}
        />
        {kind !== 'recommendation' && (
          <Added
            label="Nobody sees what the others decided before all have"
            isBase={draft.blind}
            isOn={rule.blind}
            onChange={(isBlind) => set({ blind: isBlind })}
          />
        )}
        <Added
          label="Each result is decided by itself, never several at once"
          isBase={draft.individually}
          isOn={rule.individually}
          onChange={(isAlone) => set({ individually: isAlone })}
        />
      </div>
    </div>
  )
}

/** What the policy asks for already cannot be taken away by a rule. */
function Added(props: { label: string; isBase: boolean; isOn: boolean; onChange: (isOn: boolean) => void }) {
  const { label, isBase, isOn, onChange } = props
  return (
    <CheckboxField
      label={label}
      hint={isBase ? 'The policy asks for it already.' : undefined}
      disabled={isBase}
      checked={isBase || isOn}
      onCheckedChange={onChange}
    />
  )
}
