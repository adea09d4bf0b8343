'use client'
import { useState } from 'react'
import { CheckboxField } from '@/components/ui/checkbox'
import { roleInfo } from '@/lib/access/roles'
import type { Role } from '@/lib/lifecycle/table'

/** A set of roles, each with what it lets do, submitted as `roles` once for each. */
export function RolePicker(props: {
  legend: string
  hint?: string
  /** What may be chosen. */
  among: readonly Role[]
  initial: readonly Role[]
  error?: string
}) {
  const [chosen, setChosen] = useState<readonly Role[]>(props.initial)
  return (
    <fieldset className="flex min-w-0 flex-col gap-1.5">
      <legend className="pb-1 font-medium">{props.legend}</legend>
      {props.hint && <p className="text-sm text-muted">{props.hint}</p>}
      {props.among.map((role) => (
        <CheckboxField
          key={role}
          label={roleInfo[role].label}
          hint={roleInfo[role].may}
          checked={chosen.includes(role)}
          onCheckedChange={(on) =>
            setChosen((before) => (on ? [...before, role] : before.filter((other) => other !== role)))
          }
        />
      ))}
      {chosen.map((role) => (
        <input key={role} type="hidden" name="roles" value={role} />
      ))}
      {props.error && (
        <p role="alert" className="text-sm text-danger-ink">
          {props.error}
        </p>
      )}
    </fieldset>
  )
}
