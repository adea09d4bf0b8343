/** The rules of alerts: read and changed by leads, each change with who and what. */
import { v7 as uuidv7 } from 'uuid'
import type { Actor } from '@/lib/access/actor'
import { hasRole, readsEverything } from '@/lib/access/can'
import { parseRoles } from '@/lib/access/roles'
import type { AlertRule, AlertRuleChange, Prisma } from '@/lib/generated/prisma/client'
import { workflowNames } from '@/lib/money/stops.server'
import type { Db, Tx } from '@/lib/store/db.server'
import { Forbidden, InvalidInput, NotFound } from '@/lib/store/errors'
import { changeWords } from './change-words'
import { alertKindInfo, alertKindOf } from './kinds'
import { type RuleInput, type RuleView, ruleSchema } from './view'
import { thresholdWords } from './words'

/** More of them would be looked at too slowly, and read by nobody. */
export const MOST_RULES = 50
const CHANGES_SHOWN = 20

/** Somebody else changed it meanwhile. */
export class RuleMoved extends Error {
  override name = 'RuleMoved'
}

/** Every rule that was not retired, in the order of their kinds. */
export async function listRules(tx: Tx): Promise<RuleView[]> {
  const rules = await tx.alertRule.findMany({
    where: { retiredAt: null },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    include: { changes: { orderBy: { version: 'desc' }, take: CHANGES_SHOWN } },
  })
  const people = [...new Set(rules.flatMap((rule) => [...rule.people, ...rule.changes.map(({ by }) => by)]))]
  const users = await tx.user.findMany({ where: { id: { in: people } }, select: { id: true, name: true } })
  const names = new Map(users.map(({ id, name }) => [id, name]))
  const keys = rules.flatMap(({ workflowKey }) => (workflowKey === null ? [] : [workflowKey]))
  const workflows = await workflowNames(tx, keys)
  const readers = await readersAmong(tx, people)
  const kindOrder = Object.keys(alertKindInfo)
  return rules
    .flatMap((rule) => viewOf(rule, { names, workflows, readers }))
    .toSorted((a, b) => kindOrder.indexOf(a.kind) - kindOrder.indexOf(b.kind))
}

const GONE = 'Somebody who is no longer here'

function viewOf(
  rule: AlertRule & { changes: AlertRuleChange[] },
  { names, workflows, readers }: { names: Map<string, string>; workflows: Map<string, string>; readers: Set<string> },
): RuleView[] {
  const input = inputOf(rule)
  if (input === null) return []
  const namesOf = (people: string[]) => people.map((person) => names.get(person) ?? GONE)
  const { id, version, isBuiltIn } = rule
  return [
    {
      ...input,
      id,
      version,
      isBuiltIn,
      workflowName: input.workflowKey === null ? null : (workflows.get(input.workflowKey) ?? input.workflowKey),
      peopleNames: namesOf(input.people.filter((person) => readers.has(person))),
      lostNames: namesOf(input.people.filter((person) => !readers.has(person))),
      changes: rule.changes.map(({ version: to, at, by, before, after }) => ({
        version: to,
        at: at.toISOString(),
        by: names.get(by) ?? GONE,
        changed: changeWords(ruleSchema.safeParse(before).data ?? null, ruleSchema.safeParse(after).data ?? null),
      })),
    },
  ]
}

/** Null where another version of Holdpoint wrote a kind that this one does not know. */
function inputOf(rule: AlertRule): RuleInput | null {
  const kind = alertKindOf(rule.kind)
  if (kind === null) return null
  const { workflowKey, threshold, minutes, least, isOn, people, byEmail, address } = rule
  return { kind, workflowKey, threshold, minutes, least, isOn, people, byEmail, address }
}

