import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { startPostgres } from '@/lib/start/postgres.server'
import { expect, follow, test } from './fixtures'
import { standing, startJob, untilState } from './jobs'

// What the browser prints of answers 503, and React (error 441) of a page that the server could not draw.
test.use({ expectedErrors: [/status of 50[03]|React error #441|ERR_/] })

test('while the database is away the answer is 503, pages say so and recover by themselves, and jobs go on', async ({
  ownProduct,
  openElsewhere,
}) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'holdpoint-away-'))
  let postgres = await startPostgres(folder, { forTests: true })
  try {
    const product = await ownProduct({ DATABASE_URL: postgres.url })
    const list = await openElsewhere(product.url)
    await follow(list, product.ownerLink)
    const job = await startJob(list, { rehearsal: { behaviour: 'none', seconds: 45 } })
    await list.reload()
    await expect(list.getByRole('row').filter({ hasText: `#${job.number} ` })).toContainText('Running')
    const one = await list.context().newPage()
    await one.goto(`/jobs/${job.number}`)
    await expect(standing(one, 'running')).toBeVisible()
    const fresh = await list.context().newPage()

    await test.step('it goes away', async () => {
      await postgres.stop()
      await expect.poll(async () => (await list.request.get('/api/v1/jobs')).status()).toBe(503)
      const answer = await list.request.get(`/api/v1/jobs/${job.id}`)
      expect(answer.status()).toBe(503)
      expect(answer.headers()['content-type']).toBe('application/problem+json')
      expect(answer.headers()['retry-after']).toBe('2')
      expect(await answer.json()).toMatchObject({ type: 'urn:holdpoint:problem:database-away', status: 503 })
      const write = await list.request.post('/api/v1/jobs', { data: { workflow: 'digest', input: {} } })
      expect(write.status(), 'never a false yes').toBe(503)
      expect((await list.request.get('/api/health/ready')).status()).toBe(503)
      expect((await list.request.get('/api/health/live')).status()).toBe(200)
    })

    await test.step('pages that are open keep what they have and say since when', async () => {
      for (const page of [list, one]) {
        await expect(page.getByRole('main')).toContainText(/The server’s database is away\. Not refreshed since/, {
          timeout: 60_000,
        })
      }
      await expect(list.getByRole('row').filter({ hasText: `#${job.number} ` })).toBeVisible()
      await expect(standing(one, 'running')).toBeVisible()
    })

    await test.step('a page that is opened now says so too', async () => {
      await fresh.goto('/jobs')
      await expect(fresh.getByRole('alert').filter({ hasText: 'could not be read' })).toContainText(
        'tries again by itself',
      )
    })

    await test.step('it comes back, and so does everything else, without a hand', async () => {
      postgres = await startPostgres(folder, { forTests: true })
      await expect(fresh.getByRole('row').filter({ hasText: `#${job.number} ` })).toBeVisible({ timeout: 60_000 })
      const done = await untilState(list, job.id, 'awaiting_review', 180_000)
      expect(done.attempts, 'nothing was sent twice').toHaveLength(1)
      expect(done.result?.text).toContain('third working day')
      await expect(standing(one, 'awaiting_review')).toBeVisible({ timeout: 60_000 })
      await expect(list.getByRole('main')).toContainText(/checked (just now|\d+ s ago)/)
    })
    const counters = await (await list.request.get(`${product.sandboxUrl}/sandbox/counters`)).json()
    expect(counters.creates.total).toBe(1)
    await expect.poll(async () => (await list.request.get('/api/health/ready')).status()).toBe(200)
    expect(await product.end('SIGTERM')).toBe(0)
  } finally {
    await postgres.stop()
    fs.rmSync(folder, { recursive: true, force: true })
  }
})
