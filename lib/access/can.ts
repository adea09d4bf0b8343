/**
 * Who may do what. Pure: the rules are the `by`, `from` and `rounds` of the life-cycle table plus the few that depend
 * on the person. Pages, lists, actions and the API all ask here; the database enforces what must hold against code.
 */
import type { Actor } from '@/lib/access/actor'
import { waitsToBeConfirmed } from '@/lib/deliveries/confirmation'
import type { Prisma } from '@/lib/generated/prisma/client'
import type { DeliveryState } from '@/lib/lifecycle/next-action'
import {
  admitsRound,
  type Command,
  commandInfo,
  commandNames,
  type Giver,
  type Role,
  type RoundKind,
  roles,
  type State,
  states,
} from '@/lib/lifecycle/table'

/** What a permission depends on, of a job as it stands now. */
export type JobFacts = {
  state: State
  requesterId: string | null
  /** The key that asked for the job: a service key, which is no person, may still see what it asked for. */
  requesterKeyId?: string | null
  /** The open round; null outside `awaiting_review`. */
  round: RoundFacts | null
  /** The result that the open round is about was accepted before, and not taken back. Needed to uphold. */
  wasAccepted: boolean
  /** A call of the job may still be under way at the provider. */
  hasLiveCall?: boolean
  /** A whole result was kept, from any attempt. */
  hasResult: boolean
  /** The last decision of the job, in any round, that has not been voided. */
  lastDecision: { command: Command; userId: string | null; at: Date } | null
  /** What was let leave. */
  deliveries?: readonly {
    state: DeliveryState
    kind: string
    hasBegun: boolean
    /** It is what the last acceptance let leave, and nobody took that back. Absent: it is. */
    isNewest?: boolean
    /** Why it cannot be confirmed, though it waits for that. Absent: nothing stands against it. */
    againstConfirming?: string | null
  }[]
  /** How long an approval may be taken back, from the workflow; 0: never. */
  undoSeconds: number
  now: Date
}

export type RoundFacts = {
  kind: RoundKind
  openedBy: 'hold' | 'reopen' | 'undo'
  /** The policy as it stood when the round opened. */
  requesterMayApprove: boolean
  /** How many different people must approve. */
  approvals: number
  /** The people whose approval of the current hash counts so far. */
  approvers: readonly string[]
  /** Named roles in the order in which they approve; empty: anyone who reviews. */
  stepRoles?: readonly Role[]
  blind?: boolean
  /** Its workflow delivers, and nothing can be sent as it stands. */
  hasDeliveryProblem?: boolean
  /** Who holds a place in it now. */
  claims?: readonly { userId: string; until: Date }[]
}

/** Why not: `hidden` answers 404, `role` and `rule` 403, `state` 409. */
export type RefusalCode = 'hidden' | 'role' | 'state' | 'rule'
/** `why` is a sentence for the person who asked. */
export type Permission = { allowed: true } | { allowed: false; code: RefusalCode; why: string }

/** What each role includes beside itself. A person may do what any of their roles may. */
const INCLUDES: Record<Role, readonly Role[]> = {
  requester: [],
  reviewer: [],
  support: [],
  lead: ['reviewer', 'support'],
  owner: ['requester', 'reviewer', 'support', 'lead'],
}

/** These roles see every job; a requester only sees their own. */
const READS_ALL: readonly Role[] = ['reviewer', 'support', 'lead']

/** `given` with everything that its roles include, without duplicates. */
export function expandRoles(given: readonly Role[]): Role[] {
  return [...new Set(given.flatMap((role) => [role, ...INCLUDES[role]]))]
}

/** True where `actor` holds `role`, itself or through a wider one. */
export function hasRole(actor: Pick<Actor, 'roles'>, role: Role): boolean {
  return actor.roles.some((held) => held === role || INCLUDES[held].includes(role))
}

/** The roles that are one of `wanted` or include one of them. */
export function rolesWith(wanted: readonly Role[]): Role[] {
  return roles.filter((role) => expandRoles([role]).some((held) => wanted.includes(held)))
}

