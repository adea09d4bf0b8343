import { describe, expect, it } from 'vitest'
import type { Actor } from '@/lib/access/actor'
import {
  allowedCommands,
  can,
  expandRoles,
  hasRole,
  type JobFacts,
  mayRead,
  type RoundFacts,
  readScope,
} from '@/lib/access/can'
import { type Command, commandNames, type Role, roles, roundKindNames, stateNames } from '@/lib/lifecycle/table'

const now = new Date('2026-11-23T10:00:00Z')

function person(held: readonly Role[], userId = 'dana'): Actor {
  return { kind: 'person', userId, apiKeyId: null, name: 'Dana', email: 'dana@example.com', roles: held }
}
function serviceKey(held: readonly Role[]): Actor {
  return { kind: 'api_key', userId: null, apiKeyId: 'key-1', name: 'Nightly', email: null, roles: held }
}
function round(with_: Partial<RoundFacts> = {}): RoundFacts {
  return { kind: 'result', openedBy: 'hold', requesterMayApprove: true, approvals: 1, approvers: [], ...with_ }
}
function job(with_: Partial<JobFacts> = {}): JobFacts {
  return {
    state: 'awaiting_review',
    requesterId: 'rob',
    requesterKeyId: null,
    round: (with_.state ?? 'awaiting_review') === 'awaiting_review' ? round() : null,
    hasResult: true,
    wasAccepted: true,
    lastDecision: null,
    undoSeconds: 60,
    now,
    ...with_,
  }
}

/** Every place a job can be in: each state, and `awaiting_review` once for each kind of round. */
type Place = { name: string; facts: Pick<JobFacts, 'state' | 'round'> }
const places = stateNames.flatMap((state): Place[] =>
  state === 'awaiting_review'
    ? roundKindNames.map((kind) => ({ name: `awaiting_review ${kind}`, facts: { state, round: round({ kind }) } }))
    : [{ name: state, facts: { state, round: null } }],
)

/** Written out by hand, on purpose not from the table: what each role may do with somebody else's job. */
const reviewer: Record<string, Command[]> = {
  queued: ['abandon', 'comment'],
  running: ['abandon', 'comment'],
  'awaiting_review result': ['approve', 'retry', 'abandon', 'comment', 'claim', 'snooze', 'mark', 'revise'],
  'awaiting_review permission': ['answer', 'retry', 'abandon', 'comment', 'claim', 'snooze'],
  'awaiting_review unknown': ['retry', 'abandon', 'wait', 'comment', 'claim', 'snooze'],
  'awaiting_review trouble': ['retry', 'abandon', 'comment', 'claim', 'snooze'],
  completed: ['comment'],
  failed: ['retry', 'abandon', 'comment'],
  expired: ['retry', 'abandon', 'comment'],
  abandoned: ['retry', 'comment'],
}
const support: Record<string, Command[]> = {
  queued: ['abandon', 'comment', 'prioritise', 'reschedule'],
  running: ['abandon', 'comment', 'prioritise', 'reschedule'],
  'awaiting_review result': ['retry', 'abandon', 'comment', 'claim', 'snooze', 'prioritise', 'reschedule'],
  'awaiting_review permission': ['retry', 'abandon', 'comment', 'claim', 'snooze', 'prioritise', 'reschedule'],
  'awaiting_review unknown': ['retry', 'abandon', 'wait', 'comment', 'claim', 'snooze', 'prioritise', 'reschedule'],
  'awaiting_review trouble': ['retry', 'abandon', 'comment', 'claim', 'snooze', 'prioritise', 'reschedule'],
  completed: ['reopen', 'comment'],
  failed: ['retry', 'abandon', 'reopen', 'comment'],
  expired: ['retry', 'abandon', 'reopen', 'comment'],
  abandoned: ['retry', 'reopen', 'comment'],
}
const ownJob: Record<string, Command[]> = {
  queued: ['abandon', 'comment'],
  running: ['abandon', 'comment'],
  'awaiting_review result': ['abandon', 'comment'],
  'awaiting_review permission': ['abandon', 'comment'],
  'awaiting_review unknown': ['abandon', 'comment'],
  'awaiting_review trouble': ['abandon', 'comment'],
  completed: ['comment'],
  failed: ['abandon', 'comment'],
  expired: ['abandon', 'comment'],
  abandoned: ['comment'],
}

function inOrder(...lists: (Command[] | undefined)[]): Command[] {
  const all = new Set(lists.flatMap((list) => list ?? []))
  return commandNames.filter((command) => all.has(command))
}

const roleSets: Role[][] = Array.from({ length: 2 ** roles.length }, (_, bits) =>
  roles.filter((_role, index) => (bits >> index) & 1),
)

