import { expect, it, onTestFinished, vi } from 'vitest'
import { type Actors, actorFromRequest, createActors } from '@/lib/access/actors.server'
import { signInByRight } from '@/lib/access/auth.server'
import { createKey, listKeys, revokeKey } from '@/lib/access/keys.server'
import {
  choosePassword,
  createUser,
  deactivate,
  endSession,
  endSessions,
  reactivate,
  setRoles,
} from '@/lib/access/people.server'
import type { Role } from '@/lib/lifecycle/table'
import { connect, type Db } from '@/lib/store/db.server'
import { type TestDatabase, testDatabase } from '@/lib/testing/database'

/** A reader that remembers, as another process has: over a client of its own, so that it hears only by NOTIFY. */
async function reader(database: TestDatabase, db = connect(database.url, 1)): Promise<Actors> {
  const actors = createActors(db, database.url)
  onTestFinished(async () => {
    await actors.close()
    if (db !== database.db) await db.$disconnect()
  })
  await vi.waitUntil(() => actors.remembers(), 120_000)
  return actors
}

async function person(db: Db, name: string, roles: Role[]): Promise<string> {
  return (await createUser(db, { email: `${name}@example.com`, name, roles })).id
}

async function cookieOf(db: Db, userId: string): Promise<Headers> {
  const signIn = await signInByRight(userId, new Headers({ host: 'localhost' }), db)
  if (!signIn.ok) throw new Error(signIn.reason)
  return new Headers({ cookie: `theme=dark; ${signIn.cookies[0]?.split(';')[0]}` })
}

/** How often `work` looks a session or a key up through `db`. */
async function queries(db: Db, work: () => Promise<unknown>): Promise<number> {
  const count = vi.fn()
  const { session, apiKey } = db
  const spies = [
    vi.spyOn(session, 'findUnique').mockImplementation(count),
    vi.spyOn(apiKey, 'findUnique').mockImplementation(count),
  ]
  await work()
  for (const spy of spies) spy.mockRestore()
  return count.mock.calls.length
}

it('reads the person behind a cookie, and asks the database once for many requests', async () => {
  await using database = await testDatabase()
  const actors = await reader(database, database.db)
  const userId = await person(database.db, 'dana', ['reviewer', 'support'])
  const cookie = await cookieOf(database.db, userId)
  expect(await actors.bySession(cookie)).toMatchObject({
    actor: { kind: 'person', userId, apiKeyId: null, name: 'dana', roles: ['reviewer', 'support'] },
    needsPassword: true,
  })
  expect(await queries(database.db, () => actors.bySession(cookie))).toBe(0)
})

it('knows nobody behind a forged, altered or missing cookie', async () => {
  await using database = await testDatabase()
  const actors = await reader(database)
  const cookie = (await cookieOf(database.db, await person(database.db, 'dana', ['owner']))).get('cookie') ?? ''
  const token = (await database.db.session.findFirstOrThrow()).token
  for (const forged of [
    `holdpoint.session_token=${token}`,
    `holdpoint.session_token=${token}.c2lnbmF0dXJl`,
    'holdpoint.session_token=%E0%A4%A',
    `__Secure-${cookie.split('; ')[1]}`,
    '',
  ]) {
    expect(await actors.bySession(new Headers({ cookie: forged })), forged).toBeNull()
  }
})

it.each([
  ['deactivation', (db: Db, userId: string) => deactivate(db, userId)],
  ['the end of all sessions', (db: Db, userId: string) => endSessions(db, userId)],
  [
    'the end of that session',
    async (db: Db, userId: string) =>
      endSession(db, userId, (await db.session.findFirstOrThrow({ where: { userId } })).id),
  ],
])('throws a person out of every process at once after %s', async (_how, change) => {
  await using database = await testDatabase()
  const { db } = database
  await person(db, 'other', ['owner'])
  const userId = await person(db, 'dana', ['owner'])
  const cookie = await cookieOf(db, userId)
  const processes = [await reader(database), await reader(database)]
  for (const actors of processes) expect(await actors.bySession(cookie)).not.toBeNull()
  await change(db, userId)
  // Well within the 60 s after which any entry runs out.
  for (const actors of processes) {
    await vi.waitFor(async () => expect(await actors.bySession(cookie)).toBeNull(), 120_000)
  }
  await reactivate(db, userId)
  for (const actors of processes) expect(await actors.bySession(cookie)).toBeNull()
})

