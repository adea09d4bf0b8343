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
 * The fewest steps that satisfy both lists in their orders; where there are several such lists, the one in which whoever
 * may do more comes later. One of the two where it satisfies the other too.
 */
function rolesOfBoth(base: readonly StepRole[], ask: readonly StepRole[]): readonly StepRole[] {
  if (coversRoles(ask, base)) return ask
  if (coversRoles(base, ask)) return base
  // best[i][j]: of what is left of `base` from i on and of `ask` from j on; filled from the ends.
  const best: StepRole[][][] = Array.from({ length: base.length + 1 }, () => [])
  const at = (i: number, j: number) => best[i]?.[j] ?? []
  for (let i = base.length; i >= 0; i -= 1)
    for (let j = ask.length; j >= 0; j -= 1) {
      const [mine, theirs] = [base[i], ask[j]]
      const ways: StepRole[][] = []
      if (mine !== undefined) ways.push([mine, ...at(i + 1, j)])
      if (theirs !== undefined) ways.push([theirs, ...at(i, j + 1)])
      const both = mine === undefined || theirs === undefined ? null : strongerRole(mine, theirs)
      if (both !== null) ways.push([both, ...at(i + 1, j + 1)])
      const row = best[i]
      if (row !== undefined) row[j] = ways.reduce((a, b) => (isBetter(b, a) ? b : a), ways[0] ?? [])
    }
  return at(0, 0)
}

/** Of two the role that may do what the other may; null where neither may. */
function strongerRole(one: StepRole, other: StepRole): StepRole | null {
  if (COVERS[one].includes(other)) return one
  return COVERS[other].includes(one) ? other : null
}

function isBetter(one: readonly StepRole[], other: readonly StepRole[]): boolean {
  if (one.length !== other.length) return one.length < other.length
  const [mine, theirs] = [one[0], other[0]]
  return mine !== undefined && theirs !== undefined && mine !== theirs && COVERS[theirs].includes(mine)
}

/**
 * What `ask` and `base` ask for together: of each field the stricter one, and everybody whom either of them names. Named
 * roles are as many as approvals: where the file left some out, the last of them is asked again rather than nobody.
 */
export function stricterOf(base: Base, ask: Ask) {
  const named = rolesOfBoth(base.roles ?? [], ask.roles ?? [])
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
