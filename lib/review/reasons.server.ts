/** The short list of reasons that leads keep: what reviewers choose from when they decide. */
import { randomBytes } from 'node:crypto'
import type { Db, Tx } from '@/lib/store/db.server'
import { hiddenCharacterIn } from './plain-words'
import { LONGEST_REASON, MOST_REASONS, type ReasonCommand, type ReasonView, reasonCommands } from './reason-view'

/** For figures of use, in days. */
const USED_WITHIN_DAYS = 30

/** A reason, or the list of them, cannot be changed in that way. The message is a sentence for the person who tried. */
export class ReasonRefused extends Error {
  override name = 'ReasonRefused'
  constructor(
    readonly code: 'words' | 'taken' | 'commands' | 'full' | 'unknown',
    message: string,
  ) {
    super(message)
  }
}

/** The reasons that are offered, in their order; with `all` also those that were retired, after them. */
export async function listReasons(tx: Tx, { all = false, now = new Date() } = {}): Promise<ReasonView[]> {
  const reasons = await tx.reviewReason.findMany({
    where: all ? {} : { retiredAt: null },
    orderBy: [{ retiredAt: { sort: 'asc', nulls: 'first' } }, { position: 'asc' }, { key: 'asc' }],
  })
  const used = all ? await readUse(tx, now) : new Map<string, number>()
  return reasons.map(({ key, label, commands, retiredAt }) => ({
    key,
    label,
    commands: reasonCommands.filter((command) => commands.includes(command)),
    used: all ? (used.get(key) ?? 0) : null,
    retiredAt: retiredAt?.toISOString() ?? null,
  }))
}

async function readUse(tx: Tx, now: Date): Promise<Map<string, number>> {
  const since = new Date(now.getTime() - USED_WITHIN_DAYS * 86_400_000)
  const rows = await tx.decision.groupBy({
    by: ['reasonKey'],
    where: { at: { gte: since }, reasonKey: { not: null } },
    _count: true,
  })
  return new Map(rows.flatMap(({ reasonKey, _count }) => (reasonKey === null ? [] : [[reasonKey, _count] as const])))
}

export type ReasonWords = { label: string; commands: readonly string[] }

/** Adds a reason at the end of the list. @returns its key. @throws {ReasonRefused} */
export async function addReason(
  db: Db,
  words: ReasonWords,
  { createdBy }: { createdBy: string | null },
): Promise<string> {
  return changing(db, async (tx) => {
    const { label, commands } = await checked(tx, words, null)
    await refuseFull(tx)
    const last = await tx.reviewReason.findFirst({ where: { retiredAt: null }, orderBy: { position: 'desc' } })
    const key = await freeKey(tx, label)
    await tx.reviewReason.create({ data: { key, label, commands, position: (last?.position ?? 0) + 1, createdBy } })
    return key
  })
}

/** Gives a reason other words, or other decisions. What was decided with it shows the new words. @throws {ReasonRefused} */
export async function renameReason(db: Db, key: string, words: ReasonWords): Promise<void> {
  await changing(db, async (tx) => {
    const { label, commands } = await checked(tx, words, key)
    const { count } = await tx.reviewReason.updateMany({ where: { key, retiredAt: null }, data: { label, commands } })
    if (count === 0) throw unknown()
  })
}

/** Offers a reason no longer. What was decided with it keeps it. @throws {ReasonRefused} */
export async function retireReason(db: Db, key: string, now = new Date()): Promise<void> {
  const { count } = await db.reviewReason.updateMany({ where: { key, retiredAt: null }, data: { retiredAt: now } })
  if (count === 0) throw unknown()
}

/** Offers a retired reason again, at the end of the list. @throws {ReasonRefused} */
export async function restoreReason(db: Db, key: string): Promise<void> {
  await changing(db, async (tx) => {
    await refuseFull(tx)
    const reason = await tx.reviewReason.findUnique({ where: { key } })
    if (reason === null || reason.retiredAt === null) throw unknown()
    await refuseTaken(tx, reason.label, key)
    const last = await tx.reviewReason.findFirst({ where: { retiredAt: null }, orderBy: { position: 'desc' } })
    await tx.reviewReason.update({ where: { key }, data: { retiredAt: null, position: (last?.position ?? 0) + 1 } })
  })
}

/** Puts the offered reasons into this order; those that it does not name come after. */
export async function reorderReasons(db: Db, keys: readonly string[]): Promise<void> {
  await changing(db, async (tx) => {
    const offered = await tx.reviewReason.findMany({ where: { retiredAt: null }, orderBy: { position: 'asc' } })
    const rest = offered.map(({ key }) => key).filter((key) => !keys.includes(key))
    for (const [index, key] of [...new Set(keys), ...rest].entries()) {
      await tx.reviewReason.updateMany({ where: { key, retiredAt: null }, data: { position: index + 1 } })
    }
  })
}

/** One change of the list at a time: two leads could otherwise add the same words at once. */
function changing<T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> {
  return db.$transaction(async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('review_reason', 0))`
    return work(tx)
  })
}

async function checked(
  tx: Tx,
  { label: typed, commands: named }: ReasonWords,
  key: string | null,
): Promise<{ label: string; commands: ReasonCommand[] }> {
  const label = typed.trim().replace(/\s+/g, ' ')
  if (label.length < 3) throw new ReasonRefused('words', 'Write the reason in a few words.')
  if (label.length > LONGEST_REASON) {
    throw new ReasonRefused('words', `A reason has at most ${LONGEST_REASON} characters: it is chosen from a list.`)
  }
  if (hiddenCharacterIn(label)) {
    throw new ReasonRefused('words', 'The reason has a character in it that nobody can see. Type it anew.')
  }
  const commands = reasonCommands.filter((command) => named.includes(command))
  if (commands.length === 0) throw new ReasonRefused('commands', 'Choose at least one decision that it is for.')
  await refuseTaken(tx, label, key)
  return { label, commands }
}

async function refuseTaken(tx: Tx, label: string, key: string | null): Promise<void> {
  const same = await tx.reviewReason.findFirst({
    where: {
      label: { equals: label, mode: 'insensitive' },
      retiredAt: null,
      ...(key === null ? {} : { NOT: { key } }),
    },
  })
  if (same !== null) throw new ReasonRefused('taken', `“${same.label}” is on the list already.`)
}

async function refuseFull(tx: Tx): Promise<void> {
  if ((await tx.reviewReason.count({ where: { retiredAt: null } })) < MOST_REASONS) return
  throw new ReasonRefused(
    'full',
    `The list is full: ${MOST_REASONS} reasons. Retire one first, so that it stays short.`,
  )
}

/** A code made of its words; they may be none that a code can be made of. */
async function freeKey(tx: Tx, label: string): Promise<string> {
  const slug = label
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, 40)
  const key = slug === '' ? `reason_${randomBytes(4).toString('hex')}` : slug
  const isTaken = (await tx.reviewReason.findUnique({ where: { key } })) !== null
  return isTaken ? `${key}_${randomBytes(4).toString('hex')}` : key
}

function unknown(): ReasonRefused {
  return new ReasonRefused('unknown', 'Somebody has changed the list meanwhile. Look at it again.')
}