it('changes what a person and their keys may do in every process at once', async () => {
  await using database = await testDatabase()
  const { db } = database
  const userId = await person(db, 'dana', ['lead'])
  const cookie = await cookieOf(db, userId)
  const { key } = await createKey(db, { name: 'script', roles: ['lead', 'requester'], userId, createdBy: null })
  const actors = await reader(database)
  expect((await actors.bySession(cookie))?.actor.roles).toEqual(['lead'])
  expect((await actors.byKey(key))?.roles.toSorted()).toEqual(['lead', 'reviewer', 'support'])
  await setRoles(db, userId, ['support'])
  await vi.waitFor(async () => expect((await actors.bySession(cookie))?.actor.roles).toEqual(['support']), 120_000)
  await vi.waitFor(async () => expect((await actors.byKey(key))?.roles).toEqual(['support']), 120_000)
})

it('shows whoever makes a change its effect in their very next request', async () => {
  await using database = await testDatabase()
  const { db } = database
  // It listens elsewhere, so that no NOTIFY comes to its help.
  await using elsewhere = await testDatabase()
  const actors = createActors(db, elsewhere.url)
  onTestFinished(() => actors.close())
  await vi.waitUntil(() => actors.remembers(), 120_000)
  const userId = await person(db, 'dana', ['owner'])
  const cookie = await cookieOf(db, userId)
  const { id, key } = await createKey(db, { name: 'k', roles: ['owner'], userId: null, createdBy: userId })
  expect(await actors.bySession(cookie)).toMatchObject({ needsPassword: true })
  expect(await actors.byKey(key)).not.toBeNull()
  expect(await queries(db, () => Promise.all([actors.byKey(key), actors.bySession(cookie)]))).toBe(0)
  const [session] = await db.session.findMany()
  await choosePassword(db, userId, { name: 'Dana', email: 'd@example.com', password: 'a long enough one' }, session?.id)
  await revokeKey(db, id)
  expect(await actors.bySession(cookie)).toMatchObject({ needsPassword: false, actor: { name: 'Dana' } })
  expect(await actors.byKey(key)).toBeNull()
})

it('does not serve from memory while news cannot arrive, and does again after', async () => {
  await using database = await testDatabase()
  const { db } = database
  const actors = await reader(database, database.db)
  const userId = await person(db, 'dana', ['owner'])
  const cookie = await cookieOf(db, userId)
  await actors.bySession(cookie)
  await killListeners(database)
  await vi.waitUntil(() => !actors.remembers(), 120_000)
  // A change whose news nobody hears.
  await db.user.update({ where: { id: userId }, data: { roles: ['reviewer'] } })
  expect((await actors.bySession(cookie))?.actor.roles).toEqual(['reviewer'])
  await vi.waitUntil(() => actors.remembers(), 120_000)
  expect((await actors.bySession(cookie))?.actor.roles).toEqual(['reviewer'])
  expect(await queries(database.db, () => actors.bySession(cookie))).toBe(0)
})

async function killListeners(database: TestDatabase): Promise<void> {
  await database.ownerPool.query(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'holdpoint listen' AND datname = current_database()",
  )
}

it('raises when the database is away, and never says that nobody is signed in', async () => {
  await using database = await testDatabase()
  const cookie = await cookieOf(database.db, await person(database.db, 'dana', ['owner']))
  const actors = createActors(database.db, database.url)
  onTestFinished(() => actors.close())
  vi.spyOn(database.db.session, 'findUnique').mockRejectedValue(new Error('the database is away'))
  await expect(actors.bySession(cookie)).rejects.toThrow('the database is away')
})

