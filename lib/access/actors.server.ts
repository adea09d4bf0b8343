/**
 * Who is behind a cookie or a key. Remembered in the process, so that a poll costs no query, and forgotten when any
 * process says that the person or key changed. While news cannot arrive, nothing is served from memory.
 */
import { constantTimeEqual, makeSignature } from 'better-auth/crypto'
import type { Actor } from '@/lib/access/actor'
import { sessionCookieName, sessionSecret } from '@/lib/access/auth.server'
import { expandRoles, hasRole } from '@/lib/access/can'
import { ACCESS_CHANNEL, type AccessNews, hearOwnChanges, readAccessNews } from '@/lib/access/news.server'
import { isPlaceholderEmail } from '@/lib/access/placeholder-email'
import { parseRoles } from '@/lib/access/roles'
import { isHttps } from '@/lib/access/same-origin'
import { hashToken } from '@/lib/access/tokens'
import { type Db, db } from '@/lib/store/db.server'
import { type Listener, listen } from '@/lib/store/listen.server'

/** A person in a browser, with what only their own pages need to know. */
export type SessionActor = {
  actor: Actor & { kind: 'person'; userId: string }
  sessionId: string
  /** The person has not chosen an e-mail and a password yet. */
  needsPassword: boolean
}

/** What is remembered lives at most this long, whatever news are missed. */
const LIFETIME_MS = 60_000
/** Some 500 bytes each. */
const MOST_ENTRIES = 5_000
/** `lastUsedAt` of a key is no finer than this: it is written when the key is looked up, not at each call. */
const LAST_USED_MS = 60_000

type Entry = { session: SessionActor | null; actor: Actor; until: number }

export type Actors = {
  /** The person whose session cookie these headers carry, or null. */
  bySession(headers: Headers): Promise<SessionActor | null>
  /** Whom the key stands for, or null where it is unknown, revoked, or its person is deactivated. */
  byKey(key: string): Promise<Actor | null>
  /** True while answers may come from memory. */
  remembers(): boolean
  close(): Promise<void>
}

/** A reader over `database`, hearing news from the same database by `url`. */
export function createActors(database: Db, url?: string): Actors {
  const entries = new Map<string, Entry>()
  // Raised by every piece of news: what was read before it and arrives after it is not kept.
  let generation = 0
  let listener: Listener | undefined

  function forget(news: AccessNews | null): void {
    generation += 1
    if (news === null) {
      entries.clear()
      return
    }
    for (const [key, { actor }] of entries) {
      const hit = 'userId' in news ? actor.userId === news.userId : actor.apiKeyId === news.keyId
      if (hit) entries.delete(key)
    }
  }

  const deafen = hearOwnChanges(database, forget)

  function remembers(): boolean {
    listener ??= listen(
      ACCESS_CHANNEL,
      (payload) => forget(readAccessNews(payload)),
      () => forget(null),
      url,
    )
    return listener.isUp()
  }

  async function through(key: string, load: () => Promise<Entry | null>): Promise<Entry | null> {
    const known = remembers() ? entries.get(key) : undefined
    if (known !== undefined && known.until > Date.now()) {
      // Moves it to the young end: the eldest is dropped first.
      entries.delete(key)
      entries.set(key, known)
      return known
    }
    const before = generation
    const entry = await load()
    entries.delete(key)
    if (entry === null || before !== generation || !remembers()) return entry
    entries.set(key, entry)
    const eldest = entries.size > MOST_ENTRIES ? entries.keys().next().value : undefined
    if (eldest !== undefined) entries.delete(eldest)
    return entry
  }

  return {
    remembers,
    async bySession(headers) {
      const cookie = readCookie(headers, sessionCookieName(isHttps(headers)))
      if (cookie === null) return null
      const entry = await through(`cookie ${hashToken(cookie)}`, () => loadSession(database, cookie))
      return entry?.session ?? null
    },
    async byKey(key) {
      const hash = hashToken(key)
      return (await through(`key ${hash}`, () => loadKey(database, hash)))?.actor ?? null
    },
    async close() {
      deafen()
      entries.clear()
      await listener?.close()
    },
  }
}

