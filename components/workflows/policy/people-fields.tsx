'use client'
import { Field } from '@/components/ui/field'
import { Select } from '@/components/ui/select'
import { type StepRole, stepRoles } from '@/lib/workflows/definition'
import { peopleWords } from '@/lib/workflows/policy-words'
import { rolesFor } from './draft'
import { type Problems, problemAt } from './plain-problems'

const capital = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`

const ROLE_LABELS: Record<StepRole, string> = {
  reviewer: 'Reviewer',
  support: 'Support',
  lead: 'Lead',
  owner: 'Owner',
}
const ROLES = stepRoles.map((value) => ({ value, label: ROLE_LABELS[value] }))
const WHO = [
  { value: 'anyone', label: 'Anyone who reviews' },
  { value: 'named', label: 'Named roles, in their order' },
] as const

/** Choices of how many people, from `least` on. */
export function countItems(least: number) {
  return Array.from({ length: 11 - least }, (_, index) => {
    const approvals = index + least
    return { value: String(approvals), label: capital(peopleWords({ approvals })) }
  })
}

export type RolesFieldProps = {
  /** Of the list in a workflow's file. */
  path: string
  roles: readonly StepRole[]
  approvals: number
  /** What no named roles mean here. */
  anyone?: string
  problems: Problems
  onChange: (roles: StepRole[]) => void
}

/** Whether anyone may approve, or whose turn it is, one after the other. */
export function RolesField({ path, roles, approvals, anyone, problems, onChange }: RolesFieldProps) {
  const isNamed = roles.length > 0
  const items = WHO.map((item) => (item.value === 'anyone' && anyone ? { ...item, label: anyone } : item))
  return (
    <div className="flex flex-col gap-2">
      <Field label="Who" error={isNamed ? undefined : problemAt(problems, path)}>
        <Select
          items={items}
          value={isNamed ? 'named' : 'anyone'}
          onValueChange={(who) => onChange(who === 'named' ? rolesFor(['reviewer'], approvals) : [])}
          className="w-full sm:w-72"
        />
      </Field>
      {isNamed && (
        <ol className="flex flex-col gap-2 border-l-2 border-line pl-3">
          {roles.map((role, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a step is its place in the order
            <li key={index}>
              <Field
                label={`Approval ${index + 1}`}
                error={index === roles.length - 1 ? problemAt(problems, path) : undefined}
                className="sm:grid sm:grid-cols-[7rem_12rem] sm:items-center"
              >
                <Select
                  items={ROLES}
                  value={role}
                  onValueChange={(next) => onChange(roles.map((other, place) => (place === index ? next : other)))}
                />
              </Field>
            </li>
          ))}
        </ol>
      )}
    </div>
  )
}
