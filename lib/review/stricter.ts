/**
 * Which of two policies asks for more. A rule over the result may only ever add to what its workflow asks for: files
 * that say otherwise are refused, and choosing a policy does not rely on that. Pure, without imports that need a server.
 */
import type { RiskRule, StepRole, WorkflowDefinition } from '@/lib/workflows/definition'

type Ask = RiskRule['ask']
type Base = Pick<WorkflowDefinition['review'], 'approvals' | 'requesterMayApprove' | 'roles' | 'blind' | 'individually'>

/** What a role may do beside itself, as everywhere: a lead what reviewers and support may, an owner everything. */
const COVERS: Record<StepRole, readonly StepRole[]> = {
  reviewer: ['reviewer'],
  support: ['support'],
  lead: ['lead', 'reviewer', 'support'],
  owner: ['owner', 'lead', 'reviewer', 'support'],
}

/** Whether whoever satisfies `asked`, in its order, has satisfied every step of `base` too. */
export function coversRoles(asked: readonly StepRole[], base: readonly StepRole[]): boolean {
  let next = 0
  for (const role of asked) {
    const wanted = base[next]
    if (wanted !== undefined && COVERS[role].includes(wanted)) next += 1
  }
  return next === base.length
}

/** The fields in which `ask` asks for less than `base`, in the order in which they are written. */
export function fieldsAskingLess(ask: Ask, base: Base): (keyof Ask)[] {
  const fields: (keyof Ask)[] = []
  if (ask.approvals !== undefined && ask.approvals < base.approvals) fields.push('approvals')
  if (ask.roles !== undefined && !coversRoles(ask.roles, base.roles ?? [])) fields.push('roles')
  if (ask.blind === false && base.blind === true) fields.push('blind')
  if (ask.individually === false && base.individually === true) fields.push('individually')
  return fields
}

/**
 * What `ask` and `base` ask for together: of each field the stricter one. Named roles are as many as approvals: where
 * the file left some out, the last of them is asked again rather than nobody.
 */
export function stricterOf(base: Base, ask: Ask) {
  const baseRoles = base.roles ?? []
  const named = ask.roles !== undefined && coversRoles(ask.roles, baseRoles) ? ask.roles : baseRoles
  const approvals = Math.max(base.approvals, ask.approvals ?? 0, named.length)
  const last = named.at(-1)
  const missing = last === undefined ? [] : Array.from({ length: approvals - named.length }, () => last)
  return {
    approvals,
    roles: [...named, ...missing],
    blind: base.blind === true || ask.blind === true,
    individually: base.individually === true || ask.individually === true,
    requesterMayApprove: base.requesterMayApprove && ask.requesterMayApprove !== false,
  }
}
