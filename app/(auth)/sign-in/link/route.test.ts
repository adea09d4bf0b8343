import { expect, it, onTestFinished, vi } from 'vitest'
import { actors } from '@/lib/access/actors.server'
import { createFirstOwnerLink } from '@/lib/access/links.server'
import { db } from '@/lib/store/db.server'
import { testDatabase } from '@/lib/testing/database'
import { GET, HEAD } from './route'

it('signs the first owner in once, and only whoever opens the link, not who looks at it', async () => {
  await using database = await testDatabase()
  vi.stubEnv('DATABASE_URL', database.url)
  onTestFinished(async () => {
    await actors().close()
    await db().$disconnect()
  })
  const link = (await createFirstOwnerLink('http://localhost:3000')) ?? ''
  expect(HEAD().status).toBe(405)

  const answer = await GET(new Request(link))
  expect(answer.status).toBe(303)
  expect(answer.headers.get('location')).toBe('/jobs')
  const cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  const owner = await actors().bySession(new Headers({ cookie }))
  expect(owner).toMatchObject({ needsPassword: true, actor: { name: 'Owner', email: null, roles: ['owner'] } })

  const again = await GET(new Request(link))
  expect(again.headers.get('location')).toBe('/sign-in/link-unusable')
  expect(again.headers.getSetCookie()).toEqual([])
})
