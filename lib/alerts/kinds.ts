/** Every kind of alert: what it means, what its threshold counts, and what is usual. Pure. */

export const alertKinds = [
  'no_worker',
  'worker_gone',
  'nothing_moves',
  'oldest_waiting',
  'oldest_review',
  'failure_rate',
  'unclassified_seen',
  'budget_used',
  'webhooks_silent',
] as const
export type AlertKind = (typeof alertKinds)[number]

/** What a threshold is counted in: minutes, a share from 0 to 1, or a number of things. */
export type Unit = 'minutes' | 'share' | 'count'

export type AlertKindInfo = {
  label: string
  /** When it is found, as a sentence. */
  hint: string
  unit: Unit
  /** A threshold below or above makes no sense. */
  least: number
  most: number
  usual: { threshold: number; minutes: number | null; least: number | null }
  /** May be narrowed to one workflow. */
  isOfWorkflow: boolean
}

const WEEK = 7 * 24 * 60

export const alertKindInfo: Record<AlertKind, AlertKindInfo> = {
  no_worker: {
    label: 'No worker is alive',
    hint: 'Nothing is sent, looked at or delivered. Found by the web server, because no worker could say it.',
    unit: 'minutes',
    least: 1,
    most: WEEK,
    usual: { threshold: 1, minutes: null, least: null },
    isOfWorkflow: false,
  },
  worker_gone: {
    label: 'A worker is gone',
    hint: 'It fell silent without leaving, and none was started on its host since.',
    unit: 'minutes',
    least: 1,
    most: WEEK,
    usual: { threshold: 2, minutes: null, least: null },
    isOfWorkflow: false,
  },
  nothing_moves: {
    label: 'Nothing moves',
    hint: 'Jobs of a workflow wait to be sent or run, and not one of its jobs has moved. Not while its sending stands still.',
    unit: 'minutes',
    least: 1,
    most: WEEK,
    usual: { threshold: 30, minutes: null, least: null },
    isOfWorkflow: true,
  },
  oldest_waiting: {
    label: 'A job waits long to be sent',
    hint: 'The oldest job of a workflow that could be sent and was not. Not while its sending stands still.',
    unit: 'minutes',
    least: 1,
    most: WEEK,
    usual: { threshold: 60, minutes: null, least: null },
    isOfWorkflow: true,
  },
  oldest_review: {
    label: 'A job waits long for a person',
    hint: 'The oldest review round of a workflow that nobody has decided.',
    unit: 'minutes',
    least: 1,
    most: 52 * WEEK,
    usual: { threshold: 24 * 60, minutes: null, least: null },
    isOfWorkflow: true,
  },
  failure_rate: {
    label: 'Many calls fail',
    hint: 'The share of the calls that ended in the time and failed. What a check holds for people is no failure.',
    unit: 'share',
    least: 0.01,
    most: 1,
    usual: { threshold: 0.5, minutes: 60, least: 10 },
    isOfWorkflow: true,
  },
  unclassified_seen: {
    label: 'An unclassified failure was seen',
    hint: 'Calls ended with a code that no failure rule names, so each job was held for a person.',
    unit: 'count',
    least: 1,
    most: 100_000,
    usual: { threshold: 1, minutes: 60, least: null },
    isOfWorkflow: true,
  },
  budget_used: {
    label: 'A budget is nearly used up',
    hint: 'What is spent and reserved of a budget: of a workflow, of its day, or of the whole day. At 100 % sending stops.',
    unit: 'share',
    least: 0.01,
    most: 1,
    usual: { threshold: 0.8, minutes: null, least: null },
    isOfWorkflow: true,
  },
  webhooks_silent: {
    label: 'Webhooks are silent',
    hint: 'Webhooks used to come, and none did for the last responses that ended. Nothing is lost: polls find them, later.',
    unit: 'minutes',
    least: 5,
    most: WEEK,
    usual: { threshold: 30, minutes: null, least: null },
    isOfWorkflow: false,
  },
}

/** Null where another version of Holdpoint wrote a kind that this one does not know. */
export function alertKindOf(stored: string): AlertKind | null {
  return alertKinds.find((kind) => kind === stored) ?? null
}
