/** Links that work once: one signs its person in, the other invites somebody new. Only hashes of them are kept. */
import { randomUUID } from 'node:crypto'
import { changeAccess } from '@/lib/access/news.server'
import {
  checkRoles,
  forgetPassword,
  insertUser,
  newUserRow,
  normalEmail,
  takeTurnOnOwners,
  unlessTaken,
} from '@/lib/access/people.server'
import { isPlaceholderEmail, placeholderEmail } from '@/lib/access/placeholder-email'
import { AccessRefused } from '@/lib/access/refused'
import { parseRoles } from '@/lib/access/roles'
import { hashToken, newToken } from '@/lib/access/tokens'
import type { Role } from '@/lib/lifecycle/table'
import { type Db, db, type Tx } from '@/lib/store/db.server'

const HOUR_MS = 3_600_000
const SIGN_IN_MS = 24 * HOUR_MS
const INVITE_MS = 7 * 24 * HOUR_MS

/** A link that nobody has used, that was not revoked, and that has not run out. */
function usable(kind: 'sign_in' | 'invite', token: string, now: Date) {
  return { kind, tokenHash: hashToken(token), usedAt: null, revokedAt: null, expiresAt: { gt: now } }
}

/** The path of a sign-in link, to put behind the address of the site. */
export function signInPath(token: string): string {
  return `/sign-in/link?token=${encodeURIComponent(token)}`
}

/** The path of an invitation. */
export function joinPath(token: string): string {
  return `/join/${token}`
}

/**
 * The first owner's way in: a one-time link, while no active owner has a password; null once one can sign in.
 * Makes the owner where there is none. Links printed before stop working.
 */
export async function createFirstOwnerLink(baseUrl: string, database: Db = db()): Promise<string | null> {
  const token = await database.$transaction(async (tx) => {
    await takeTurnOnOwners(tx)
    const owners = await tx.user.findMany({
      where: { roles: { has: 'owner' }, deactivatedAt: null },
      orderBy: { createdAt: 'asc' },
    })
    if (owners.some((owner) => owner.hasPassword)) return null
    return signInLinkIn(tx, owners[0]?.id ?? (await firstOwner(tx)))
  })
  return token === null ? null : `${baseUrl.replace(/\/+$/, '')}${signInPath(token)}`
}

async function firstOwner(tx: Tx): Promise<string> {
  const id = randomUUID()
  await tx.user.create({ data: { id, name: 'Owner', email: placeholderEmail(id), roles: ['owner'] } })
  return id
}

/** The token of a new sign-in link for `userId`, good for 24 hours. Earlier unused ones stop working. */
export async function createSignInLink(database: Db, userId: string): Promise<string> {
  return database.$transaction((tx) => signInLinkIn(tx, userId))
}

async function signInLinkIn(tx: Tx, userId: string): Promise<string> {
  const now = new Date()
  await tx.oneTimeLink.updateMany({
    where: { kind: 'sign_in', userId, usedAt: null, revokedAt: null },
    data: { revokedAt: now },
  })
  const token = newToken()
  const expiresAt = new Date(now.getTime() + SIGN_IN_MS)
  await tx.oneTimeLink.create({ data: { tokenHash: hashToken(token), kind: 'sign_in', userId, expiresAt } })
  return token
}

/** What keeps a sign-in link from working. */
export type LinkFault = 'unknown' | 'used' | 'replaced' | 'expired' | 'inactive'

export type SignInLink = {
  userId: string
  name: string
  /** null until they have chosen one. */
  email: string | null
  /** Their sessions that have not run out, all of which it ends. */
  sessions: number
  /** It also ends their password. */
  hasPassword: boolean
}

/** Whom a sign-in link signs in and what that ends, or why it does not work. Reading does not use it up. */
export async function readSignInLink(database: Db, token: string): Promise<SignInLink | { fault: LinkFault }> {
  const now = new Date()
  const link = await database.oneTimeLink.findFirst({ where: { kind: 'sign_in', tokenHash: hashToken(token) } })
  if (link?.userId == null) return { fault: 'unknown' }
  const user = await database.user.findUnique({
    where: { id: link.userId },
    include: { _count: { select: { sessions: { where: { expiresAt: { gt: now } } } } } },
  })
  if (user === null) return { fault: 'unknown' }
  if (user.deactivatedAt !== null) return { fault: 'inactive' }
  if (link.usedAt !== null) return { fault: 'used' }
  if (link.revokedAt !== null) return { fault: 'replaced' }
  if (link.expiresAt <= now) return { fault: 'expired' }
  return {
    userId: user.id,
    name: user.name,
    email: isPlaceholderEmail(user.email) ? null : user.email,
    sessions: user._count.sessions,
    hasPassword: user.hasPassword,
  }
}