/** True where `person` has the role of an approval that is left. A round that names no roles leaves it to anyone. */
export function hasStepLeft(
  person: Pick<Actor, 'roles'>,
  { stepRoles = [], approvers }: Pick<RoundFacts, 'stepRoles' | 'approvers'>,
): boolean {
  return stepRoles.length === 0 || stepRoles.slice(approvers.length).some((role) => hasRole(person, role))
}

/** True where `actor` sees every job, not only their own. */
export function readsEverything(actor: Pick<Actor, 'roles'>): boolean {
  return READS_ALL.some((role) => hasRole(actor, role))
}

/** Which jobs `actor` may see, as a condition for every list and look-up. */
export function readScope(actor: Actor): Prisma.JobWhereInput {
  if (readsEverything(actor)) return {}
  const own: Prisma.JobWhereInput[] = []
  if (hasRole(actor, 'requester')) {
    if (actor.userId !== null) own.push({ requesterId: actor.userId })
    else if (actor.apiKeyId !== null) own.push({ requesterKeyId: actor.apiKeyId })
  }
  // An empty OR matches nothing: whoever holds no role sees nothing.
  return { OR: own }
}

/** `readScope`, for one job that was already read. */
export function mayRead(actor: Actor, job: Pick<JobFacts, 'requesterId' | 'requesterKeyId'>): boolean {
  return readsEverything(actor) || isOwnRequester(actor, job)
}

/** Which of the two an approval given now would be: `approve` satisfies the policy, `endorse` asks for more people. */
export function approvalCommand(round: Pick<RoundFacts, 'approvals' | 'approvers'>): 'approve' | 'endorse' {
  return round.approvers.length + 1 >= round.approvals ? 'approve' : 'endorse'
}

/**
 * Whether `actor` may give `command` to `job` now. `job` is null for `create`, and only for it. The command's own code
 * still checks what depends on its parameters: the note, the hash, a new due time.
 */
export function can(actor: Actor, command: Command, job: JobFacts | null): Permission {
  const row = commandInfo(command)
  if (row.label === null) return refuse('role', 'Only a worker does that; no person may.')
  if (job === null || command === 'create') return canCreate(actor, command, job)
  if (!mayRead(actor, job)) return refuse('hidden', 'There is no such job, or you may not see it.')
  if (!row.by.some((giver) => mayGive(actor, giver, job))) return refuse('role', whoMay(row.by))
  if (!row.from.includes(job.state)) return refuse('state', wrongState(row.label, job.state))
  if (job.state === 'awaiting_review' && !admitsRound(command, job.round?.kind ?? null)) {
    return refuse('state', `${row.label} does not answer what this job waits for.`)
  }
  return RULES[command]?.(actor, job) ?? { allowed: true }
}

/**
 * What `actor` may do with `job` now, in the order of the table. `approve` stands for `endorse` too: the button and the
 * API say approve, and the server tells which of the two it was.
 */
export function allowedCommands(actor: Actor, job: JobFacts): Command[] {
  const given = commandNames
    .filter((command) => can(actor, command, job).allowed)
    .map((command): Command => (command === 'endorse' ? 'approve' : command))
  return [...new Set(given)]
}

type Rule = (actor: Actor, job: JobFacts) => Permission | null

