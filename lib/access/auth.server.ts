/** Better Auth: checks passwords, makes sessions and signs their cookies. Reading them is `actors.server.ts`. */
import { randomBytes } from 'node:crypto'
import { prismaAdapter } from 'better-auth/adapters/prisma'
import { APIError, createAuthEndpoint } from 'better-auth/api'
import { setSessionCookie } from 'better-auth/cookies'
import { betterAuth } from 'better-auth/minimal'
import { z } from 'zod'
import { PASSWORD_LENGTH } from '@/lib/access/password'
import { isHttps, originOf } from '@/lib/access/same-origin'
import { createSignInLimit } from '@/lib/access/sign-in-limit'
import { env } from '@/lib/env.server'
import { type Db, db } from '@/lib/store/db.server'

/** A session ends by itself after this long. It is not extended: pages cannot set cookies while they are drawn. */
const SESSION_SECONDS = 14 * 86_400

const SECRET_KEY = 'session_secret'
const secrets = new WeakMap<Db, Promise<string>>()

/** What signs the cookies: HOLDPOINT_SECRET, or one that the installation made for itself once. */
export function sessionSecret(database: Db): Promise<string> {
  const given = env().HOLDPOINT_SECRET
  if (given !== undefined) return Promise.resolve(given)
  let secret = secrets.get(database)
  if (secret === undefined) {
    secret = ownSecret(database)
    secrets.set(database, secret)
    // A database that was away is asked again.
    secret.catch(() => secrets.delete(database))
  }
  return secret
}

async function ownSecret(database: Db): Promise<string> {
  const value = randomBytes(32).toString('base64url')
  // Many hosts may start at once: the first one's stands.
  await database.setting.createMany({ data: { key: SECRET_KEY, value }, skipDuplicates: true })
  return (await database.setting.findUniqueOrThrow({ where: { key: SECRET_KEY } })).value
}

const COOKIE_PREFIX = 'holdpoint'

/** The session's cookie. Over https its name carries the prefix that keeps a plain page of the host from setting it. */
export function sessionCookieName(https: boolean): string {
  return `${https ? '__Secure-' : ''}${COOKIE_PREFIX}.session_token`
}

const limit = createSignInLimit()

/** As a proxy or Next gives it. Without a proxy anybody can make it up, so it only ever adds to the limit by e-mail. */
function addressOf(headers: Headers): string | null {
  return headers.get('x-forwarded-for')?.split(',')[0]?.trim() || null
}

/** Signs somebody in whose right was shown by other means, such as a one-time link. Never reachable by HTTP. */
const signInAs = {
  id: 'holdpoint-sign-in-as',
  endpoints: {
    signInAs: createAuthEndpoint.serverOnly(
      { method: 'POST', body: z.object({ userId: z.string() }) },
      async (context) => {
        const { internalAdapter } = context.context
        const user = await internalAdapter.findUserById(context.body.userId)
        const session = user ? await internalAdapter.createSession(user.id) : null
        if (user === null || session === null) throw new APIError('FORBIDDEN', { code: 'DEACTIVATED' })
        await setSessionCookie(context, { session, user })
        return { sessionId: session.id }
      },
    ),
  },
}

function build(database: Db, secret: string, https: boolean) {
  return betterAuth({
    appName: 'Holdpoint',
    // Nothing is built from this address: links are relative, and the trusted origin is that of each request.
    baseURL: `${https ? 'https' : 'http'}://holdpoint.invalid`,
    secret,
    database: prismaAdapter(database, { provider: 'postgresql' }),
    trustedOrigins: (request) => (request ? [originOf(request.headers)] : []),
    emailAndPassword: {
      enabled: true,
      // People come by invitation.
      disableSignUp: true,
      minPasswordLength: PASSWORD_LENGTH.min,
      maxPasswordLength: PASSWORD_LENGTH.max,
    },
    session: { expiresIn: SESSION_SECONDS, disableSessionRefresh: true, cookieCache: { enabled: false } },
    advanced: {
      cookiePrefix: COOKIE_PREFIX,
      useSecureCookies: https,
      defaultCookieAttributes: { httpOnly: true, sameSite: 'lax' },
    },
    // Tries are counted by signInByPassword, by e-mail too: that holds for forms and routes alike.
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    logger: { level: 'error' },
    databaseHooks: {
      session: {
        create: {
          before: async (session) => {
            const user = await database.user.findUnique({ where: { id: session.userId } })
            const over = { userId: session.userId, expiresAt: { lt: new Date() } }
            await database.session.deleteMany({ where: over })
            if (user === null || user.deactivatedAt !== null) throw new APIError('FORBIDDEN', { code: 'DEACTIVATED' })
          },
        },
      },
    },
    plugins: [signInAs],
  })
}

export type Auth = ReturnType<typeof build>

const built = new WeakMap<Db, Map<string, Auth>>()

/** The instance for a request with these headers: its cookies are `secure` exactly where the visitor uses https. */
export async function authFor(headers: Headers, database: Db = db()): Promise<Auth> {
  const https = isHttps(headers)
  const secret = await sessionSecret(database)
  const ofDatabase = built.get(database) ?? new Map<string, Auth>()
  built.set(database, ofDatabase)
  const known = ofDatabase.get(`${https}`)
  if (known !== undefined) return known
  const auth = build(database, secret, https)
  ofDatabase.set(`${https}`, auth)
  return auth
}

export type SignIn =
  | { ok: true; cookies: string[] }
  | { ok: false; reason: 'wrong' | 'inactive' | 'too_many'; waitSeconds: number }

/**
 * Tries e-mail and password. `cookies` are `Set-Cookie` headers for the answer. While the password is looked at, which
 * takes a while, the try takes a place; a right one gives it back.
 */
export async function signInByPassword(
  credentials: { email: string; password: string },
  headers: Headers,
  database: Db = db(),
): Promise<SignIn> {
  const begun = limit.begin(credentials.email, addressOf(headers))
  if (!('succeeded' in begun)) return { ok: false, reason: 'too_many', waitSeconds: Math.ceil(begun.waitMs / 1_000) }
  try {
    const auth = await authFor(headers, database)
    const result = await asSignIn(auth.api.signInEmail({ body: credentials, headers, returnHeaders: true }))
    if (result.ok) begun.succeeded()
    else if (result.reason === 'wrong') begun.failed()
    else begun.tookNoPlace()
    return result
  } catch (error) {
    begun.tookNoPlace()
    throw error
  }
}

/** Signs `userId` in without a password. `cookies` are `Set-Cookie` headers for the answer. */
export async function signInByRight(userId: string, headers: Headers, database: Db = db()): Promise<SignIn> {
  const auth = await authFor(headers, database)
  return asSignIn(auth.api.signInAs({ body: { userId }, headers, returnHeaders: true }))
}

async function asSignIn(signingIn: Promise<{ headers: Headers }>): Promise<SignIn> {
  try {
    return { ok: true, cookies: (await signingIn).headers.getSetCookie() }
  } catch (error) {
    if (!(error instanceof APIError) || error.statusCode >= 500) throw error
    const code: unknown = error.body?.code
    return { ok: false, reason: code === 'DEACTIVATED' ? 'inactive' : 'wrong', waitSeconds: 0 }
  }
}
