/** What commands given to several at once are called. Pure. */
import type { BulkCommand } from '@/lib/review/inbox-bulk'

export type BulkWords = {
  label: string
  /** What happens to each of them. */
  consequence: string
  doing: string
  /** By the command that it turned out to be. */
  done: Record<string, string>
}

export const BULK_WORDS: Record<BulkCommand, BulkWords> = {
  approve: {
    label: 'Approve',
    consequence:
      'Each result is accepted exactly as it stood when you selected it. Where its workflow delivers results, it is sent. Where the policy asks for more people, yours is one of several.',
    doing: 'Approving',
    done: { approve: 'Approved', endorse: 'Approved; it waits for more people' },
  },
  retry: {
    label: 'Request changes',
    consequence: 'A new attempt is made and paid for, for each of them. Everything of the earlier attempts stays.',
    doing: 'Asking',
    done: { retry: 'A new attempt is queued' },
  },
  abandon: {
    label: 'Abandon',
    consequence: 'Each of these jobs stops, and nothing of it will be used.',
    doing: 'Abandoning',
    done: { abandon: 'Abandoned' },
  },
  assign: {
    label: 'Assign',
    consequence: 'Each stands in the inbox of that person, who is told.',
    doing: 'Assigning',
    done: { assign: 'Assigned' },
  },
  snooze: {
    label: 'Snooze',
    consequence: 'Each leaves the inbox until that time. Deadlines stay.',
    doing: 'Snoozing',
    done: { snooze: 'Snoozed' },
  },
}