/** What a command asks for beside role, state and kind of round. null: nothing stands against it. */
const RULES: Partial<Record<Command, Rule>> = {
  approve: (actor, job) => mayApprove(actor, job) ?? rightApproval('approve', job),
  endorse: (actor, job) => mayApprove(actor, job) ?? rightApproval('endorse', job),
  uphold: (actor, job) => {
    if (job.round?.openedBy !== 'reopen') {
      return refuse('state', 'Only a job that was reopened has an earlier decision to uphold.')
    }
    if (!job.wasAccepted) {
      return refuse('state', 'This result was not accepted before. Approve it, or abandon the job.')
    }
    return mayAccept(actor, job)
  },
  wait: (_actor, job) =>
    job.round?.kind !== 'trouble' || job.hasLiveCall === true
      ? null
      : refuse('state', 'No call of this job is under way, so there is nothing to wait for.'),
  undo: (_actor, job) => {
    // What an earlier acceptance let leave was left behind by the one that is taken back.
    const own = job.deliveries?.filter(({ isNewest = true }) => isNewest)
    if (own?.some(({ state, hasBegun }) => hasBegun || (state !== 'pending' && state !== 'withdrawn'))) {
      return refuse('rule', 'It has left already. Reopen the job to correct it.')
    }
    const age = job.lastDecision ? job.now.getTime() - job.lastDecision.at.getTime() : Number.POSITIVE_INFINITY
    if (age <= job.undoSeconds * 1_000) return null
    return refuse('rule', 'The time in which an approval can be taken back is over. Reopen the job instead.')
  },
  claim: (actor, job) => {
    const { round } = job
    if (actor.userId === null) return refuse('rule', 'A key of a service cannot claim: it is nobody.')
    const mine = round?.claims?.some(({ userId }) => userId === actor.userId)
    return mine ? refuse('state', 'You hold it already.') : mayFill(actor, job)
  },
  release: (actor, { round }) => {
    const held = round?.claims ?? []
    const may = hasRole(actor, 'lead') ? held.length > 0 : held.some(({ userId }) => userId === actor.userId)
    return may ? null : refuse('state', 'You do not hold it.')
  },
  mark: (actor) => (actor.userId === null ? refuse('rule', 'Marking a claim is for a person.') : null),
  revise: (actor, { round }) => {
    if (actor.userId === null) return refuse('rule', 'A revision is a person’s: use the key of one, or sign in.')
    return round?.blind
      ? refuse('rule', 'Nobody may change what others decide on unseen. Request changes instead.')
      : null
  },
  redeliver: (_actor, job) => {
    if (!hasDelivery(job, ['failed', 'unknown'])) return refuse('state', 'No delivery of this job has failed.')
    const current = job.deliveries?.filter(({ isNewest = true }) => isNewest)
    return hasDelivery({ deliveries: current }, ['failed', 'unknown'])
      ? null
      : refuse('state', 'What let it leave no longer stands. Reopen the job, and approve it again.')
  },
  withdraw: (_actor, job) =>
    hasDelivery(job, ['pending', 'failed', 'unknown'])
      ? null
      : refuse('state', 'Nothing of this job can be withdrawn: nothing waits to be sent.'),
  confirm: (_actor, job) => {
    const waiting = job.deliveries?.filter(waitsToBeConfirmed) ?? []
    const against = waiting.map(({ againstConfirming = null }) => againstConfirming)
    if (against.includes(null)) return null
    return refuse('state', against[0] ?? 'No delivery of this job waits to be confirmed.')
  },
  reopen: (_actor, job) =>
    job.hasResult ? null : refuse('state', 'There is no result to reopen. Retry the job instead.'),
}

/** A place in the round is one of those that are still to be filled: whoever may not fill one keeps none from others. */
function mayFill(actor: Actor, { round, requesterId }: JobFacts): Permission | null {
  if (round?.kind !== 'result' || actor.userId === null) return null
  if (round.approvers.includes(actor.userId)) {
    return refuse('rule', 'You have approved this already. The place that is left is for another person.')
  }
  if (!round.requesterMayApprove && requesterId === actor.userId) {
    return refuse('rule', 'You asked for this job, and its policy wants somebody else to approve it.')
  }
  if (!hasStepLeft(actor, round)) return refuse('rule', `What is left to approve is for ${stepsLeft(round)}.`)
  return null
}

function stepsLeft({ stepRoles = [], approvers }: RoundFacts): string {
  return anyOf(stepRoles.slice(approvers.length))
}

function hasDelivery({ deliveries = [] }: Pick<JobFacts, 'deliveries'>, among: readonly DeliveryState[]): boolean {
  return deliveries.some(({ state }) => among.includes(state))
}

