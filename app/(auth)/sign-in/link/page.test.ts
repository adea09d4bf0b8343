import { renderToStaticMarkup } from 'react-dom/server'
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { actors } from '@/lib/access/actors.server'
import { signInByPassword } from '@/lib/access/auth.server'
import { createFirstOwnerLink, createSignInLink } from '@/lib/access/links.server'
import { createUser } from '@/lib/access/people.server'
import { db } from '@/lib/store/db.server'
import { type TestDatabase, testDatabase } from '@/lib/testing/database'
import { signInByLink } from './actions'
import SignInLinkPage from './page'

const browser = vi.hoisted(() => ({ sends: {} as Record<string, string>, keeps: [] as string[] }))

vi.mock('next/headers', () => ({ headers: async () => new Headers(browser.sends) }))
vi.mock('@/lib/access/session.server', () => ({
  readActor: async () => null,
  sendCookies: async (cookies: string[]) => browser.keeps.push(...cookies),
}))

let database: TestDatabase

beforeAll(async () => {
  database = await testDatabase()
})
beforeEach(() => {
  vi.stubEnv('DATABASE_URL', database.url)
  browser.sends = {}
  browser.keeps = []
})
afterAll(async () => {
  await actors().close()
  await db().$disconnect()
  await database[Symbol.asyncDispose]()
})

/** What the page says. */
async function open(token: string): Promise<string> {
  const searchParams = Promise.resolve({ token })
  const html = renderToStaticMarkup(await SignInLinkPage({ params: Promise.resolve({}), searchParams }))
  return html.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ')
}

/** Where the button leads, or what it is answered. */
async function press(token: string): Promise<string> {
  return signInByLink(token, null, new FormData()).then(
    (outcome) => JSON.stringify(outcome),
    (redirect: { digest?: string }) => redirect.digest ?? String(redirect),
  )
}

it('signs the first owner in by the button, once, however often the page was opened before', async () => {
  const token = new URL((await createFirstOwnerLink('http://localhost:3000')) ?? '').searchParams.get('token') ?? ''
  for (let times = 0; times < 3; times += 1) {
    expect(await open(token)).toContain('Sign in as Owner no e-mail chosen yet This link works once. It ends nothing.')
  }
  expect(await press(token)).toContain(';/jobs;')
  const cookie = browser.keeps[0]?.split(';')[0] ?? ''
  const owner = await actors().bySession(new Headers({ cookie }))
  expect(owner).toMatchObject({ needsPassword: true, actor: { name: 'Owner', email: null, roles: ['owner'] } })

  expect(await press(token)).toContain(`;/sign-in/link?token=${token};`)
  expect(browser.keeps).toHaveLength(1)
  expect(await open(token)).toContain('This link does not work any more It was used already.')
})

it('says what it ends, and ends nothing until the button is pressed on a page of this site', async () => {
  const person = { email: 'kim@example.com', password: 'a long enough one' }
  const { id } = await createUser(db(), { ...person, name: 'Kim', roles: ['reviewer'] })
  for (let times = 0; times < 2; times += 1) await signInByPassword(person, new Headers())
  const token = await createSignInLink(db(), id)
  expect(await open(token)).toContain('Sign in as Kim kim@example.com')
  expect(await open(token)).toContain('It ends the 2 sessions that you have now. Your old password signs in no more')

  browser.sends = { 'sec-fetch-site': 'cross-site' }
  expect(await press(token)).toContain('A page of another site asked for this.')
  expect(await db().session.count({ where: { userId: id } })).toBe(2)
  expect(await signInByPassword(person, new Headers())).toMatchObject({ ok: true })

  browser.sends = { 'sec-fetch-site': 'same-origin' }
  expect(await press(token)).toContain(';/jobs;')
  expect(await db().session.count({ where: { userId: id } })).toBe(1)
})