describe('every state, kind of round, command and set of roles', () => {
  for (const held of roleSets) {
    const wide = held.includes('owner') || held.includes('lead')
    const asReviewer = wide || held.includes('reviewer')
    const asSupport = wide || held.includes('support')
    const asRequester = held.includes('requester') || held.includes('owner')

    it(`offers [${held.join(', ')}] exactly the commands of those roles`, () => {
      for (const { name, facts } of places) {
        const lead: Command[] = wide && facts.state === 'awaiting_review' ? ['assign'] : []
        const others = inOrder(asReviewer ? reviewer[name] : [], asSupport ? support[name] : [], lead)
        expect(allowedCommands(person(held), job(facts)), `${name}, of somebody else`).toEqual(others)
        const own = inOrder(others, asRequester ? ownJob[name] : [])
        expect(allowedCommands(person(held), job({ ...facts, requesterId: 'dana' })), `${name}, own`).toEqual(own)
      }
    })

    it(`lets [${held.join(', ')}] start jobs only as a requester, and never act as the worker`, () => {
      expect(can(person(held), 'create', null).allowed).toBe(asRequester)
      for (const { facts } of places) {
        expect(can(person(held), 'create', job(facts)).allowed).toBe(false)
        for (const command of [
          'start',
          'requeue',
          'hold',
          'accept',
          'fail',
          'expire',
          'adopt',
          'escalate',
          'dispatch',
          'delivered',
          'undelivered',
        ] as const) {
          expect(can(person(held), command, job({ ...facts, requesterId: 'dana' })).allowed).toBe(false)
        }
      }
    })
  }

  it('has a place for each state and kind of round', () => {
    expect(Object.keys(reviewer).sort()).toEqual(places.map((place) => place.name).sort())
  })
})

describe('approving', () => {
  it('is approve where this decision satisfies the policy, and endorse where it asks for more people', () => {
    const first = job({ round: round({ approvals: 2 }) })
    expect(can(person(['reviewer']), 'endorse', first)).toEqual({ allowed: true })
    expect(can(person(['reviewer']), 'approve', first)).toMatchObject({ allowed: false, code: 'state' })
    const second = job({ round: round({ approvals: 2, approvers: ['kim'] }) })
    expect(can(person(['reviewer']), 'approve', second)).toEqual({ allowed: true })
    expect(can(person(['reviewer']), 'endorse', second)).toMatchObject({ allowed: false, code: 'state' })
  })

  it('is offered under the one name approve, whichever of the two it would be', () => {
    const endorsing = allowedCommands(person(['reviewer']), job({ round: round({ approvals: 2 }) }))
    expect(endorsing).toContain('approve')
    expect(endorsing).not.toContain('endorse')
  })

  it('counts a person once in a round', () => {
    const facts = job({ round: round({ approvals: 2, approvers: ['dana'] }) })
    expect(can(person(['lead']), 'approve', facts)).toMatchObject({ allowed: false, code: 'rule' })
    expect(can(person(['lead'], 'kim'), 'approve', facts)).toEqual({ allowed: true })
  })

  it('is not for the requester where the policy wants somebody else, an owner not excepted', () => {
    const facts = job({ requesterId: 'dana', round: round({ requesterMayApprove: false }) })
    for (const held of [['requester', 'reviewer'], ['lead'], ['owner']] as Role[][]) {
      expect(can(person(held), 'approve', facts)).toMatchObject({ allowed: false, code: 'rule' })
    }
    expect(can(person(['reviewer'], 'kim'), 'approve', facts)).toEqual({ allowed: true })
  })

  it('is not for a key without a person where the policy asks for people', () => {
    const facts = job()
    expect(can(serviceKey(['reviewer']), 'approve', facts)).toMatchObject({ allowed: false, code: 'rule' })
    expect(can({ ...person(['reviewer']), kind: 'api_key', apiKeyId: 'key-2' }, 'approve', facts).allowed).toBe(true)
    expect(can(serviceKey(['reviewer']), 'abandon', facts)).toEqual({ allowed: true })
  })
})

describe('claiming', () => {
  const steps = (approvers: string[], stepRoles: Role[] = ['reviewer', 'lead']) =>
    job({ round: round({ approvals: stepRoles.length, approvers, stepRoles }) })

  it('is for whoever has the role of an approval that is left', () => {
    expect(can(person(['reviewer']), 'claim', steps([])).allowed).toBe(true)
    expect(can(person(['lead']), 'claim', steps(['rita'])).allowed).toBe(true)
    expect(can(person(['reviewer']), 'claim', steps(['rita']))).toEqual({
      allowed: false,
      code: 'rule',
      why: 'What is left to approve is for a lead.',
    })
    expect(can(person(['reviewer']), 'claim', steps(['rita'], ['reviewer', 'lead', 'owner', 'lead']))).toMatchObject({
      why: 'What is left to approve is for a lead or an owner.',
    })
  })

  it('is no condition of an edit, nor of asking for changes', () => {
    const left = allowedCommands(person(['reviewer']), steps(['rita']))
    expect(left).toEqual(['retry', 'abandon', 'snooze', 'mark', 'revise', 'comment'])
  })
})

