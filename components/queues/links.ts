/** The lists that the points of charts and the cells of their tables open. Pure. */
import type { State } from '@/lib/lifecycle/table'
import type { Flow } from '@/lib/queues/figures-view'

type Stretch = { from: string; to: string }

function listHref(params: Record<string, string>, workflow: string | null): string {
  return `/jobs?${new URLSearchParams({ ...(workflow === null ? {} : { workflow }), ...params })}`
}

const SETTLED: Record<Exclude<keyof Flow, 'arrived'>, State> = {
  completed: 'completed',
  failed: 'failed',
  expired: 'expired',
  abandoned: 'abandoned',
}

/** The jobs that came, or that settled like that, in that stretch. */
export function flowHref(what: keyof Flow, { from, to }: Stretch, workflow: string | null): string {
  if (what === 'arrived') return listHref({ happened: 'created', from, to }, workflow)
  return listHref({ state: SETTLED[what], happened: 'settled', from, to }, workflow)
}

const DAY_MS = 86_400_000

/** The jobs with a call that was sent on that day (UTC). */
export function dayHref(day: string, workflow: string | null): string {
  const from = new Date(`${day}T00:00:00.000Z`)
  const to = new Date(from.getTime() + DAY_MS)
  return listHref({ happened: 'sent', from: from.toISOString(), to: to.toISOString() }, workflow)
}
