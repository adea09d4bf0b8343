/** What an edit does to those who approved before it. Pure. */
import type { ReviewView } from '@/lib/jobs/view'

const people = new Intl.ListFormat('en')

/** Whose approvals of the open round no longer count once the result is edited, as a sentence; null where there are none. */
export function lostApprovals(round: Pick<ReviewView, 'decisions'> | undefined): string | null {
  const names = (round?.decisions ?? [])
    .filter(({ command, voidedAt }) => voidedAt === null && (command === 'approve' || command === 'endorse'))
    .map(({ by }) => by.name)
  if (names.length === 0) return null
  return `${people.format(names)} approved the text as it is. ${names.length === 1 ? 'That approval' : 'Those approvals'} will no longer count: your edit is approved anew.`
}
