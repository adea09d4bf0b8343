/** The people of an installation: who they are, what they may do, and where they are signed in. */
import { randomUUID } from 'node:crypto'
import { hashPassword, verifyPassword } from 'better-auth/crypto'
import { z } from 'zod'
import { type AccessNews, changeAccess } from '@/lib/access/news.server'
import { PASSWORD_LENGTH } from '@/lib/access/password'
import { isPlaceholderEmail } from '@/lib/access/placeholder-email'
import { AccessRefused } from '@/lib/access/refused'
import { parseRoles } from '@/lib/access/roles'
import { Prisma } from '@/lib/generated/prisma/client'
import type { Role } from '@/lib/lifecycle/table'
import type { Db, Tx } from '@/lib/store/db.server'

/** The provider under which Better Auth looks for a password. */
const CREDENTIAL = 'credential'

/** `email` as it is kept and compared. @throws {AccessRefused} `email_invalid` */
export function normalEmail(email: string): string {
  const parsed = z.email().max(254).safeParse(email.trim().toLowerCase())
  if (parsed.success) return parsed.data
  throw new AccessRefused('email_invalid', 'That is not an e-mail address.')
}

/** @throws {AccessRefused} `password_weak` */
export function checkPassword(password: string): void {
  const { min, max } = PASSWORD_LENGTH
  if (password.length < min) throw new AccessRefused('password_weak', `A password has at least ${min} characters.`)
  if (password.length > max) throw new AccessRefused('password_weak', `A password has at most ${max} characters.`)
}

function normalName(name: string): string {
  const normal = name.trim().slice(0, 120)
  if (normal === '') throw new AccessRefused('name_missing', 'A name is needed, so that others see who decided.')
  return normal
}

/** The roles to store, in order. @throws {AccessRefused} `roles_missing` */
export function checkRoles(roles: readonly Role[]): Role[] {
  const known = parseRoles(roles)
  if (known.length === 0) throw new AccessRefused('roles_missing', 'Choose at least one role.')
  return known
}

export type NewUser = { email: string; name: string; password?: string; roles: readonly Role[] }

/**
 * Adds a person. Without a password they come by a one-time link first.
 * @throws {AccessRefused} `email_taken`, `email_invalid`, `name_missing`, `password_weak`, `roles_missing`
 */
export async function createUser(database: Db, user: NewUser): Promise<{ id: string }> {
  const row = await newUserRow(user)
  return unlessTaken(database.$transaction((tx) => insertUser(tx, row)))
}

type UserRow = { id: string; email: string; name: string; roles: Role[]; passwordHash: string | null }

/** Checks and hashes before a transaction is open: a hash takes some 50 ms. @throws {AccessRefused} */
export async function newUserRow(user: NewUser): Promise<UserRow> {
  if (user.password !== undefined) checkPassword(user.password)
  return {
    id: randomUUID(),
    email: normalEmail(user.email),
    name: normalName(user.name),
    roles: checkRoles(user.roles),
    passwordHash: user.password === undefined ? null : await hashPassword(user.password),
  }
}

/** Adds the person of `newUserRow` within a transaction. */
export async function insertUser(tx: Tx, { passwordHash, ...row }: UserRow): Promise<{ id: string }> {
  await tx.user.create({ data: { ...row, emailVerified: true, hasPassword: passwordHash !== null } })
  if (passwordHash !== null) await tx.account.create({ data: credential(row.id, passwordHash) })
  return { id: row.id }
}

/** Says a taken e-mail as what it is. */
export async function unlessTaken<T>(writing: Promise<T>): Promise<T> {
  try {
    return await writing
  } catch (cause) {
    if (cause instanceof Prisma.PrismaClientKnownRequestError && cause.code === 'P2002') {
      throw new AccessRefused('email_taken', 'Somebody here has that e-mail already.')
    }
    throw cause
  }
}

function credential(userId: string, password: string) {
  return { id: randomUUID(), userId, accountId: userId, providerId: CREDENTIAL, password }
}