it('knows a key by its hash alone, and forgets it when it or its person goes', async () => {
  await using database = await testDatabase()
  const { db } = database
  const actors = await reader(database)
  await person(db, 'owner', ['owner'])
  const userId = await person(db, 'kim', ['reviewer'])
  const service = await createKey(db, { name: 'nightly', roles: ['requester'], userId: null, createdBy: null })
  const own = await createKey(db, { name: 'kim’s', roles: ['reviewer'], userId, createdBy: userId })
  expect(service.key).toMatch(/^hp_[\w-]{43}$/)
  expect(JSON.stringify(await db.apiKey.findMany())).not.toContain(service.key.slice(12))
  expect(await actors.byKey(service.key)).toEqual({
    kind: 'api_key',
    userId: null,
    apiKeyId: service.id,
    name: 'nightly',
    email: null,
    roles: ['requester'],
  })
  expect(await actors.byKey(own.key)).toMatchObject({ userId, apiKeyId: own.id, roles: ['reviewer'] })
  expect((await listKeys(db)).every((key) => key.lastUsedAt !== null)).toBe(true)
  await revokeKey(db, service.id)
  await vi.waitFor(async () => expect(await actors.byKey(service.key)).toBeNull(), 120_000)
  await deactivate(db, userId)
  await vi.waitFor(async () => expect(await actors.byKey(own.key)).toBeNull(), 120_000)
  await expect(revokeKey(db, service.id)).rejects.toMatchObject({ code: 'key_unknown' })
})

it('gives a key no more than its person may do', async () => {
  await using database = await testDatabase()
  const { db } = database
  const actors = createActors(db, database.url)
  onTestFinished(() => actors.close())
  const reviewer = await person(db, 'kim', ['reviewer'])
  const owner = await person(db, 'dana', ['owner'])
  const key = async (userId: string, roles: Role[]) =>
    (await actors.byKey((await createKey(db, { name: 'k', roles, userId, createdBy: null })).key))?.roles.toSorted()
  expect(await key(reviewer, ['reviewer', 'support'])).toEqual(['reviewer'])
  expect(await key(reviewer, ['lead'])).toEqual(['reviewer'])
  expect(await key(owner, ['reviewer'])).toEqual(['reviewer'])
  await expect(key(reviewer, ['support'])).rejects.toMatchObject({ code: 'roles_missing' })
})

it('lets only its person or an owner revoke a key', async () => {
  await using database = await testDatabase()
  const { db } = database
  const kim = await person(db, 'kim', ['reviewer'])
  const lee = await person(db, 'lee', ['lead'])
  const { id } = await createKey(db, { name: 'k', roles: ['reviewer'], userId: kim, createdBy: kim })
  const as = (userId: string, roles: Role[]) =>
    ({ kind: 'person', userId, apiKeyId: null, name: '', email: null, roles }) as const
  await expect(revokeKey(db, id, as(lee, ['lead']))).rejects.toMatchObject({ code: 'key_unknown' })
  await revokeKey(db, id, as(kim, ['reviewer']))
  expect((await listKeys(db, kim))[0]?.revokedAt).not.toBeNull()
})

it('takes a request by its key where there is one, and never falls back to the cookie', async () => {
  await using database = await testDatabase()
  const actors = await reader(database)
  const userId = await person(database.db, 'dana', ['owner'])
  const { key } = await createKey(database.db, { name: 'k', roles: ['owner'], userId, createdBy: null })
  const cookie = (await cookieOf(database.db, userId)).get('cookie') ?? ''
  const ask = (headers: Record<string, string>) => actorFromRequest({ headers: new Headers(headers) }, actors)
  expect(await ask({ cookie })).toMatchObject({ kind: 'person' })
  expect(await ask({ cookie, authorization: `Bearer ${key}` })).toMatchObject({ kind: 'api_key' })
  expect(await ask({ cookie, authorization: 'Bearer hp_wrong' })).toBeNull()
  expect(await ask({ cookie, authorization: 'Basic eDp5' })).toBeNull()
  expect(await ask({})).toBeNull()
})