/** Adds a rule. @throws {Forbidden} or {InvalidInput} */
export async function addRule(db: Db, actor: Actor, input: RuleInput, now: Date): Promise<string> {
  const by = requireLead(actor)
  return db.$transaction(async (tx) => {
    // One at a time: the count must hold.
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('alert_rules', 0))`
    if ((await tx.alertRule.count({ where: { retiredAt: null } })) >= MOST_RULES) {
      throw new InvalidInput(`There are ${MOST_RULES} rules already. Change or remove one.`)
    }
    const rule = await checked(tx, input, [])
    const id = uuidv7()
    await tx.alertRule.create({ data: { id, ...rule, createdAt: now } })
    await tx.alertRuleChange.create({ data: { ruleId: id, version: 1, at: now, by, after: asJson(rule) } })
    return id
  })
}

/**
 * Changes a rule. Its kind stays.
 * @throws {RuleMoved} where `version` is not the current one. @throws {Forbidden}, {NotFound} or {InvalidInput}
 */
export async function changeRule(
  db: Db,
  actor: Actor,
  { id, version }: { id: string; version: number },
  input: RuleInput,
  now: Date,
): Promise<void> {
  const by = requireLead(actor)
  await db.$transaction(async (tx) => {
    const before = await tx.alertRule.findUnique({ where: { id } })
    const was = before === null ? null : inputOf(before)
    if (before === null || was === null || before.retiredAt !== null) throw new NotFound('There is no such rule.')
    if (was.kind !== input.kind) throw new InvalidInput('A rule keeps its kind. Add another one.')
    const rule = await checked(tx, input, was.people)
    if (JSON.stringify(rule) === JSON.stringify(was)) return
    const { count } = await tx.alertRule.updateMany({
      where: { id, version, retiredAt: null },
      data: { ...rule, version: version + 1 },
    })
    if (count === 0) throw new RuleMoved('Somebody changed this rule meanwhile. See what it says now, and try again.')
    await tx.alertRuleChange.create({
      data: { ruleId: id, version: version + 1, at: now, by, before: asJson(was), after: asJson(rule) },
    })
  })
}

/** Removes a rule from the list: what it found keeps it. Built-in ones are switched off instead. */
export async function retireRule(db: Db, actor: Actor, id: string, now: Date): Promise<void> {
  const by = requireLead(actor)
  await db.$transaction(async (tx) => {
    const before = await tx.alertRule.findUnique({ where: { id } })
    const was = before === null ? null : inputOf(before)
    if (before === null || was === null || before.retiredAt !== null) throw new NotFound('There is no such rule.')
    if (before.isBuiltIn) throw new InvalidInput('A built-in rule is switched off, not removed.')
    const version = before.version + 1
    const { count } = await tx.alertRule.updateMany({
      where: { id, version: before.version, retiredAt: null },
      data: { retiredAt: now, isOn: false, version },
    })
    if (count === 0) throw new RuleMoved('Somebody changed this rule meanwhile. See what it says now, and try again.')
    const after = { ...was, isOn: false }
    await tx.alertRuleChange.create({
      data: { ruleId: id, version, at: now, by, before: asJson(was), after: asJson(after) },
    })
  })
}

/** Who can be named by a rule: active people who may read what it is about. */
export async function listRecipients(tx: Tx): Promise<{ id: string; name: string }[]> {
  const people = await tx.user.findMany({
    where: { deactivatedAt: null },
    orderBy: [{ name: 'asc' }, { id: 'asc' }],
    select: { id: true, name: true, roles: true },
  })
  return people
    .filter(({ roles }) => readsEverything({ roles: parseRoles(roles) }))
    .map(({ id, name }) => ({ id, name }))
}

/** Those of these people whom a rule can name. */
export async function readersAmong(tx: Tx, people: readonly string[]): Promise<Set<string>> {
  if (people.length === 0) return new Set()
  const known = new Set((await listRecipients(tx)).map(({ id }) => id))
  return new Set(people.filter((person) => known.has(person)))
}

function requireLead(actor: Actor): string {
  if (!hasRole(actor, 'lead') || actor.userId === null)
    throw new Forbidden('Only a lead or an owner may change alerts.')
  return actor.userId
}

/**
 * The rule as it is kept. Whom it named before and may not read alerts any more is dropped: whoever changes it did not
 * choose them now.
 * @throws {InvalidInput} pointing at each part that cannot be used.
 */
async function checked(tx: Tx, input: RuleInput, namedBefore: readonly string[]): Promise<RuleInput> {
  const { kind, workflowKey, threshold, minutes, least, people, address } = input
  const info = alertKindInfo[kind]
  const errors: { pointer: string; detail: string }[] = []
  if (!Number.isFinite(threshold) || threshold < info.least || threshold > info.most) {
    const [from, to] = [thresholdWords(kind, info.least), thresholdWords(kind, info.most)]
    errors.push({ pointer: '/threshold', detail: `Between ${from} and ${to}.` })
  }
  if (info.usual.minutes !== null && !isWithin(minutes, 1, 7 * 24 * 60)) {
    errors.push({ pointer: '/minutes', detail: 'A whole number of minutes, up to a week.' })
  }
  if (info.usual.least !== null && !isWithin(least, 1, 100_000)) {
    errors.push({ pointer: '/least', detail: 'A whole number of calls, at least 1.' })
  }
  if (
    workflowKey !== null &&
    (!info.isOfWorkflow || (await tx.workflow.count({ where: { key: workflowKey } })) === 0)
  ) {
    errors.push({ pointer: '/workflowKey', detail: 'There is no such workflow.' })
  }
  const readers = await readersAmong(tx, people)
  if (people.some((person) => !readers.has(person) && !namedBefore.includes(person))) {
    errors.push({ pointer: '/people', detail: 'Somebody on this list may not read it any more.' })
  }
  const sendTo = address === null || address.trim() === '' ? null : address.trim()
  if (sendTo !== null && !isAddress(sendTo)) {
    errors.push({
      pointer: '/address',
      detail: 'An address that begins with https:// or http://, without a name and a password.',
    })
  }
  if (errors.length > 0) throw new InvalidInput('The rule cannot be used as it stands.', errors)
  return {
    ...input,
    // What a kind does not have is not kept.
    workflowKey: info.isOfWorkflow ? workflowKey : null,
    minutes: info.usual.minutes === null ? null : minutes,
    least: info.usual.least === null ? null : least,
    people: [...readers],
    address: sendTo,
  }
}

const isWithin = (value: number | null, from: number, to: number): boolean =>
  value !== null && Number.isInteger(value) && value >= from && value <= to

function isAddress(text: string): boolean {
  if (!URL.canParse(text)) return false
  const url = new URL(text)
  return /^https?:$/.test(url.protocol) && url.username === '' && url.password === ''
}

const asJson = (rule: RuleInput) => rule as unknown as Prisma.InputJsonValue