describe('upholding', () => {
  it('needs a round that reopen opened', () => {
    for (const openedBy of ['hold', 'undo'] as const) {
      expect(can(person(['reviewer']), 'uphold', job({ round: round({ openedBy }) })).allowed).toBe(false)
    }
    expect(can(person(['reviewer']), 'uphold', job({ round: round({ openedBy: 'reopen' }) })).allowed).toBe(true)
  })

  it('is accepting: neither the excluded requester nor a key without a person may', () => {
    const facts = job({ requesterId: 'dana', round: round({ openedBy: 'reopen', requesterMayApprove: false }) })
    expect(can(person(['owner']), 'uphold', facts).allowed).toBe(false)
    expect(can(serviceKey(['reviewer']), 'uphold', facts).allowed).toBe(false)
  })
})

describe('taking an approval back', () => {
  const approved = (secondsAgo: number, userId: string | null = 'dana', command: Command = 'approve') =>
    job({ state: 'completed', lastDecision: { command, userId, at: new Date(now.getTime() - secondsAgo * 1_000) } })

  it('is for who approved, within the grace of the workflow', () => {
    expect(can(person(['reviewer']), 'undo', approved(60))).toEqual({ allowed: true })
    expect(can(person(['reviewer']), 'undo', approved(61))).toMatchObject({ allowed: false, code: 'rule' })
    expect(can(person(['reviewer']), 'undo', { ...approved(1), undoSeconds: 0 }).allowed).toBe(false)
  })

  it('is for nobody else, whatever their role, and only after an approval', () => {
    for (const role of roles) expect(can(person([role], 'kim'), 'undo', approved(1)).allowed).toBe(false)
    expect(can(person(['reviewer']), 'undo', approved(1, 'dana', 'uphold')).allowed).toBe(false)
    expect(can(person(['reviewer']), 'undo', job({ state: 'completed' })).allowed).toBe(false)
    expect(can(serviceKey(['reviewer']), 'undo', approved(1, null)).allowed).toBe(false)
  })

  it('ends with the role that allowed it', () => {
    expect(can(person(['requester']), 'undo', { ...approved(1), requesterId: 'dana' }).allowed).toBe(false)
  })
})

describe('reopening', () => {
  it('needs a kept result', () => {
    const facts = job({ state: 'failed', hasResult: false })
    expect(can(person(['support']), 'reopen', facts)).toMatchObject({ allowed: false, code: 'state' })
    expect(can(person(['support']), 'reopen', { ...facts, hasResult: true })).toEqual({ allowed: true })
  })
})

describe('reading', () => {
  it('is everything for reviewer, support, lead and owner', () => {
    for (const role of ['reviewer', 'support', 'lead', 'owner'] as const) {
      expect(readScope(person([role]))).toEqual({})
      expect(mayRead(person([role]), { requesterId: 'rob' })).toBe(true)
    }
  })

  it('is their own jobs for a requester', () => {
    expect(readScope(person(['requester']))).toEqual({ OR: [{ requesterId: 'dana' }] })
    expect(mayRead(person(['requester']), { requesterId: 'dana' })).toBe(true)
    expect(mayRead(person(['requester']), { requesterId: 'rob' })).toBe(false)
    expect(can(person(['requester']), 'comment', job())).toMatchObject({ allowed: false, code: 'hidden' })
  })

  it('is what it asked for itself for a service key', () => {
    expect(readScope(serviceKey(['requester']))).toEqual({ OR: [{ requesterKeyId: 'key-1' }] })
    expect(mayRead(serviceKey(['requester']), { requesterId: null, requesterKeyId: 'key-1' })).toBe(true)
    expect(mayRead(serviceKey(['requester']), { requesterId: null, requesterKeyId: 'key-2' })).toBe(false)
    expect(mayRead(serviceKey(['requester']), { requesterId: null, requesterKeyId: null })).toBe(false)
  })

  it('is nothing without a role', () => {
    expect(readScope(person([]))).toEqual({ OR: [] })
    expect(mayRead(person([]), { requesterId: 'dana' })).toBe(false)
  })
})

describe('roles', () => {
  it('include narrower ones: a lead reviews and supports, an owner does everything', () => {
    expect(roles.filter((role) => hasRole({ roles: ['lead'] }, role))).toEqual(['reviewer', 'support', 'lead'])
    expect(roles.filter((role) => hasRole({ roles: ['owner'] }, role))).toEqual([...roles])
    expect(expandRoles(['lead', 'reviewer']).sort()).toEqual(['lead', 'reviewer', 'support'])
  })
})

describe('a refusal', () => {
  it('says who may, or what stands against it', () => {
    expect(can(person(['support']), 'approve', job())).toEqual({
      allowed: false,
      code: 'role',
      why: 'Only a reviewer may do that.',
    })
    expect(can(person(['reviewer']), 'retry', job({ state: 'running' }))).toEqual({
      allowed: false,
      code: 'state',
      why: 'Retry is not possible now: the job is “Running”.',
    })
  })
})
