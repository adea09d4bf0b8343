/** Every kind of notice: whom it is for, and what they get of it unless they choose otherwise. Pure. */
import { expandRoles } from '@/lib/access/can'
import type { Role } from '@/lib/lifecycle/table'

export const noticeKinds = [
  'job_stopped',
  'queue_stopped',
  'job_done',
  'job_failed',
  'assigned',
  'mentioned',
  'escalated',
  'review_waits',
  'due_soon',
  'delivery_failed',
  'changed_under_you',
  'reopened',
  'alert',
] as const
export type NoticeKind = (typeof noticeKinds)[number]

export type KindInfo = {
  /** What it tells of, as a line of the settings. */
  label: string
  hint: string
  /** Who may get it: any of these roles, or a wider one that includes it. */
  roles: readonly Role[]
  /** Somebody else waits for this very person: it is always shown in the app. */
  isAlwaysInApp: boolean
  /** Sent at once. The others wait a minute, so that nobody gets a letter about what they just saw. */
  isUrgent: boolean
  /** Who gets it in the app, and by e-mail, unless they choose otherwise: those who were given one of these roles. */
  app: readonly Role[]
  email: readonly Role[]
}

const ALL: readonly Role[] = ['requester', 'reviewer', 'support', 'lead', 'owner']

export const kinds: Record<NoticeKind, KindInfo> = {
  job_done: {
    label: 'A job that I asked for is done',
    hint: 'It was accepted, with what leaves.',
    roles: ['requester'],
    isAlwaysInApp: false,
    isUrgent: false,
    app: ALL,
    email: ALL,
  },
  job_failed: {
    label: 'A job that I asked for ended without a result',
    hint: 'It failed, its deadline passed, or somebody abandoned it.',
    roles: ['requester'],
    isAlwaysInApp: false,
    isUrgent: false,
    app: ALL,
    email: ALL,
  },
  job_stopped: {
    label: 'A job stopped, and a failure rule says to tell me',
    hint: 'Of many that stop in the same way, leads hear of the first.',
    roles: ['requester', 'lead'],
    isAlwaysInApp: false,
    isUrgent: false,
    app: ALL,
    email: ['requester', 'lead'],
  },
  queue_stopped: {
    label: 'Sending of a workflow stands still',
    hint: 'Once for each stop: a budget is used up, or the provider refuses.',
    roles: ['requester', 'lead'],
    isAlwaysInApp: false,
    isUrgent: true,
    app: ALL,
    email: ['lead', 'owner'],
  },
  assigned: {
    label: 'Something is assigned to me',
    hint: 'Somebody wants you to decide it.',
    roles: ['reviewer', 'support'],
    isAlwaysInApp: true,
    isUrgent: false,
    app: ALL,
    email: ALL,
  },
  mentioned: {
    label: 'Somebody mentions me in a comment',
    hint: 'With @ and your name.',
    roles: ALL,
    isAlwaysInApp: true,
    isUrgent: false,
    app: ALL,
    email: ALL,
  },
  review_waits: {
    label: 'Something new waits for review',
    hint: 'One notice for each workflow until you have looked, and at most one e-mail an hour.',
    roles: ['reviewer'],
    isAlwaysInApp: false,
    isUrgent: false,
    app: ['reviewer'],
    email: ['reviewer'],
  },
  due_soon: {
    label: 'Something that I hold is due within the hour',
    hint: 'You claimed it, or it is assigned to you.',
    roles: ['reviewer', 'support'],
    isAlwaysInApp: false,
    isUrgent: true,
    app: ALL,
    email: ['reviewer', 'support'],
  },
  changed_under_you: {
    label: 'What I hold was decided or taken by somebody else',
    hint: 'You claimed it, it was assigned to you, or you approved what was edited since.',
    roles: ['reviewer', 'support'],
    isAlwaysInApp: false,
    isUrgent: false,
    app: ALL,
    email: [],
  },
  reopened: {
    label: 'A job that I decided on, or asked for, was reopened',
    hint: 'What you decided stays in its history. Somebody looks at it again.',
    roles: ALL,
    isAlwaysInApp: false,
    isUrgent: false,
    app: ALL,
    email: ALL,
  },
  escalated: {
    label: 'A review is overdue',
    hint: 'Nobody decided in time, and the policy tells the leads.',
    roles: ['lead'],
    isAlwaysInApp: false,
    isUrgent: true,
    app: ALL,
    email: ['lead'],
  },
  delivery_failed: {
    label: 'A delivery failed',
    hint: 'For good, or nobody knows whether it arrived. Of many that fail in the same way you hear of the first.',
    roles: ['support', 'lead'],
    isAlwaysInApp: false,
    isUrgent: true,
    app: ALL,
    email: ['support', 'lead'],
  },
  alert: {
    label: 'An alert of the queues',
    hint: 'Once when it is found, and once when it is over. To every lead, or to those whom its rule names.',
    roles: ['reviewer', 'support'],
    isAlwaysInApp: false,
    isUrgent: true,
    app: ALL,
    email: ALL,
  },
}

/** Whether somebody with these roles may get notices of this kind. */
export function mayGet(kind: NoticeKind, roles: readonly Role[]): boolean {
  const held = expandRoles(roles)
  return kinds[kind].roles.some((role) => held.includes(role))
}

/** The kinds that somebody with these roles may get, in the order of the settings. */
export function kindsFor(roles: readonly Role[]): NoticeKind[] {
  return (Object.keys(kinds) as NoticeKind[]).filter((kind) => mayGet(kind, roles))
}

/** Unread ones are counted up to this: beyond it nobody needs the exact number. */
export const MOST_UNREAD = 100
