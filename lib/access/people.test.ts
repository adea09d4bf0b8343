import { afterEach, expect, it, vi } from 'vitest'
import { signInByPassword } from '@/lib/access/auth.server'
import {
  changePassword,
  choosePassword,
  createUser,
  deactivate,
  listPeople,
  reactivate,
  setProfile,
  setRoles,
} from '@/lib/access/people.server'
import type { Role } from '@/lib/lifecycle/table'
import type { Db } from '@/lib/store/db.server'
import { testDatabase } from '@/lib/testing/database'

const password = 'a long enough one'
const headers = new Headers({ host: 'localhost:3000' })

afterEach(() => {
  vi.useRealTimers()
})

/** Failures count for five minutes: however long the test takes, none of them passes. */
function stopClock() {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() })
}

async function person(db: Db, name: string, roles: Role[], withPassword = false): Promise<string> {
  const user = { email: `${name}@example.com`, name, roles, ...(withPassword && { password }) }
  return (await createUser(db, user)).id
}

it('keeps the last active owner an owner, and active', async () => {
  await using database = await testDatabase()
  const { db } = database
  const dana = await person(db, 'dana', ['owner', 'reviewer'])
  await expect(setRoles(db, dana, ['reviewer'])).rejects.toMatchObject({ code: 'last_owner' })
  await expect(deactivate(db, dana)).rejects.toMatchObject({ code: 'last_owner' })
  await setRoles(db, dana, ['owner'])
  const kim = await person(db, 'kim', ['owner'])
  await deactivate(db, dana)
  await expect(deactivate(db, kim)).rejects.toMatchObject({ code: 'last_owner' })
  await reactivate(db, dana)
  await setRoles(db, kim, ['support'])
  expect((await listPeople(db)).map(({ name, roles }) => [name, roles])).toEqual([
    ['dana', ['owner']],
    ['kim', ['support']],
  ])
})

it('leaves an owner when all owners give up the role at once', async () => {
  await using database = await testDatabase()
  const { db } = database
  const owners = await Promise.all(['a', 'b', 'c', 'd'].map((name) => person(db, name, ['owner'])))
  const tries = await Promise.allSettled(
    owners.map((id, index) => (index % 2 === 0 ? setRoles(db, id, ['reviewer']) : deactivate(db, id))),
  )
  expect(tries.filter((attempt) => attempt.status === 'rejected')).toHaveLength(1)
  expect(await db.user.count({ where: { roles: { has: 'owner' }, deactivatedAt: null } })).toBe(1)
})

it('refuses a taken or broken e-mail, a missing name, a short password and no role', async () => {
  await using database = await testDatabase()
  const { db } = database
  const good = { email: 'a@example.com', name: 'A', roles: ['reviewer'] as const, password }
  const { id } = await createUser(db, good)
  const other = await person(db, 'other', ['reviewer'])
  await expect(createUser(db, { ...good, email: 'A@Example.com ' })).rejects.toMatchObject({ code: 'email_taken' })
  await expect(setProfile(db, other, { name: 'B', email: 'a@example.com' })).rejects.toMatchObject({
    code: 'email_taken',
  })
  await expect(createUser(db, { ...good, email: 'nobody' })).rejects.toMatchObject({ code: 'email_invalid' })
  await expect(setProfile(db, id, { name: ' ', email: 'b@example.com' })).rejects.toMatchObject({
    code: 'name_missing',
  })
  await expect(createUser(db, { ...good, email: 'c@example.com', password: '1234567' })).rejects.toMatchObject({
    code: 'password_weak',
  })
  await expect(setRoles(db, id, [])).rejects.toMatchObject({ code: 'roles_missing' })
})

it('signs in by e-mail and password, and neither by a wrong one nor after deactivation', async () => {
  await using database = await testDatabase()
  const { db } = database
  await person(db, 'dana', ['owner'], true)
  const kim = await person(db, 'kim', ['reviewer'], true)
  const email = 'Kim@example.com'
  const signIn = await signInByPassword({ email, password }, headers, db)
  expect(signIn.ok && signIn.cookies[0]).toMatch(/^holdpoint\.session_token=.+; Path=\/; HttpOnly; SameSite=Lax$/)
  const secure = await signInByPassword({ email, password }, new Headers({ 'x-forwarded-proto': 'https' }), db)
  expect(secure.ok && secure.cookies[0]).toMatch(/^__Secure-holdpoint\.session_token=.+; Secure/)
  expect(await signInByPassword({ email, password: 'wrong' }, headers, db)).toMatchObject({
    ok: false,
    reason: 'wrong',
  })
  const nobody = { email: 'nobody@example.com', password }
  expect(await signInByPassword(nobody, headers, db)).toMatchObject({ ok: false, reason: 'wrong' })
  await deactivate(db, kim)
  expect(await signInByPassword({ email, password }, headers, db)).toMatchObject({ ok: false, reason: 'inactive' })
  expect(await db.session.count({ where: { userId: kim } })).toBe(0)
})

