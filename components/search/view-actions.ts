import type { Outcome } from '@/lib/access/outcome'
import type { ViewAsk } from '@/lib/views/view'

/** What can be done with saved views: the page hands them down. */
export type ViewActions = {
  save: (ask: ViewAsk) => Promise<Outcome<string>>
  change: (id: string, ask: ViewAsk) => Promise<Outcome>
  remove: (id: string) => Promise<Outcome>
  pin: (id: string, pinned: boolean) => Promise<Outcome>
}
