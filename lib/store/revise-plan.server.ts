/** Revising: a person's edit of a result becomes a revision of it, with a hash, evidence and checks of its own. */
import { v7 as uuidv7 } from 'uuid'
import { documentTexts } from '@/lib/documents/store.server'
import { runChecks } from '@/lib/evidence/checks'
import { collectEvidence } from '@/lib/evidence/collect'
import type { Prisma } from '@/lib/generated/prisma/client'
import { termsText } from '@/lib/history/terms-before'
import { putText } from './blobs.server'
import type { Planner } from './command-plans.server'
import type { Tx } from './db.server'
import { InvalidInput } from './errors'
import type { Facts } from './facts.server'
import { askingNoLess, jsonOf, resultTerms } from './round-terms.server'
import { sanitiseJson, sanitiseText } from './sanitise'

/** The edited text, checked anew, becomes what the round is about. Approvals given so far no longer count. */
export const planRevise: Planner = async (tx, facts, { actor, params, now }) => {
  const { round, job, definition } = facts
  if (round === null || round.resultId === null || round.attemptId === null || actor.userId === null) {
    throw new InvalidInput('There is no result to edit.')
  }
  const before = await tx.result.findUniqueOrThrow({ where: { id: round.resultId } })
  const edited = sanitiseText(params.text ?? '')
  refuseUnusable(edited, before.text)
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
  // What happens at its deadline was settled when it opened.
  const { atDeadline: _a, escalateHours: _e, ...terms } = columns
  const termsBefore = await putText(tx, termsText(round))
  return {
    round,
    wakeAt: job.dueAt,
    detail: { result: sha256, revises: before.sha256, termsBefore },
    after: async () => {
      await voidApprovals(tx, facts, now)
      await tx.reviewRound.update({
        where: { id: round.id },
        data: { resultId: result.id, resultHash: sha256, ...askingNoLess(terms, round) },
      })
    },
  }
}

/** Compared as it is kept: what sanitises to the same text changes nothing. */
function refuseUnusable(text: string, before: string): void {
  const detail =
    text.trim() === ''
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

async function voidApprovals(tx: Tx, { round }: Facts, now: Date): Promise<void> {
  await tx.decision.updateMany({
    where: { roundId: round?.id ?? '', command: { in: ['approve', 'endorse'] }, voidedAt: null },
    data: { voidedAt: now },
  })
}
