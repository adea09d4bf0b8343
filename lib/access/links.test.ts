import { expect, it } from 'vitest'
import { signInByPassword } from '@/lib/access/auth.server'
import {
  acceptInvite,
  createFirstOwnerLink,
  createInvite,
  createSignInLink,
  listInvites,
  readInvite,
  readSignInLink,
  redeemSignInLink,
  revokeInvite,
} from '@/lib/access/links.server'
import { choosePassword, createUser, deactivate } from '@/lib/access/people.server'
import { testDatabase } from '@/lib/testing/database'

const password = 'a long enough one'

function tokenOf(link: string | null): string {
  return new URL(link ?? '').searchParams.get('token') ?? ''
}

it('lets the first owner in once, and prints no link once an owner has a password', async () => {
  await using database = await testDatabase()
  const { db } = database
  const link = await createFirstOwnerLink('http://localhost:3000/', db)
  expect(link).toMatch(/^http:\/\/localhost:3000\/sign-in\/link\?token=[\w-]{43}$/)
  const owner = await redeemSignInLink(db, tokenOf(link))
  expect(owner).not.toBeNull()
  expect(await redeemSignInLink(db, tokenOf(link))).toBeNull()

  // Until then a restart prints another one for the same person.
  const again = await redeemSignInLink(db, tokenOf(await createFirstOwnerLink('http://localhost:3000', db)))
  expect(again).toEqual(owner)
  await choosePassword(db, owner?.userId ?? '', { name: 'Dana', email: 'dana@example.com', password })
  expect(await createFirstOwnerLink('http://localhost:3000', db)).toBeNull()
})

it('makes one first owner and leaves one working link when two processes start at once', async () => {
  await using database = await testDatabase()
  const links = await Promise.all(
    Array.from({ length: 4 }, () => createFirstOwnerLink('http://localhost:3000', database.db)),
  )
  expect(await database.db.user.count()).toBe(1)
  const redeemed = []
  for (const link of links) redeemed.push(await redeemSignInLink(database.db, tokenOf(link)))
  expect(redeemed.filter((person) => person !== null)).toHaveLength(1)
})

it('signs one of twenty in when all use the same link at once', async () => {
  await using database = await testDatabase()
  const user = await createUser(database.db, { email: 'kim@example.com', name: 'Kim', roles: ['reviewer'] })
  const token = await createSignInLink(database.db, user.id)
  const tries = await Promise.all(Array.from({ length: 20 }, () => redeemSignInLink(database.db, token)))
  expect(tries.filter((person) => person !== null)).toEqual([{ userId: user.id }])
})

it('leaves nobody signed in beside whoever opens it, and no password that signs in, until one is chosen', async () => {
  await using database = await testDatabase()
  const { db } = database
  const { id } = await createUser(db, { email: 'kim@example.com', name: 'Kim', password, roles: ['reviewer'] })
  const other = await createUser(db, { email: 'lee@example.com', name: 'Lee', password, roles: ['reviewer'] })
  const signIn = (email: string, word = password) => signInByPassword({ email, password: word }, new Headers(), db)
  await signIn('kim@example.com')
  await signIn('lee@example.com')
  expect(await redeemSignInLink(db, await createSignInLink(db, id))).toEqual({ userId: id })
  expect((await db.session.findMany()).map(({ userId }) => userId)).toEqual([other.id])
  expect(await signIn('kim@example.com')).toMatchObject({ ok: false, reason: 'wrong' })
  const chosen = 'another long enough one'
  await choosePassword(db, id, { name: 'Kim', email: 'kim@example.com', password: chosen })
  expect(await signIn('kim@example.com')).toMatchObject({ ok: false, reason: 'wrong' })
  expect(await signIn('kim@example.com', chosen)).toMatchObject({ ok: true })
})

