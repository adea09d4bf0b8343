import type { Page } from '@playwright/test'
import type { QueueOverview } from '@/lib/queues/figures-view'
import type { Db } from '@/lib/store/db.server'
import { readBuiltins } from '@/lib/workflows/builtin.server'
import { publish } from '@/lib/workflows/store.server'
import { expect, expectLooks, test } from './fixtures'
import { jobToDecide, readJob, startJob, untilState } from './jobs'

/** Tests share a database: this one looks at a workflow of its own, made from the built-in report. */
async function ownWorkflow(db: Db): Promise<{ key: string; name: string }> {
  const report = readBuiltins().find(({ key }) => key === 'report')
  if (report === undefined) throw new Error('There is no built-in report.')
  const key = `queue-${process.pid}-${Date.now().toString(36)}`
  const definition = {
    ...report,
    key,
    name: `Leases of ${key.slice(-6)}`,
    review: { ...report.review, requesterMayApprove: true },
    budget: { ...report.budget, perDayUsd: 5 },
  }
  await publish(db, definition)
  return { key, name: definition.name }
}

const main = (page: Page) => page.getByRole('main')
const standing = (page: Page, name: string, count: number) =>
  main(page)
    .getByRole('list', { name: 'Where jobs stand' })
    .getByRole('link', { name: new RegExp(`^${name} ${count}\\b`) })

test('a lead’s morning: every number opens the jobs that it counted, and says what has become of them', async ({
  page,
  db,
  signIn,
}) => {
  await signIn('owner', 'Lea Lead')
  const { key, name } = await ownWorkflow(db)
  const first = await jobToDecide(page, { workflow: key, title: 'Lease of the mill' })
  const second = await jobToDecide(page, { workflow: key, title: 'Lease of the barn' })
  const refused = await startJob(page, { workflow: key, rehearsal: { behaviour: 'refusal', seconds: 0.3 } })
  await untilState(page, refused.id, 'failed')

  await test.step('the overview counts them in their queue', async () => {
    await page.goto('/jobs')
    await page.getByRole('link', { name: 'Queues' }).first().click()
    await expect(page.getByRole('heading', { name: 'Queues', level: 1 })).toBeVisible()
    const row = page.getByRole('row').filter({ has: page.getByRole('link', { name, exact: true }) })
    await expect(row.getByRole('link', { name: `Needs review of ${name}: 2` })).toBeVisible()
    await expect(row.getByRole('link', { name: `Failed of ${name}: 1` })).toBeVisible()
    await expect(row).toContainText('3 arrived')
    await expectLooks(page, 'queues')
  })

  await test.step('the page of the queue has the same numbers, charts and their tables', async () => {
    await page.getByRole('link', { name, exact: true }).click()
    await expect(page.getByRole('heading', { name, level: 1 })).toBeVisible()
    await expect(standing(page, 'Needs review', 2)).toBeVisible()
    await expect(standing(page, 'Failed', 1)).toBeVisible()
    const flow = page.getByRole('region', { name: 'In and out', exact: true })
    await flow.getByText('Show as a table').click()
    await expect(flow.getByRole('table', { name: 'In and out, step by step' })).toContainText('Arrived')
    await expect(page.getByRole('table', { name: /^Cost and tokens, beside/ })).toContainText('of $5.00')
    await page.getByRole('link', { name: '1 hour' }).click()
    await expect(page.getByRole('link', { name: '1 hour' })).toHaveAttribute('aria-current', 'true')
    await expectLooks(page, 'queue')
  })

  const { asOf } = (await (await page.request.get('/queues/figures')).json()) as QueueOverview
  await test.step('a job that changes after it was counted stays in the list, and the list says so', async () => {
    const { result } = await readJob(page, first.id)
    const approval = await page.request.post(`/api/v1/jobs/${first.id}/commands`, {
      data: { command: 'approve', resultHash: result?.hash },
    })
    expect(approval.status(), await approval.text()).toBe(200)
    await page.goto(`/jobs?standing=review&workflow=${key}&asOf=${encodeURIComponent(asOf)}`)
    await expect(main(page).getByText(/^2 as of .*, 1 now\./)).toBeVisible()
    await expect(main(page).getByText(`No longer among them, of this page: #${first.number}.`)).toBeVisible()
    await expect(main(page).getByText('Lease of the barn')).toBeVisible()
    await expectLooks(page, 'jobs of a standing')
    await page.getByRole('button', { name: 'Show those of now' }).click()
    await expect(main(page).getByText('1 now.')).toBeVisible()
    await expect(main(page).getByText('Lease of the mill')).toBeHidden()
    await expect(main(page).getByText(`#${second.number}`).first()).toBeVisible()
  })

  await test.step('the figures follow within seconds, and a cell of a table opens its jobs', async () => {
    await page.goto(`/queues/${key}`)
    await expect(standing(page, 'Needs review', 1)).toBeVisible()
    const flow = page.getByRole('table', { name: 'In and out, beside the period before' })
    await flow
      .getByRole('row', { name: /^Completed/ })
      .getByRole('link', { name: '1', exact: true })
      .click()
    await expect(main(page).getByText('Lease of the mill')).toBeVisible()
    await expect(main(page).getByText('Lease of the barn')).toBeHidden()
    const quality = await page.request.get(`/queues/figures?workflow=${key}`)
    expect((await quality.json()).quality).toMatchObject([
      { version: 1, now: { decided: 1, firstDecided: 1, firstPass: 1 } },
    ])
  })

  await test.step('an unchanged poll is answered without a body', async () => {
    const ask = async () => {
      const answer = await page.request.get(`/queues/figures?workflow=${key}`)
      const again = await page.request.get(`/queues/figures?workflow=${key}`, {
        headers: { 'if-none-match': answer.headers().etag ?? '' },
      })
      return again.status()
    }
    await expect.poll(ask).toBe(304)
  })

  await test.step('a period is an address, and what is none is the usual one', async () => {
    await page.goto('/queues?period=century')
    await expect(page.getByRole('link', { name: '24 hours' })).toHaveAttribute('aria-current', 'true')
  })
})