/** Two owners who demote each other at once must not both succeed: they take turns. Ends with the transaction. */
export async function takeTurnOnOwners(tx: Tx): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('holdpoint owners'))`
}

const LAST_OWNER = 'This is the last active owner. Make somebody else an owner first.'

async function refuseWithoutOwner(tx: Tx, exceptId: string): Promise<void> {
  const others = await tx.user.count({ where: { id: { not: exceptId }, deactivatedAt: null, roles: { has: 'owner' } } })
  if (others === 0) throw new AccessRefused('last_owner', LAST_OWNER)
}

/** @throws {AccessRefused} `last_owner`, `roles_missing`, `person_unknown` */
export async function setRoles(database: Db, userId: string, roles: readonly Role[]): Promise<void> {
  const wanted = checkRoles(roles)
  await changeAccess(database, async (tx, tell) => {
    await takeTurnOnOwners(tx)
    const user = await findPerson(tx, userId)
    const losesOwner = user.roles.includes('owner') && user.deactivatedAt === null && !wanted.includes('owner')
    if (losesOwner) await refuseWithoutOwner(tx, userId)
    await tx.user.update({ where: { id: userId }, data: { roles: wanted } })
    await tell({ userId })
  })
}

/** Out at once: their sessions end, their keys stop, and their unused links are void. @throws {AccessRefused} */
export async function deactivate(database: Db, userId: string): Promise<void> {
  await changeAccess(database, async (tx, tell) => {
    await takeTurnOnOwners(tx)
    const user = await findPerson(tx, userId)
    if (user.deactivatedAt !== null) return
    if (user.roles.includes('owner')) await refuseWithoutOwner(tx, userId)
    const now = new Date()
    await tx.user.update({ where: { id: userId }, data: { deactivatedAt: now } })
    await tx.session.deleteMany({ where: { userId } })
    await tx.oneTimeLink.updateMany({ where: { userId, usedAt: null, revokedAt: null }, data: { revokedAt: now } })
    await tell({ userId })
  })
}

/** They may sign in again, with the roles that they had. @throws {AccessRefused} `person_unknown` */
export async function reactivate(database: Db, userId: string): Promise<void> {
  await changeAccess(database, async (tx, tell) => {
    await findPerson(tx, userId)
    await tx.user.update({ where: { id: userId }, data: { deactivatedAt: null } })
    await tell({ userId })
  })
}

/** Ends their sessions, all or all but one, on every machine at once. Returns how many. */
export async function endSessions(database: Db, userId: string, exceptId?: string): Promise<number> {
  return changeAccess(database, (tx, tell) => endSessionsIn(tx, tell, userId, exceptId))
}

type Tell = (news: AccessNews) => Promise<void>

async function endSessionsIn(tx: Tx, tell: Tell, userId: string, exceptId?: string): Promise<number> {
  const { count } = await tx.session.deleteMany({ where: { userId, ...(exceptId && { id: { not: exceptId } }) } })
  await tell({ userId })
  return count
}

/** Ends one session of `userId`. */
export async function endSession(database: Db, userId: string, sessionId: string): Promise<void> {
  await changeAccess(database, async (tx, tell) => {
    await tx.session.deleteMany({ where: { id: sessionId, userId } })
    await tell({ userId })
  })
}

/** @throws {AccessRefused} `email_taken`, `email_invalid`, `name_missing` */
export async function setProfile(database: Db, userId: string, to: { name: string; email: string }): Promise<void> {
  const data = { name: normalName(to.name), email: normalEmail(to.email) }
  await unlessTaken(
    changeAccess(database, async (tx, tell) => {
      await tx.user.update({ where: { id: userId }, data })
      await tell({ userId })
    }),
  )
}

/**
 * Name, e-mail and a first password, for whoever came by a one-time link. Works once: afterwards a password is changed
 * with the one before. Their other sessions end.
 * @throws {AccessRefused} `email_taken`, `email_invalid`, `name_missing`, `password_weak`, `password_wrong`
 */
export async function choosePassword(
  database: Db,
  userId: string,
  to: { name: string; email: string; password: string },
  sessionId?: string,
): Promise<void> {
  checkPassword(to.password)
  const data = { name: normalName(to.name), email: normalEmail(to.email) }
  const hash = await hashPassword(to.password)
  await unlessTaken(
    changeAccess(database, async (tx, tell) => {
      const { count } = await tx.user.updateMany({
        where: { id: userId, hasPassword: false, deactivatedAt: null },
        data: { ...data, hasPassword: true },
      })
      if (count === 0) throw new AccessRefused('password_wrong', 'A password was chosen already. Change it instead.')
      await storePassword(tx, userId, hash)
      await endSessionsIn(tx, tell, userId, sessionId)
    }),
  )
}

/** Changes a password that is known; other sessions end. @throws {AccessRefused} `password_wrong`, `password_weak` */
export async function changePassword(
  database: Db,
  userId: string,
  passwords: { current: string; next: string },
  sessionId?: string,
): Promise<void> {
  checkPassword(passwords.next)
  const account = await database.account.findFirst({ where: { userId, providerId: CREDENTIAL } })
  const before = account?.password ?? null
  if (before === null || !(await verifyPassword({ hash: before, password: passwords.current }))) {
    throw new AccessRefused('password_wrong', 'The current password is not right.')
  }
  const hash = await hashPassword(passwords.next)
  await changeAccess(database, async (tx, tell) => {
    // Guarded by the one that was just checked: somebody may have changed it in between.
    const { count } = await tx.account.updateMany({
      where: { userId, providerId: CREDENTIAL, password: before },
      data: { password: hash },
    })
    if (count === 0) throw new AccessRefused('password_wrong', 'The password was changed a moment ago. Try again.')
    await endSessionsIn(tx, tell, userId, sessionId)
  })
}

/** Nobody signs in with the password that they had, until another is chosen. */
export async function forgetPassword(tx: Tx, userId: string): Promise<void> {
  await tx.account.deleteMany({ where: { userId, providerId: CREDENTIAL } })
}

async function storePassword(tx: Tx, userId: string, hash: string): Promise<void> {
  const { count } = await tx.account.updateMany({ where: { userId, providerId: CREDENTIAL }, data: { password: hash } })
  if (count === 0) await tx.account.create({ data: credential(userId, hash) })
}

async function findPerson(tx: Tx, userId: string) {
  const user = await tx.user.findUnique({ where: { id: userId } })
  if (user === null) throw new AccessRefused('person_unknown', 'There is no such person.')
  return user
}

export type PersonRow = {
  id: string
  name: string
  /** null until they have chosen one. */
  email: string | null
  roles: Role[]
  deactivatedAt: Date | null
  needsPassword: boolean
  createdAt: Date
  /** Sessions that have not run out. */
  sessions: number
}

/** Everybody, the active first, by name. */
export async function listPeople(database: Db): Promise<PersonRow[]> {
  const users = await database.user.findMany({
    orderBy: [{ deactivatedAt: { sort: 'asc', nulls: 'first' } }, { name: 'asc' }, { id: 'asc' }],
    include: { _count: { select: { sessions: { where: { expiresAt: { gt: new Date() } } } } } },
  })
  return users.map((user) => ({
    id: user.id,
    name: user.name,
    email: isPlaceholderEmail(user.email) ? null : user.email,
    roles: parseRoles(user.roles),
    deactivatedAt: user.deactivatedAt,
    needsPassword: !user.hasPassword,
    createdAt: user.createdAt,
    sessions: user._count.sessions,
  }))
}

export type SessionRow = {
  id: string
  createdAt: Date
  expiresAt: Date
  ipAddress: string | null
  userAgent: string | null
}

/** Where `userId` is signed in, the newest first. */
export async function listSessions(database: Db, userId: string): Promise<SessionRow[]> {
  return database.session.findMany({
    where: { userId, expiresAt: { gt: new Date() } },
    orderBy: { createdAt: 'desc' },
    select: { id: true, createdAt: true, expiresAt: true, ipAddress: true, userAgent: true },
  })
}