it('refuses links that were replaced, have run out, or whose person is deactivated, and says which', async () => {
  await using database = await testDatabase()
  const { db } = database
  const user = await createUser(db, { email: 'kim@example.com', name: 'Kim', roles: ['reviewer'] })
  const replaced = await createSignInLink(db, user.id)
  const late = await createSignInLink(db, user.id)
  expect(await readSignInLink(db, replaced)).toEqual({ fault: 'replaced' })
  expect(await redeemSignInLink(db, replaced)).toBeNull()
  await db.oneTimeLink.updateMany({ data: { expiresAt: new Date(Date.now() - 1) } })
  expect(await readSignInLink(db, late)).toEqual({ fault: 'expired' })
  expect(await redeemSignInLink(db, late)).toBeNull()
  const token = await createSignInLink(db, user.id)
  await deactivate(db, user.id)
  expect(await readSignInLink(db, token)).toEqual({ fault: 'inactive' })
  expect(await redeemSignInLink(db, token)).toBeNull()
  expect(await redeemSignInLink(db, await createSignInLink(db, user.id))).toBeNull()
  const invite = await createInvite(db, { email: 'new@example.com', roles: ['reviewer'], createdBy: null })
  for (const other of ['made-up', '', invite.token]) {
    expect(await readSignInLink(db, other)).toEqual({ fault: 'unknown' })
    expect(await redeemSignInLink(db, other)).toBeNull()
  }
})

it('keeps no token, only its hash', async () => {
  await using database = await testDatabase()
  const { token } = await createInvite(database.db, { email: 'a@example.com', roles: ['reviewer'], createdBy: null })
  expect(JSON.stringify(await database.db.oneTimeLink.findMany())).not.toContain(token)
})

it('makes one person of an invitation that twenty accept at once', async () => {
  await using database = await testDatabase()
  const { db } = database
  const { token } = await createInvite(db, {
    email: 'New@Example.com',
    roles: ['support', 'reviewer'],
    createdBy: null,
  })
  expect(await readInvite(db, token)).toMatchObject({ email: 'new@example.com', roles: ['reviewer', 'support'] })
  const tries = await Promise.allSettled(
    Array.from({ length: 20 }, (_, index) => acceptInvite(db, token, { name: `New ${index}`, password })),
  )
  expect(tries.filter((attempt) => attempt.status === 'fulfilled')).toHaveLength(1)
  expect(await db.user.findMany({ select: { email: true, roles: true } })).toEqual([
    { email: 'new@example.com', roles: ['reviewer', 'support'] },
  ])
  expect(await readInvite(db, token)).toBeNull()
})

it('does not use an invitation up when the password is refused', async () => {
  await using database = await testDatabase()
  const { token } = await createInvite(database.db, { email: 'a@example.com', roles: ['reviewer'], createdBy: null })
  const short = acceptInvite(database.db, token, { name: 'New', password: 'short' })
  await expect(short).rejects.toMatchObject({ code: 'password_weak' })
  await expect(acceptInvite(database.db, token, { name: 'New', password })).resolves.toMatchObject({})
})

it('stops an invitation that was withdrawn or replaced, and invites nobody twice', async () => {
  await using database = await testDatabase()
  const { db } = database
  const first = await createInvite(db, { email: 'a@example.com', roles: ['reviewer'], createdBy: null })
  const second = await createInvite(db, { email: 'a@example.com', roles: ['support'], createdBy: null })
  expect(await readInvite(db, first.token)).toBeNull()
  expect(await listInvites(db)).toHaveLength(1)
  await revokeInvite(db, second.id)
  await expect(acceptInvite(db, second.token, { name: 'A', password })).rejects.toMatchObject({ code: 'link_unusable' })
  await createUser(db, { email: 'a@example.com', name: 'A', roles: ['reviewer'] })
  const again = createInvite(db, { email: 'A@example.com', roles: ['reviewer'], createdBy: null })
  await expect(again).rejects.toMatchObject({ code: 'email_taken' })
})