function canCreate(actor: Actor, command: Command, job: JobFacts | null): Permission {
  if (command !== 'create') return refuse('hidden', 'There is no such job, or you may not see it.')
  if (!hasRole(actor, 'requester')) return refuse('role', whoMay(commandInfo('create').by))
  if (job !== null) return refuse('state', 'The job was already started.')
  return { allowed: true }
}

function mayGive(actor: Actor, giver: Giver, job: JobFacts): boolean {
  switch (giver) {
    case 'worker':
      return false
    case 'own requester':
      return isOwnRequester(actor, job)
    case 'decider':
      return isDecider(actor, job)
    default:
      return hasRole(actor, giver)
  }
}

function isOwnRequester(actor: Actor, job: Pick<JobFacts, 'requesterId' | 'requesterKeyId'>): boolean {
  if (!hasRole(actor, 'requester')) return false
  if (actor.userId !== null) return job.requesterId === actor.userId
  return actor.apiKeyId !== null && job.requesterKeyId === actor.apiKeyId
}

/** Taking back is for the very person who approved, an owner not excepted: anybody else reopens, with a reason. */
function isDecider(actor: Actor, job: JobFacts): boolean {
  const last = job.lastDecision
  if (actor.userId === null || last === null || last.command !== 'approve') return false
  return last.userId === actor.userId && hasRole(actor, 'reviewer')
}

/** Against accepting a result, alone or as one of several. */
function mayAccept(actor: Actor, job: JobFacts): Permission | null {
  const round = job.round
  if (round === null) return refuse('state', 'No review round is open.')
  if (actor.userId === null) {
    return refuse(
      'rule',
      'This key belongs to a service. The policy asks for a person: use the key of one, or sign in.',
    )
  }
  if (!round.requesterMayApprove && job.requesterId === actor.userId) {
    return refuse('rule', 'You asked for this job, and its policy wants somebody else to approve it.')
  }
  return null
}

function mayApprove(actor: Actor, job: JobFacts): Permission | null {
  const against = mayAccept(actor, job)
  if (against !== null) return against
  if (actor.userId !== null && job.round?.approvers.includes(actor.userId)) {
    return refuse('rule', 'You have approved this already. The policy asks for another person.')
  }
  if (job.round?.hasDeliveryProblem) {
    return refuse('rule', 'What it should deliver cannot be sent as it stands. Edit it, or request changes.')
  }
  const wanted = job.round?.stepRoles?.[job.round.approvers.length]
  if (wanted !== undefined && !hasRole(actor, wanted)) {
    return refuse('rule', `The next approval is for ${GIVER_WORDS[wanted]}.`)
  }
  return null
}

function rightApproval(command: 'approve' | 'endorse', job: JobFacts): Permission | null {
  if (job.round === null || approvalCommand(job.round) === command) return null
  return command === 'approve'
    ? refuse('state', 'The policy asks for more people: this approval is recorded as one of several.')
    : refuse('state', 'This approval satisfies the policy: it completes the job.')
}

const GIVER_WORDS: Record<Giver, string> = {
  requester: 'a requester',
  reviewer: 'a reviewer',
  support: 'support',
  lead: 'a lead',
  owner: 'an owner',
  worker: 'a worker',
  'own requester': 'whoever asked for the job',
  decider: 'whoever approved it',
}

function whoMay(by: readonly Giver[]): string {
  return `Only ${anyOf(by)} may do that.`
}

function anyOf(givers: readonly Giver[]): string {
  const words = [...new Set(givers)].map((giver) => GIVER_WORDS[giver])
  const last = words.pop() ?? 'nobody'
  return words.length > 0 ? `${words.join(', ')} or ${last}` : last
}

function wrongState(label: string, state: State): string {
  return `${label} is not possible now: the job is “${states[state].label}”.`
}

function refuse(code: RefusalCode, why: string): { allowed: false; code: RefusalCode; why: string } {
  return { allowed: false, code, why }
}
