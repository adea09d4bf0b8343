/** The roles in words, and as they come out of the database. */
import { type Role, roles } from '@/lib/lifecycle/table'

/** What each role lets a person do, for the person who hands it out. */
export const roleInfo: Record<Role, { label: string; may: string }> = {
  requester: { label: 'Requester', may: 'Start jobs, see their own, comment on them and abandon them.' },
  reviewer: { label: 'Reviewer', may: 'See every job; approve, retry, abandon, uphold and answer.' },
  support: { label: 'Support', may: 'See every job; retry, abandon and reopen.' },
  lead: { label: 'Team lead', may: 'Everything that reviewers and support may do, and see who works here.' },
  owner: { label: 'Owner', may: 'Everything, including people, roles and the keys of services.' },
}

/** The roles among `stored`, in the order of the table. What is no role counts for nothing. */
export function parseRoles(stored: readonly string[]): Role[] {
  return roles.filter((role) => stored.includes(role))
}