test('sixty queues, figures that are late and a server that is away', async ({ page, signIn, expectedErrors }) => {
  expectedErrors.push(/503/)
  await signIn('lead')
  await page.goto('/queues')
  await expect(page.getByRole('heading', { name: 'Queues', level: 1 })).toBeVisible()
  const seen = (await (await page.request.get('/queues/figures')).json()) as QueueOverview
  const [like] = seen.rows
  if (like === undefined) throw new Error('There is no queue.')
  const rows = Array.from({ length: 60 }, (_, index) => ({
    ...like,
    key: `many-${index}`,
    name: index === 0 ? `${'Very long name '.repeat(18)}שלום` : `Queue number ${index}`,
    counts: { ...like.counts, stuck: index % 7 === 0 ? 1_234_567 : 0, failed: index % 5, review: index * 11 },
    stoppedSince: index % 9 === 0 ? seen.asOf : null,
  }))
  await page.route('**/queues/figures?*', (route) => route.fulfill({ json: { ...seen, isLate: true, rows } }))
  await expect(page.getByText('Queue number 59').first()).toBeVisible({ timeout: 60_000 })
  await expect(page.getByText('No worker counts at present.')).toBeVisible()
  await expectLooks(page, 'queues overfull')
  await page.unroute('**/queues/figures?*')
  await page.route('**/queues/figures?*', (route) => route.fulfill({ status: 503, body: 'away' }))
  await expect(page.getByText(/The server’s database is away\. Trying again\./)).toBeVisible({ timeout: 60_000 })
})

test.describe('for whom it is', () => {
  test.use({ expectedErrors: [/status of 404/] })

  test('reviewers read the queues, requesters do not, and a queue that is none is said to be none', async ({
    page,
    signIn,
    signInElsewhere,
  }) => {
    await signIn('requester')
    await page.goto('/queues')
    await expect(page.getByText('This page is for those who see every job')).toBeVisible()
    expect((await page.request.get('/queues/figures')).status()).toBe(403)
    const { page: reviewer } = await signInElsewhere('reviewer')
    await reviewer.goto('/queues')
    await expect(reviewer.getByRole('navigation', { name: 'Queues' })).toBeVisible()
    await reviewer.goto('/queues/no-such-workflow')
    await expect(reviewer.getByText('There is no such queue')).toBeVisible()
    expect((await reviewer.request.get('/queues/figures?workflow=no-such-workflow')).status()).toBe(404)
  })
})
