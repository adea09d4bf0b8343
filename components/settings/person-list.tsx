'use client'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import type { Outcome } from '@/lib/access/outcome'
import { roleInfo } from '@/lib/access/roles'
import type { Role } from '@/lib/lifecycle/table'
import { Confirm } from './confirm'
import { RolesDialog } from './roles-dialog'
import { useOutcome } from './use-outcome'

export type ShownPerson = {
  id: string
  name: string
  email: string | null
  roles: readonly Role[]
  active: boolean
  needsPassword: boolean
  sessions: number
  self: boolean
}

/** What an owner may do to a person. */
export type PersonActions = {
  saveRoles: (userId: string, before: Outcome | null, form: FormData) => Promise<Outcome>
  deactivate: (userId: string) => Promise<Outcome>
  reactivate: (userId: string) => Promise<Outcome>
  endSessions: (userId: string) => Promise<Outcome>
}

/** Everybody, with what may be done to them; without `actions` only to be read. */
export function PersonList({ people, actions }: { people: readonly ShownPerson[]; actions: PersonActions | null }) {
  return (
    <ul className="divide-y divide-line">
      {people.map((person) => (
        <li key={person.id} className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
          <div className="min-w-0 flex-1 basis-56">
            <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
              <span className="font-medium wrap-anywhere">{person.name}</span>
              {person.self && <Badge>You</Badge>}
              {!person.active && <Badge tone="struck">Deactivated</Badge>}
            </p>
            <p className="text-sm text-muted wrap-anywhere">
              {person.email ?? 'no e-mail chosen yet'}
              {person.needsPassword && person.email !== null && ' · no password chosen yet'}
              {person.active && ` · ${signedIn(person.sessions)}`}
            </p>
            <p className="flex flex-wrap gap-1 pt-1">
              {person.roles.map((role) => (
                <Badge key={role} tone="outline">
                  {roleInfo[role].label}
                </Badge>
              ))}
            </p>
          </div>
          {actions !== null && <PersonButtons person={person} actions={actions} />}
        </li>
      ))}
    </ul>
  )
}

function signedIn(sessions: number): string {
  if (sessions === 0) return 'not signed in'
  return sessions === 1 ? 'signed in on one browser' : `signed in on ${sessions} browsers`
}

function PersonButtons({ person, actions }: { person: ShownPerson; actions: PersonActions }) {
  const { pending, run } = useOutcome()
  if (!person.active) {
    return (
      <Button size="sm" disabled={pending} onClick={() => run(() => actions.reactivate(person.id))}>
        Activate<span className="sr-only"> {person.name}</span>
      </Button>
    )
  }
  return (
    <div className="flex flex-wrap gap-1.5">
      <RolesDialog
        name={person.name}
        held={person.roles}
        save={actions.saveRoles.bind(null, person.id)}
        trigger={
          <Button size="sm">
            Roles<span className="sr-only"> of {person.name}</span>
          </Button>
        }
      />
      {!person.self && person.sessions > 0 && (
        <Button size="sm" variant="ghost" disabled={pending} onClick={() => run(() => actions.endSessions(person.id))}>
          End sessions<span className="sr-only"> of {person.name}</span>
        </Button>
      )}
      {!person.self && (
        <Confirm
          trigger={
            <Button size="sm" variant="ghost">
              Deactivate<span className="sr-only"> {person.name}</span>
            </Button>
          }
          title={`Deactivate ${person.name}?`}
          consequence="They are signed out everywhere at once, and their keys stop working. What they decided stays. You can activate them again."
          button="Deactivate"
          pendingButton="Deactivating…"
          action={() => actions.deactivate(person.id)}
        />
      )}
    </div>
  )
}
