import { IDLE_CONNECTION_MS } from '@/lib/start/web-args'
import { expect, expectAccessible, LOOKS, test, wear } from './fixtures'

test('a load balancer can ask whether the product is ready', async ({ request }) => {
  const components = { database: 'up', migrations: 'applied', worker: 'alive' }
  await expect
    .poll(async () => {
      const answer = await request.get('/api/health/ready')
      return { status: answer.status(), said: await answer.json() }
    })
    .toMatchObject({ status: 200, said: { components } })
  const answer = await request.get('/api/health/ready')
  expect(answer.headers()['cache-control']).toBe('no-store')
})

test('a connection that nothing uses is kept longer than proxies and clients keep theirs', async ({ request }) => {
  const answer = await request.get('/api/health/live')
  expect(answer.headers()['keep-alive']).toBe(`timeout=${IDLE_CONNECTION_MS / 1_000}`)
})

test('somebody who is not signed in is sent to the sign-in page, in every look', async ({ page }) => {
  await page.goto('/jobs')
  await expect(page).toHaveURL(/\/sign-in/)
  for (const look of LOOKS) {
    await wear(page, look)
    await expectAccessible(page, look.rules)
  }
})

test('a person who signed in sees the jobs', async ({ page, signIn }) => {
  await signIn('reviewer')
  await page.goto('/jobs')
  await expect(page).toHaveURL(/\/jobs/)
})
