import { roleInfo } from '@/lib/access/roles'
import type { Role } from '@/lib/lifecycle/table'

/** Roles with what each lets a person do. */
export function RoleList({ roles }: { roles: readonly Role[] }) {
  if (roles.length === 0) return <p className="text-muted">Nothing yet: you hold no role.</p>
  return (
    <dl className="flex flex-col gap-2">
      {roles.map((role) => (
        <div key={role} className="grid gap-x-4 sm:grid-cols-[6rem_1fr]">
          <dt className="font-medium">{roleInfo[role].label}</dt>
          <dd className="text-muted">{roleInfo[role].may}</dd>
        </div>
      ))}
    </dl>
  )
}