/**
 * Uses a sign-in link up. Of many who try at once, one gets the person; the others, and whoever comes too late, null.
 * Its person may then choose a new password without the old one: a forgotten password is mended by such a link. Until
 * then nobody but whoever used it is signed in as them: their sessions end, and the old password signs in no more.
 */
export async function redeemSignInLink(database: Db, token: string): Promise<{ userId: string } | null> {
  return changeAccess(database, async (tx, tell) => {
    const now = new Date()
    const [link] = await tx.oneTimeLink.updateManyAndReturn({
      where: usable('sign_in', token, now),
      data: { usedAt: now },
      select: { userId: true },
    })
    if (link?.userId == null) return null
    const { count } = await tx.user.updateMany({
      where: { id: link.userId, deactivatedAt: null },
      data: { hasPassword: false },
    })
    if (count === 0) return null
    await forgetPassword(tx, link.userId)
    await tx.session.deleteMany({ where: { userId: link.userId } })
    await tell({ userId: link.userId })
    return { userId: link.userId }
  })
}

export type NewInvite = { email: string; roles: readonly Role[]; createdBy: string | null }

/**
 * Invites somebody, for seven days. Earlier invitations to the same e-mail stop working.
 * @throws {AccessRefused} `email_taken`, `email_invalid`, `roles_missing`
 */
export async function createInvite(database: Db, invite: NewInvite): Promise<{ id: string; token: string }> {
  const email = normalEmail(invite.email)
  const roles = checkRoles(invite.roles)
  const token = newToken()
  const { id } = await database.$transaction(async (tx) => {
    if ((await tx.user.count({ where: { email } })) > 0) {
      throw new AccessRefused('email_taken', 'Somebody here has that e-mail already.')
    }
    const now = new Date()
    await tx.oneTimeLink.updateMany({
      where: { kind: 'invite', email, usedAt: null, revokedAt: null },
      data: { revokedAt: now },
    })
    const expiresAt = new Date(now.getTime() + INVITE_MS)
    const { createdBy } = invite
    return tx.oneTimeLink.create({
      data: { tokenHash: hashToken(token), kind: 'invite', email, roles, createdBy, expiresAt },
    })
  })
  return { id, token }
}

/** What an invitation says; null where it was used, revoked, or has run out. Reading does not use it up. */
export async function readInvite(
  database: Db,
  token: string,
): Promise<{ email: string; roles: Role[]; expiresAt: Date } | null> {
  const link = await database.oneTimeLink.findFirst({ where: usable('invite', token, new Date()) })
  if (link?.email == null) return null
  return { email: link.email, roles: parseRoles(link.roles), expiresAt: link.expiresAt }
}

/**
 * Makes the invited person. Of many who try at once, one succeeds.
 * @throws {AccessRefused} `link_unusable`, `email_taken`, `name_missing`, `password_weak`
 */
export async function acceptInvite(
  database: Db,
  token: string,
  person: { name: string; password: string },
): Promise<{ userId: string }> {
  const invite = await readInvite(database, token)
  if (invite === null) throw unusable()
  const row = await newUserRow({ ...person, email: invite.email, roles: invite.roles })
  return unlessTaken(
    database.$transaction(async (tx) => {
      const now = new Date()
      const { count } = await tx.oneTimeLink.updateMany({ where: usable('invite', token, now), data: { usedAt: now } })
      if (count === 0) throw unusable()
      return { userId: (await insertUser(tx, row)).id }
    }),
  )
}

function unusable(): AccessRefused {
  return new AccessRefused('link_unusable', 'This invitation was used already, was withdrawn, or has run out.')
}

export type InviteRow = { id: string; email: string; roles: Role[]; createdAt: Date; expiresAt: Date }

/** Invitations that still work, the newest first. */
export async function listInvites(database: Db): Promise<InviteRow[]> {
  const links = await database.oneTimeLink.findMany({
    where: { kind: 'invite', usedAt: null, revokedAt: null, expiresAt: { gt: new Date() } },
    orderBy: { createdAt: 'desc' },
  })
  return links.map(({ id, email, roles, createdAt, expiresAt }) => ({
    id,
    email: email ?? '',
    roles: parseRoles(roles),
    createdAt,
    expiresAt,
  }))
}

/** Withdraws an invitation that nobody has used. @throws {AccessRefused} `link_unusable` */
export async function revokeInvite(database: Db, id: string): Promise<void> {
  const { count } = await database.oneTimeLink.updateMany({
    where: { id, kind: 'invite', usedAt: null, revokedAt: null },
    data: { revokedAt: new Date() },
  })
  if (count === 0) throw new AccessRefused('link_unusable', 'That invitation was used or withdrawn before.')
}