it('makes whoever guesses wait, for that e-mail only', async () => {
  await using database = await testDatabase()
  const { db } = database
  stopClock()
  await person(db, 'guessed', ['owner'], true)
  await person(db, 'spared', ['reviewer'], true)
  const guess = { email: 'guessed@example.com', password: 'wrong' }
  for (let tries = 0; tries < 10; tries += 1) {
    expect(await signInByPassword(guess, headers, db)).toMatchObject({ reason: 'wrong' })
  }
  const right = { email: 'guessed@example.com', password }
  const refused = await signInByPassword(right, headers, db)
  expect(refused).toMatchObject({ ok: false, reason: 'too_many' })
  expect(!refused.ok && refused.waitSeconds).toBeGreaterThan(200)
  expect(await signInByPassword({ email: 'spared@example.com', password }, headers, db)).toMatchObject({ ok: true })
})

it('lets no more guesses pass when many come at once than when they come one by one', async () => {
  await using database = await testDatabase()
  const { db } = database
  stopClock()
  await person(db, 'flooded', ['owner'], true)
  const guess = (word: string) => signInByPassword({ email: 'flooded@example.com', password: word }, headers, db)
  const many = await Promise.all(Array.from({ length: 30 }, (_, index) => guess(`wrong ${index}`)))
  expect(many.filter((answer) => !answer.ok && answer.reason === 'wrong')).toHaveLength(10)
  expect(many.filter((answer) => !answer.ok && answer.reason === 'too_many')).toHaveLength(20)
  const refused = await guess(password)
  expect(refused).toMatchObject({ reason: 'too_many' })
  expect(!refused.ok && refused.waitSeconds, 'for as long as the guesses count').toBeGreaterThan(200)
})

it('lets everybody who is right pass, however many come at once, and asks to wait a second at most', async () => {
  await using database = await testDatabase()
  const { db } = database
  await person(db, 'many', ['owner'], true)
  const come = (count: number) => {
    const right = { email: 'many@example.com', password }
    return Promise.all(Array.from({ length: count }, () => signInByPassword(right, headers, db)))
  }
  let left = 25
  for (let rounds = 0; left > 0; rounds += 1) {
    expect(rounds, 'ten pass in each').toBeLessThan(3)
    const refused = (await come(left)).filter((answer) => !answer.ok)
    expect(refused).toEqual(refused.map(() => ({ ok: false, reason: 'too_many', waitSeconds: 1 })))
    left = refused.length
  }
  expect(await db.session.count()).toBe(25)
})

it('counts no try while the database is away', async () => {
  const away = await testDatabase()
  await away[Symbol.asyncDispose]()
  const credentials = { email: 'patient@example.com', password }
  for (let tries = 0; tries < 12; tries += 1) {
    await expect(signInByPassword(credentials, headers, away.db)).rejects.toThrow()
  }
  await using database = await testDatabase()
  await person(database.db, 'patient', ['owner'], true)
  expect(await signInByPassword(credentials, headers, database.db)).toMatchObject({ ok: true })
})

it('chooses a first password once, and changes it only with the one before, ending other sessions', async () => {
  await using database = await testDatabase()
  const { db } = database
  const id = await person(db, 'owner', ['owner'])
  const to = { name: 'Dana', email: 'dana@example.com', password }
  await choosePassword(db, id, to)
  await expect(choosePassword(db, id, { ...to, password: 'another long one' })).rejects.toMatchObject({
    code: 'password_wrong',
  })
  await signInByPassword({ email: to.email, password }, headers, db)
  const [kept] = await db.session.findMany()
  await signInByPassword({ email: to.email, password }, headers, db)
  const wrong = changePassword(db, id, { current: 'not it', next: 'another long one' })
  await expect(wrong).rejects.toMatchObject({ code: 'password_wrong' })
  await changePassword(db, id, { current: password, next: 'another long one' }, kept?.id)
  expect((await db.session.findMany()).map((session) => session.id)).toEqual([kept?.id])
  expect(await signInByPassword({ email: to.email, password }, headers, db)).toMatchObject({ ok: false })
  const now = await signInByPassword({ email: to.email, password: 'another long one' }, headers, db)
  expect(now).toMatchObject({ ok: true })
})
