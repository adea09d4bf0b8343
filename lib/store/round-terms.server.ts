/** Under which terms a round waits: what its policy asks for, and what approving it lets leave. */
import { type DeliveryContext, deliveryHash, type Planned, planDelivery } from '@/lib/deliveries/plan'
import { deliveryFolder } from '@/lib/deliveries/send.server'
import { readSentBefore } from '@/lib/deliveries/sent-before.server'
import { env } from '@/lib/env.server'
import type { Check, Claim } from '@/lib/evidence/types'
import type { Job, Result, ReviewRound } from '@/lib/generated/prisma/client'
import { type ChosenPolicy, choosePolicy } from '@/lib/review/policy'
import { coversRoles, stricterOf } from '@/lib/review/stricter'
import type { StepRole, WorkflowDefinition } from '@/lib/workflows/definition'
import { putBlob, readText } from './blobs.server'
import type { Tx } from './db.server'

/** The columns of a round that say so. */
export type RoundTerms = Pick<
  ReviewRound,
  | 'approvals'
  | 'requesterMayApprove'
  | 'stepRoles'
  | 'blind'
  | 'individually'
  | 'policyRule'
  | 'policyLabel'
  | 'atDeadline'
  | 'escalateHours'
  | 'risk'
  | 'deliveryKind'
  | 'deliveryTo'
  | 'deliverySha256'
  | 'deliveryHash'
  | 'deliveryCorrects'
  | 'deliveryProblem'
>

export type Terms = {
  /** As the policy says; 0: nobody, once every check passes. A round asks for one at least. */
  approvals: number
  dueHours: number
  columns: RoundTerms
}

const NOTHING_LEAVES = {
  deliveryKind: null,
  deliveryTo: null,
  deliverySha256: null,
  deliveryHash: null,
  deliveryCorrects: null,
  deliveryProblem: null,
} as const

/** The terms of a round that is not about a result: one person looks, whoever reviews. */
export function plainTerms({ review }: WorkflowDefinition): Terms {
  return {
    approvals: review.approvals,
    dueHours: review.dueHours,
    columns: {
      approvals: Math.max(review.approvals, 1),
      requesterMayApprove: review.requesterMayApprove,
      stepRoles: [],
      blind: false,
      individually: false,
      policyRule: null,
      policyLabel: null,
      atDeadline: review.atDeadline ?? 'expires',
      escalateHours: review.escalateHours ?? 24,
      // What it stopped for is not known to be harmless.
      risk: 1,
      ...NOTHING_LEAVES,
    },
  }
}

/** A result as its terms are worked out from it. `json` is read from the text where that is JSON, whose order it keeps. */
export type ResultForTerms = Pick<Result, 'sha256' | 'text' | 'json' | 'evidence' | 'checks'>

/**
 * The terms of a round about `result`: the policy that its workflow or a rule over the result chooses, and the exact
 * bytes that approving it sends, which are stored.
 * @param at when the round opens: the same for the same round, so that a plan made twice has the same bytes.
 */
export async function resultTerms(
  tx: Tx,
  { job, definition, result, at }: { job: Job; definition: WorkflowDefinition; result: ResultForTerms; at: Date },
): Promise<Terms> {
  const json = jsonOf(result)
  const planned = await planOf(tx, { job, definition, result, at, json })
  const policy = choosePolicy(definition, {
    json,
    claims: result.evidence as unknown as Claim[],
    checks: result.checks as unknown as Check[],
    delivery: planned.plan,
  })
  return {
    approvals: policy.approvals,
    dueHours: policy.dueHours,
    columns: { ...policyColumns(policy), ...(await deliveryColumns(tx, planned)) },
  }
}

/** The value that the text of a result is; undefined where it is no JSON. */
export function jsonOf({ text, json }: Pick<Result, 'text' | 'json'>): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return json ?? undefined
  }
}

async function planOf(
  tx: Tx,
  {
    job,
    definition,
    result,
    at,
    json,
  }: { job: Job; definition: WorkflowDefinition; result: ResultForTerms; at: Date; json: unknown },
): Promise<Planned> {
  if (definition.delivery.kind === 'none') return { plan: null, problem: null }
  // One after another: a transaction has one connection.
  const input = await readText(tx, job.inputSha256)
  const where = { id: job.workflowVersionId }
  const { version } = await tx.workflowVersion.findUniqueOrThrow({ where, select: { version: true } })
  const context: DeliveryContext = {
    job: { id: job.id, number: job.number, title: job.title, reference: job.reference },
    workflow: { key: definition.key, version, name: definition.name },
    input: input === null ? {} : (JSON.parse(input) as Record<string, unknown>),
    result: { hash: result.sha256, text: result.text, json: json ?? null },
    at,
    mailFrom: env().HOLDPOINT_MAIL_FROM,
    folder: deliveryFolder(env()),
    sent: await readSentBefore(tx, job.id),
  }
  return planDelivery(definition.delivery, context)
}

function policyColumns(policy: ChosenPolicy): Omit<RoundTerms, keyof typeof NOTHING_LEAVES> {
  return {
    approvals: Math.max(policy.approvals, 1),
    requesterMayApprove: policy.requesterMayApprove,
    stepRoles: policy.roles,
    blind: policy.blind,
    individually: policy.individually,
    policyRule: policy.rule?.id ?? null,
    policyLabel: policy.rule?.label ?? null,
    atDeadline: policy.atDeadline,
    escalateHours: policy.escalateHours,
    risk: policy.risk,
  }
}

async function deliveryColumns(
  tx: Tx,
  { plan, problem }: Planned,
): Promise<Pick<RoundTerms, keyof typeof NOTHING_LEAVES>> {
  if (plan === null) return { ...NOTHING_LEAVES, deliveryProblem: problem }
  const bytesSha256 = await putBlob(tx, plan.bytes)
  return {
    deliveryKind: plan.kind,
    deliveryTo: plan.destination,
    deliverySha256: bytesSha256,
    deliveryHash: deliveryHash({ ...plan, bytesSha256 }),
    deliveryCorrects: plan.corrects?.id ?? null,
    deliveryProblem: null,
  }
}

/** Whom a round asks, as it is recorded. */
type Asking = Pick<
  RoundTerms,
  'approvals' | 'stepRoles' | 'blind' | 'individually' | 'requesterMayApprove' | 'policyRule' | 'policyLabel' | 'risk'
>

/**
 * The terms of an edited result, which ask for no less than `before`: nobody edits themself past a policy, neither in
 * its round nor by reopening the job.
 */
export function askingNoLess<Terms extends Asking>(terms: Terms, before: Asking): Terms {
  const people = stricterOf(
    { ...before, roles: stepRolesOf(before) },
    {
      approvals: terms.approvals,
      roles: stepRolesOf(terms),
      blind: terms.blind,
      individually: terms.individually,
      ...(terms.requesterMayApprove ? {} : { requesterMayApprove: false }),
    },
  )
  // What asks for all that is asked for is the reason; else what did so before.
  const isEnough = terms.approvals === people.approvals && coversRoles(stepRolesOf(terms), people.roles)
  const [first, second] = isEnough ? [terms, before] : [before, terms]
  return {
    ...terms,
    approvals: people.approvals,
    stepRoles: people.roles,
    blind: people.blind,
    individually: people.individually,
    requesterMayApprove: people.requesterMayApprove,
    policyRule: first.policyRule ?? second.policyRule,
    policyLabel: first.policyLabel ?? second.policyLabel,
    risk: Math.max(before.risk, terms.risk),
  }
}

const stepRolesOf = ({ stepRoles }: { stepRoles: string[] }) => stepRoles as StepRole[]
