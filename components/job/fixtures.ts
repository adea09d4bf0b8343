import type { AttemptView, EventView, JobView, ObservationView, ReviewView } from '@/lib/jobs/view'
import { aRow } from '../jobs/list/list-fixtures'

/** For tests: the first attempt, completed. */
export function anAttempt(over: Partial<AttemptView> = {}): AttemptView {
  return {
    number: 1,
    responseId: 'resp_1',
    requestId: 'req_1',
    providerStatus: 'completed',
    provider: 'sandbox',
    model: 'gpt-5.5',
    requestHash: 'a'.repeat(64),
    failureClass: null,
    failureCode: null,
    sentence: 'The model finished.',
    message: null,
    retry: null,
    sentAt: '2026-11-23T10:00:00.000Z',
    acceptedAt: null,
    finishedAt: null,
    seenFinalAt: null,
    endedAt: null,
    providerCopyUntil: null,
    usage: null,
    payload: null,
    continues: null,
    rulesVersion: null,
    cost: { usd: null, isRehearsed: true, lines: [], why: 'It is not known.' },
    ...over,
  }
}

/** For tests: a job being asked for. */
export function anEvent(over: Partial<EventView> = {}): EventView {
  return {
    seq: 1,
    at: '2026-11-23T10:00:00.000Z',
    command: 'create',
    from: null,
    to: 'queued',
    by: { kind: 'person', id: 'dana', name: 'Dana' },
    transport: 'browser',
    sentence: 'Dana asked for the job.',
    isHidden: false,
    note: null,
    isNoteErased: false,
    attempt: null,
    delivery: null,
    round: null,
    hash: 'b'.repeat(64),
    ...over,
  }
}

/** For tests: a look that brought nothing. */
export function anObservation(over: Partial<ObservationView> = {}): ObservationView {
  return {
    id: '1',
    at: '2026-11-23T10:00:00.000Z',
    attempt: 1,
    kind: 'look',
    httpStatus: 200,
    providerStatus: 'in_progress',
    requestId: 'req_2',
    errorCode: null,
    milliseconds: 12,
    changed: false,
    webhook: null,
    ...over,
  }
}

/** For tests: a job whose report waits for a decision. */
export function aJob(over: Partial<JobView> = {}): JobView {
  return {
    ...aRow(1042, { state: 'awaiting_review', providerStatus: 'completed' }),
    priority: 0,
    input: { question: 'When is the rent due?' },
    inputSchema: { type: 'object', properties: { question: { type: 'string', title: 'Question' } } },
    outputSchema: { type: 'object' },
    guidance: null,
    rehearsal: null,
    documents: [],
    attempts: [anAttempt()],
    result: null,
    earlierResults: [],
    evidence: [],
    checks: [],
    trace: [],
    calls: [],
    cost: { usd: null, isRehearsed: true, lines: [], why: 'It is not known.' },
    stop: null,
    reviews: [],
    deliveries: [],
    events: [anEvent()],
    observations: [],
    allowedCommands: [],
    undoUntil: null,
    ...over,
  }
}

/** For tests: a round that waits for one reviewer. */
export function aRound(over: Partial<ReviewView> = {}): ReviewView {
  return {
    number: 1,
    kind: 'result',
    reason: 'The policy of its workflow asks for a person.',
    openedBy: 'hold',
    openedAt: '2026-11-23T10:00:00.000Z',
    dueAt: null,
    closedAt: null,
    outcome: null,
    resultHash: null,
    approvalsNeeded: 1,
    approvalsGiven: 0,
    decisions: [],
    isHidden: false,
    policy: {
      roles: [],
      blind: false,
      individually: false,
      requesterMayApprove: true,
      rule: null,
      isSample: false,
      atDeadline: 'expires',
      escalateHours: 24,
      reason: null,
      changed: null,
    },
    risk: 0,
    escalatedAt: null,
    assignee: null,
    snooze: null,
    claims: [],
    delivery: null,
    deliveryProblem: null,
    marks: [],
    doubtful: [],
    ...over,
  }
}
