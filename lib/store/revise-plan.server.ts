/** Revising: a person's edit of a result becomes a revision of it, with a hash, evidence and checks of its own. */
import { v7 as uuidv7 } from 'uuid'
import { documentTexts } from '@/lib/documents/store.server'
import { runChecks } from '@/lib/evidence/checks'
import { collectEvidence } from '@/lib/evidence/collect'
import type { Prisma } from '@/lib/generated/prisma/client'
import { coversRoles, stricterOf } from '@/lib/review/stricter'
import type { StepRole } from '@/lib/workflows/definition'
import { putText } from './blobs.server'
import type { Planner } from './command-plans.server'
import type { Tx } from './db.server'
import { InvalidInput } from './errors'
import type { Facts } from './facts.server'
import { jsonOf, resultTerms } from './round-terms.server'
import { sanitiseJson, sanitiseText } from './sanitise'

/** The edited text, checked anew, becomes what the round is about. Approvals given so far no longer count. */
export const planRevise: Planner = async (tx, facts, { actor, params, now }) => {
  const { round, job, definition } = facts
  const text = params.text
  if (round === null || round.resultId === null || round.attemptId === null || actor.userId === null) {
    throw new InvalidInput('There is no result to edit.')
  }
  const before = await tx.result.findUniqueOrThrow({ where: { id: round.resultId } })
  refuseUnusable(text, before.text)
  const edited = sanitiseText(text ?? '')
  const json = jsonOf({ text: edited, json: null })
  if (before.json !== null && json === undefined) {
    const detail = 'The edited text is no JSON any more. Mend it, or take the edit back.'
    throw new InvalidInput(detail, [{ pointer: '/params/text', detail }])
  }
  const sha256 = await putText(tx, edited)
  const documents = await documentTexts(tx, job.id)
  const evidence = collectEvidence(definition, json, documents)
  const annotations = { findings: [], total: 0 }
  const checks = runChecks(definition, { complete: true, json, claims: evidence, documents, annotations })
  const revision = {
    id: uuidv7(),
    jobId: job.id,
    attemptId: round.attemptId,
    revision: await nextRevision(tx, round.attemptId),
    sha256,
    kind: before.kind,
    text: edited,
    json: json === undefined ? undefined : (sanitiseJson(json) as Prisma.InputJsonValue),
    evidence: sanitiseJson(evidence) as Prisma.InputJsonValue,
    checks: sanitiseJson(checks) as Prisma.InputJsonValue,
    createdBy: actor.userId,
    createdAt: now,
  }
  const result = await tx.result.create({ data: revision })
  const { columns } = await resultTerms(tx, { job, definition, result, at: round.openedAt })
  return {
    round,
    wakeAt: job.dueAt,
    detail: { result: sha256, revises: before.sha256 },
    after: async () => {
      await voidApprovals(tx, facts, now)
      await tx.reviewRound.update({
        where: { id: round.id },
        data: { resultId: result.id, resultHash: sha256, ...atLeast(round, columns) },
      })
    },
  }
}

function refuseUnusable(text: string | undefined, before: string): void {
  const detail =
    text === undefined || text.trim() === ''
      ? 'Give the edited text.'
      : text === before
        ? 'Nothing was changed. Edit the text, or approve it as it stands.'
        : null
  if (detail !== null) throw new InvalidInput(detail, [{ pointer: '/params/text', detail }])
}

async function nextRevision(tx: Tx, attemptId: string): Promise<number> {
  const { _max } = await tx.result.aggregate({ where: { attemptId }, _max: { revision: true } })
  return (_max.revision ?? 0) + 1
}

type Asked = Awaited<ReturnType<typeof resultTerms>>['columns']

/** A revision may ask for more people than what it revises, never for fewer: nobody edits themself past a policy. */
function atLeast(round: NonNullable<Facts['round']>, columns: Asked): Omit<Asked, 'atDeadline' | 'escalateHours'> {
  const { atDeadline: _a, escalateHours: _e, ...terms } = columns
  const people = stricterOf(
    { ...round, roles: stepRolesOf(round) },
    {
      approvals: columns.approvals,
      roles: stepRolesOf(columns),
      blind: columns.blind,
      individually: columns.individually,
      ...(columns.requesterMayApprove ? {} : { requesterMayApprove: false }),
    },
  )
  // What asks for all that is asked for is the reason; else what did so before.
  const isEnough = columns.approvals === people.approvals && coversRoles(stepRolesOf(columns), people.roles)
  const [first, second] = isEnough ? [columns, round] : [round, columns]
  return {
    ...terms,
    approvals: people.approvals,
    stepRoles: people.roles,
    blind: people.blind,
    individually: people.individually,
    requesterMayApprove: people.requesterMayApprove,
    policyRule: first.policyRule ?? second.policyRule,
    policyLabel: first.policyLabel ?? second.policyLabel,
    risk: Math.max(round.risk, columns.risk),
  }
}

const stepRolesOf = ({ stepRoles }: { stepRoles: string[] }) => stepRoles as StepRole[]

async function voidApprovals(tx: Tx, { round }: Facts, now: Date): Promise<void> {
  await tx.decision.updateMany({
    where: { roundId: round?.id ?? '', command: { in: ['approve', 'endorse'] }, voidedAt: null },
    data: { voidedAt: now },
  })
}
