/** Holding: a job stops for people, and exactly one round opens with it, which closes by itself where what was asked is known. */
import { v7 as uuidv7 } from 'uuid'
import type { Attempt, Job, Result } from '@/lib/generated/prisma/client'
import type { FailureClass } from '@/lib/lifecycle/failure'
import type { Role, RoundKind } from '@/lib/lifecycle/table'
import { tellWaits } from '@/lib/notices/tell.server'
import type { Tx } from '@/lib/store/db.server'
import type { EventDetail, Transport } from '@/lib/store/event-chain'
import { closeRound, type Facts, type OpenRound } from '@/lib/store/facts.server'
import { move, SYSTEM } from '@/lib/store/move.server'
import { plainTerms, type RoundTerms, resultTerms, type Terms } from '@/lib/store/round-terms.server'
import type { WorkflowDefinition } from '@/lib/workflows/definition'

export type Opening = {
  /** Of the round; a new one where absent. */
  id?: string
  job: Job
  definition: WorkflowDefinition
  number: number
  kind: RoundKind
  /** A code: why it was opened. */
  reason: string
  /** Null where the job was held before one was made. */
  attempt: Pick<Attempt, 'id' | 'number'> | null
  result: Pick<Result, 'id' | 'sha256'> | null
  now: Date
  transport: Transport
  failure: { class: FailureClass; code: string; signal: string } | null
  /** Of a round about a result, where they were worked out already. */
  terms?: Terms
  /** It would have been accepted by itself, and was drawn. */
  isSample?: boolean
}

/** Moves a running or queued job to `awaiting_review` and opens its round. */
export async function openRound(tx: Tx, opening: Opening): Promise<Job> {
  const { job, number, kind, reason, attempt, result, now, transport, failure, isSample = false } = opening
  const { columns, dueHours } = opening.terms ?? (await termsOf(tx, opening))
  const dueAt = new Date(now.getTime() + dueHours * 3_600_000)
  await tx.reviewRound.create({
    data: {
      id: opening.id ?? uuidv7(),
      jobId: job.id,
      number,
      kind,
      reason,
      openedBy: 'hold',
      attemptId: attempt?.id ?? null,
      resultId: result?.id ?? null,
      resultHash: result?.sha256 ?? null,
      ...columns,
      isSample,
      dueAt,
      openedAt: now,
    },
  })
  const held = await move(tx, job, {
    command: 'hold',
    actor: SYSTEM,
    transport,
    now,
    set: {
      dueAt,
      notBefore: null,
      failureClass: failure?.class ?? null,
      failureCode: failure?.code ?? null,
      failureSignal: failure?.signal ?? null,
    },
    round: { kind, dueAt },
    wakeAt: dueAt,
    detail: {
      ...(attempt === null ? {} : { attempt: attempt.number }),
      round: { number, kind },
      reason,
      ...(result === null ? {} : { result: result.sha256 }),
      ...(kind === 'result' ? { policy: policyDetail(columns, isSample) } : {}),
      ...(failure === null ? {} : { failure }),
    },
  })
  const excludesRequester = kind === 'result' && !columns.requesterMayApprove
  const role = (columns.stepRoles[0] as Role | undefined) ?? 'reviewer'
  await tellWaits(tx, held, { role, except: excludesRequester ? [job.requesterId] : [], now })
  return held
}

type Adopting = {
  now: Date
  transport: Transport
  wakeAt: Date
  /** The response that was found; or, where the call was refused after all, its attempt. */
  about: Pick<EventDetail, 'responseId'> | Pick<EventDetail, 'attempt'>
}

/** What people were asked about has answered itself: the round closes, and the job goes on, its clock beginning anew. */
export async function adopt(
  tx: Tx,
  { job, definition }: Pick<Facts, 'job' | 'definition'>,
  round: OpenRound,
  { now, transport, wakeAt, about }: Adopting,
): Promise<Job> {
  const adopted = await move(tx, job, {
    command: 'adopt',
    actor: { kind: 'provider', id: null },
    transport,
    now,
    set: {
      dueAt: new Date(now.getTime() + definition.limits.deadlineMinutes * 60_000),
      clockAt: now,
      failureClass: null,
      failureCode: null,
    },
    round: null,
    wakeAt,
    detail: { ...about, round: { number: round.number, kind: round.kind } },
  })
  await closeRound(tx, round, 'adopt', now)
  return adopted
}

async function termsOf(tx: Tx, { job, definition, kind, result, now }: Opening): Promise<Terms> {
  if (kind !== 'result' || result === null) return plainTerms(definition)
  const whole = await tx.result.findUniqueOrThrow({ where: { id: result.id } })
  return resultTerms(tx, { job, definition, result: whole, at: now })
}

/** What the history says of the policy: codes and numbers. */
function policyDetail(columns: RoundTerms, isSample: boolean): NonNullable<EventDetail['policy']> {
  return {
    approvals: columns.approvals,
    ...(columns.stepRoles.length > 0 ? { roles: columns.stepRoles } : {}),
    ...(columns.blind ? { blind: true } : {}),
    ...(columns.policyRule === null ? {} : { rule: columns.policyRule }),
    ...(isSample ? { sample: true } : {}),
  }
}
