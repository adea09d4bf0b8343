'use client'
import { CheckboxField } from '@/components/ui/checkbox'
import { Field } from '@/components/ui/field'
import { Select } from '@/components/ui/select'
import type { ResultKind } from '@/lib/workflows/definition'
import { type PolicyDraft, rolesFor } from './draft'
import { Part, TextField } from './form-parts'
import { countItems, RolesField } from './people-fields'
import { type Problems, problemAt } from './plain-problems'

export type PartProps = {
  draft: PolicyDraft
  problems: Problems
  onChange: (change: Partial<PolicyDraft>) => void
}

const COUNTS = countItems(0)

/** Who must approve, and what they see of each other. */
export function WhoPart({ draft, problems, onChange, kind }: PartProps & { kind: ResultKind }) {
  const { approvals, roles } = draft
  const isChoice = kind === 'recommendation'
  return (
    <Part id="part-who" title="Who must approve">
      <Field label="How many people" error={problemAt(problems, 'review.approvals')}>
        <Select
          items={COUNTS}
          value={String(approvals)}
          onValueChange={(text) => onChange({ approvals: Number(text), roles: rolesFor(roles, Number(text)) })}
          className="w-full sm:w-72"
        />
      </Field>
      {approvals === 0 ? (
        <TextField
          path="review.samplePercent"
          label="Sample, in percent"
          optional
          isNumber
          hint="So many of what would be accepted by itself wait for one person instead."
          value={draft.samplePercent}
          problems={problems}
          onChange={(samplePercent) => onChange({ samplePercent })}
        />
      ) : (
        <RolesField
          path="review.roles"
          roles={roles}
          approvals={approvals}
          problems={problems}
          onChange={(next) => onChange({ roles: next })}
        />
      )}
      <div className="flex flex-col gap-1">
        <CheckboxField
          label="Whoever asked for the job may approve it"
          hint={
            approvals === 0
              ? 'Where something waits all the same: a sample, a failed check, or by a rule below.'
              : undefined
          }
          checked={draft.requesterMayApprove}
          onCheckedChange={(requesterMayApprove) => onChange({ requesterMayApprove })}
        />
        <CheckboxField
          label="Nobody sees what the others decided before all have"
          hint={
            isChoice
              ? 'Not for a recommendation: its reviewer makes the choice, which the others then decide on.'
              : 'Results cannot be revised then, only approved or not.'
          }
          disabled={isChoice && !draft.blind}
          checked={draft.blind}
          onCheckedChange={(isBlind) => onChange({ blind: isBlind })}
        />
        {problemAt(problems, 'review.blind') && (
          <p role="alert" className="text-sm text-danger-ink">
            {problemAt(problems, 'review.blind')}
          </p>
        )}
        <CheckboxField
          label="Each result is decided by itself, never several at once"
          checked={draft.individually}
          onCheckedChange={(isAlone) => onChange({ individually: isAlone })}
        />
      </div>
    </Part>
  )
}