function readCookie(headers: Headers, name: string): string | null {
  for (const part of headers.get('cookie')?.split(';') ?? []) {
    const at = part.indexOf('=')
    if (part.slice(0, at).trim() === name) return part.slice(at + 1).trim() || null
  }
  return null
}

/** The token of a cookie as Better Auth signs it, `token.signature` and escaped; null where the signature is not ours. */
async function signedToken(cookie: string, secret: string): Promise<string | null> {
  let value: string
  try {
    value = decodeURIComponent(cookie)
  } catch {
    return null
  }
  const at = value.lastIndexOf('.')
  if (at < 1) return null
  const token = value.slice(0, at)
  return constantTimeEqual(value.slice(at + 1), await makeSignature(token, secret)) ? token : null
}

async function loadSession(database: Db, cookie: string): Promise<Entry | null> {
  const token = await signedToken(cookie, await sessionSecret(database))
  if (token === null) return null
  const session = await database.session.findUnique({ where: { token }, include: { user: true } })
  const now = Date.now()
  if (session === null || session.expiresAt.getTime() <= now || session.user.deactivatedAt !== null) return null
  const { user } = session
  const actor: SessionActor['actor'] = {
    kind: 'person',
    userId: user.id,
    apiKeyId: null,
    name: user.name,
    email: isPlaceholderEmail(user.email) ? null : user.email,
    roles: parseRoles(user.roles),
  }
  return {
    session: { actor, sessionId: session.id, needsPassword: !user.hasPassword },
    actor,
    until: Math.min(now + LIFETIME_MS, session.expiresAt.getTime()),
  }
}

async function loadKey(database: Db, hash: string): Promise<Entry | null> {
  const key = await database.apiKey.findUnique({ where: { hash }, include: { user: true } })
  if (key === null || key.revokedAt !== null || (key.user !== null && key.user.deactivatedAt !== null)) return null
  const now = Date.now()
  await database.apiKey.updateMany({
    where: { id: key.id, OR: [{ lastUsedAt: null }, { lastUsedAt: { lt: new Date(now - LAST_USED_MS) } }] },
    data: { lastUsedAt: new Date(now) },
  })
  const own = parseRoles(key.roles)
  const person = key.user === null ? null : { roles: parseRoles(key.user.roles) }
  const actor: Actor = {
    kind: 'api_key',
    userId: key.userId,
    apiKeyId: key.id,
    name: key.name,
    email: key.user?.email ?? null,
    // A key never does what its person may not. A wide role is taken apart first: a lead's key, after its person
    // became a reviewer, still reviews.
    roles: person === null ? own : expandRoles(own).filter((role) => hasRole(person, role)),
  }
  return { session: null, actor, until: now + LIFETIME_MS }
}

// One reader for the process, kept across the module reloads of `next dev`.
const holder = globalThis as unknown as { holdpointActors?: Actors }

/** The reader of this process. */
export function actors(): Actors {
  holder.holdpointActors ??= createActors(db())
  return holder.holdpointActors
}

/**
 * Who sends this request: by `Authorization: Bearer <key>` where there is one, and then by nothing else, or by the
 * session cookie. null: nobody known. A caller that changes something checks `sameOrigin` where `kind` is 'person'.
 */
export async function actorFromRequest(request: { headers: Headers }, from: Actors = actors()): Promise<Actor | null> {
  const authorization = request.headers.get('authorization')
  if (authorization !== null) {
    const key = /^Bearer +(\S+)$/i.exec(authorization)?.[1]
    return key === undefined ? null : from.byKey(key)
  }
  return (await from.bySession(request.headers))?.actor ?? null
}
