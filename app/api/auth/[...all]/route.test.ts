import { expect, it, onTestFinished, vi } from 'vitest'
import { actors } from '@/lib/access/actors.server'
import { createUser } from '@/lib/access/people.server'
import { db } from '@/lib/store/db.server'
import { testDatabase } from '@/lib/testing/database'
import { POST } from './route'

const password = 'a long enough one'

function post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  const request = new Request(`http://localhost:3000/api/auth/${path}`, {
    method: 'POST',
    headers: { host: 'localhost:3000', 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
  return POST(request, { params: Promise.resolve({ all: path.split('/') }) })
}

it('signs in and out, refuses other sites, and opens no other address of Better Auth', async () => {
  await using database = await testDatabase()
  vi.stubEnv('DATABASE_URL', database.url)
  onTestFinished(async () => {
    await actors().close()
    await db().$disconnect()
  })
  await createUser(db(), { email: 'dana@example.com', name: 'Dana', roles: ['owner'], password })
  const who = { email: 'dana@example.com', password }

  expect((await post('sign-in/email', { ...who, password: 'wrong' })).status).toBe(401)
  expect((await post('sign-in/email', { email: 'dana@example.com' })).status).toBe(422)
  expect((await post('sign-in/email', who, { origin: 'https://evil.example' })).status).toBe(403)
  const cookie = (await post('sign-in/email', who)).headers.getSetCookie()[0]?.split(';')[0] ?? ''
  const signedIn = () => actors().bySession(new Headers({ cookie }))
  expect(await signedIn()).toMatchObject({ actor: { name: 'Dana' } })

  expect((await post('sign-in/email', { ...who, more: 'x'.repeat(64 * 1024) })).status).toBe(413)

  const closed = ['sign-up/email', 'update-user', 'change-password', 'list-sessions']
  for (const path of [...closed, 'constructor', '__proto__', 'toString', 'hasOwnProperty']) {
    expect((await post(path, { ...who, name: 'X' }, { cookie })).status, path).toBe(404)
  }
  expect((await post('sign-out', {}, { cookie, 'sec-fetch-site': 'cross-site' })).status).toBe(403)
  expect(await signedIn()).not.toBeNull()
  const out = await post('sign-out', {}, { cookie })
  expect(out.headers.getSetCookie()[0]).toMatch(/^holdpoint\.session_token=; Max-Age=0/)
  expect(await signedIn()).toBeNull()
})
