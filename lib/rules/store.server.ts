/** Versions of the failure rules. The newest is in force; a version is never changed. */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Actor } from '@/lib/access/actor'
import { hasRole } from '@/lib/access/can'
import type { Db, Tx } from '@/lib/store/db.server'
import { Forbidden, InvalidInput } from '@/lib/store/errors'
import { sanitiseText } from '@/lib/store/sanitise'
import { builtinRules } from './builtin'
import { ruleSetSchema, ruleShape } from './rule'
import type { Rule } from './types'

/** Somebody published another version meanwhile. The edge answers 409. */
export class RulesConflict extends Error {
  override name = 'RulesConflict'
  constructor(
    readonly basedOn: number,
    /** The version that is in force now: who published it and when. */
    readonly current: { version: number; authorId: string | null; at: Date },
  ) {
    super(`Version ${current.version} was published meanwhile; these rules were made from version ${basedOn}.`)
  }
}

export type RulesInForce = { version: number; rules: Rule[] }

/** As read before, by version and content: a version never changes, but there may be several databases in one process. */
const known = new Map<string, Rule[]>()
const MOST_KNOWN = 50

/** The rules in force, and their number. One small query; the rules themselves are read once for each version. */
export async function currentRules(tx: Tx): Promise<RulesInForce> {
  const [newest] = await tx.$queryRaw<{ version: number; hash: string }[]>`
    SELECT version, md5(rules::text) AS hash FROM failure_rule_set ORDER BY version DESC LIMIT 1`
  if (newest === undefined) {
    // Nothing was published yet: whoever asks first does it.
    await insertBuiltin(tx, 1)
    return { version: 1, rules: [...builtinRules] }
  }
  const key = `${newest.version}:${newest.hash}`
  const remembered = known.get(key)
  if (remembered !== undefined) return { version: newest.version, rules: remembered }
  const { rules: stored } = await tx.failureRuleSet.findUniqueOrThrow({ where: { version: newest.version } })
  const rules = readRules(stored)
  if (known.size >= MOST_KNOWN) known.clear()
  known.set(key, rules)
  return { version: newest.version, rules }
}

/** Stored rules were checked when they were published; a later release may be stricter, and they stay in force. */
export function readRules(stored: unknown): Rule[] {
  return z.array(ruleShape).parse(stored)
}

/** SHA-256 of rules as they would be stored: what a dry run was of. Keys in the order of the schema. */
export function rulesHash(rules: readonly Rule[]): string {
  return createHash('sha256')
    .update(JSON.stringify(rules.map(ordered)))
    .digest('hex')
}

/** The fields of a rule in one order, whatever order a browser or a JSON column gave them. */
function ordered({
  id,
  signal,
  where,
  class: failureClass,
  retry,
  stopsQueue,
  countsTries,
  tell,
  sentence,
}: Rule): Rule {
  return {
    id,
    signal: { kind: signal.kind, value: signal.value },
    where,
    class: failureClass,
    retry: retry && {
      firstSeconds: retry.firstSeconds,
      factor: retry.factor,
      capSeconds: retry.capSeconds,
      maxAttempts: retry.maxAttempts,
    },
    stopsQueue,
    countsTries,
    tell,
    sentence,
  }
}

const FIRST_NOTE = 'The rules that Holdpoint comes with.'
const NEXT_NOTE = 'The rules that a newer release of Holdpoint comes with.'

/** Publishing one after another: the lock is that of the table's next number, and ends with the transaction. */
async function lockPublishing(tx: Tx): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('failure_rule_set'))`
}

/**
 * Publishes the built-in rules: as version 1 where there is none, and as the next version where a release changed them
 * and nobody here ever published rules of their own. May be run at every start, by several hosts and releases at once.
 */
export async function publishBuiltinRules(db: Db): Promise<void> {
  await db.$transaction(async (tx) => {
    await lockPublishing(tx)
    const published = await tx.failureRuleSet.findMany({
      select: { version: true, authorId: true, rules: true },
      orderBy: { version: 'desc' },
    })
    const hash = rulesHash(builtinRules)
    const isTheirs = published.some(({ authorId }) => authorId !== null)
    // Two releases side by side, each with its own: what was once published is not published again.
    if (isTheirs || published.some(({ rules }) => rulesHash(readRules(rules)) === hash)) return
    await insertBuiltin(tx, (published[0]?.version ?? 0) + 1)
  })
}

async function insertBuiltin(tx: Tx, version: number): Promise<void> {
  const note = version === 1 ? FIRST_NOTE : NEXT_NOTE
  await tx.failureRuleSet.createMany({
    data: [{ version, rules: asJson(builtinRules), note, authorId: null }],
    skipDuplicates: true,
  })
}

export type Publishing = {
  rules: unknown
  /** What was changed and why. */
  note: string
  /** The version that these rules were made from. */
  basedOn: number
}

/**
 * Puts rules in force as the next version.
 * @throws {Forbidden} for anybody but a lead or an owner in person; {InvalidInput} with an error for each field that is
 * wrong, pointing at it (`/rules/3/signal/value`); {RulesConflict} when somebody published meanwhile.
 */
export async function publishRules(
  db: Db,
  actor: Actor,
  { rules: given, note, basedOn }: Publishing,
): Promise<RulesInForce> {
  const { userId } = actor
  if (userId === null || !hasRole(actor, 'lead')) throw new Forbidden('Only a lead or an owner may change the rules.')
  const rules = checkedRules(given)
  const trimmed = sanitiseText(note.trim())
  if (trimmed === '' || trimmed.length > 1_000) {
    const detail = 'Say in a sentence what you changed and why, in at most 1000 characters.'
    throw new InvalidInput(detail, [{ pointer: '/note', detail }])
  }
  return db.$transaction(async (tx) => {
    await lockPublishing(tx)
    const newest = await tx.failureRuleSet.findFirst({
      select: { version: true, authorId: true, createdAt: true },
      orderBy: { version: 'desc' },
    })
    if (newest !== null && newest.version !== basedOn) {
      const { version, authorId, createdAt } = newest
      throw new RulesConflict(basedOn, { version, authorId, at: createdAt })
    }
    const version = (newest?.version ?? 0) + 1
    await tx.failureRuleSet.create({ data: { version, rules: asJson(rules), note: trimmed, authorId: userId } })
    return { version, rules }
  })
}

/** The rules, checked. @throws {InvalidInput} */
export function checkedRules(given: unknown): Rule[] {
  const parsed = ruleSetSchema.safeParse(given)
  if (parsed.success) return parsed.data.map(ordered)
  const errors = parsed.error.issues.map(({ path, message }) => ({
    pointer: `/rules${path.map((part) => `/${String(part)}`).join('')}`,
    detail: message,
  }))
  throw new InvalidInput('These rules cannot be put in force.', errors)
}

function asJson(rules: readonly Rule[]) {
  return JSON.parse(JSON.stringify(rules.map(ordered)))
}
