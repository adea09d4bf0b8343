/** What happens beside a decision without touching what is decided on: no reason to tell a reader that it changed. */
import type { Command } from './table'

export const TALK: readonly Command[] = [
  'comment',
  'wait',
  'claim',
  'release',
  'assign',
  'snooze',
  'mark',
  'escalate',
  'prioritise',
  'reschedule',
  'dispatch',
  'delivered',
  'undelivered',
  'confirm',
]
