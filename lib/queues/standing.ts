/** Where a job can stand, for whoever watches the queues: each has a number on the page, and a list that it opens. Pure. */
import type { State } from '@/lib/lifecycle/table'

/** In the order of the page: what needs someone first. */
export const standings = ['stuck', 'failed', 'expiring', 'unclassified', 'review', 'waiting', 'running'] as const
export type Standing = (typeof standings)[number]

export type StandingInfo = {
  label: string
  /** "3 jobs are stuck", after a number other than 1. */
  are: string
  /** What counts, for people. */
  help: string
  /** What it is called where it is counted. */
  gauge: string
  /** The state that it is; null where it is none. */
  state: State | null
}

export const standingInfo: Record<Standing, StandingInfo> = {
  stuck: {
    label: 'Stuck',
    are: 'are stuck',
    help: 'Nothing has changed for longer than their workflow allows: at the provider, or in a queue from which nothing was sent either.',
    gauge: 'stuck',
    state: null,
  },
  failed: {
    label: 'Failed',
    are: 'have failed',
    help: 'They stopped, and wait for a person to retry or abandon them.',
    gauge: 'failed',
    state: 'failed',
  },
  expiring: {
    label: 'Expiring soon',
    are: 'expire within the hour',
    help: 'Their deadline is less than an hour away. What stands still does not expire, nor what escalates instead.',
    gauge: 'expiring',
    state: null,
  },
  unclassified: {
    label: 'Unclassified',
    are: 'stopped in a way that no rule covers',
    help: 'They stopped in a way that no failure rule covers, and nobody has settled them.',
    gauge: 'unclassified',
    state: null,
  },
  review: {
    label: 'Needs review',
    are: 'wait for a person',
    help: 'They wait for a person to decide.',
    gauge: 'awaiting_review',
    state: 'awaiting_review',
  },
  waiting: {
    label: 'Waiting',
    are: 'wait to be sent',
    help: 'They wait to be sent to the model.',
    gauge: 'queued',
    state: 'queued',
  },
  running: {
    label: 'Running',
    are: 'are running',
    help: 'The model has them.',
    gauge: 'running',
    state: 'running',
  },
}

/** `value` as a standing, or null. */
export function standingOf(value: string | null): Standing | null {
  return standings.find((standing) => standing === value) ?? null
}

/** The standing that is counted under `gauge`. */
export function standingOfGauge(gauge: string): Standing | null {
  return standings.find((standing) => standingInfo[standing].gauge === gauge) ?? null
}

/** The address of the list that a number opens: exactly the jobs that were counted as of that moment. */
export function standingHref(standing: Standing, workflow: string | null, asOf: string): string {
  const params = new URLSearchParams({ standing })
  if (workflow !== null) params.set('workflow', workflow)
  params.set('asOf', asOf)
  return `/jobs?${params}`
}
