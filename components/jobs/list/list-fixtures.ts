import type { Heartbeat, JobRow } from '@/lib/jobs/view'

/** For tests: a row of the list. */
export function aRow(number: number, over: Partial<JobRow> = {}): JobRow {
  return {
    id: `01930000-0000-7000-8000-${String(number).padStart(12, '0')}`,
    number,
    title: `Job ${number}`,
    workflow: { key: 'report', name: 'Report', version: 3 },
    reference: null,
    state: 'running',
    providerStatus: 'in_progress',
    attemptCount: 1,
    nextAction: {
      kind: 'wait_run',
      who: 'Nobody',
      what: 'It is with the model.',
      dueAt: null,
      otherwise: null,
      rank: 7,
    },
    failure: null,
    requester: { id: 'dana', name: 'Dana' },
    createdAt: '2026-11-23T10:00:00.000Z',
    changedAt: '2026-11-23T10:00:00.000Z',
    dueAt: null,
    settledAt: null,
    tokens: null,
    version: 1,
    ...over,
  }
}

/** For tests: a heartbeat of a job that moves. */
export function aHeartbeat(over: Partial<Heartbeat> = {}): Heartbeat {
  return {
    jobId: aRow(1).id,
    lastLookedAt: '2026-11-23T10:13:52.000Z',
    lastChangedAt: '2026-11-23T10:00:00.000Z',
    nextLookAt: null,
    looks: 4,
    failedLooks: 0,
    lastError: null,
    verdict: 'moving',
    usually: null,
    ...over,
  }
}
