import type { Page } from '@playwright/test'
import { expect, expectAccessible, follow, test } from './fixtures'
import { LEASE, nextAction, openTab, QUESTION, readJob, startJob, untilState } from './jobs'

const banner = (page: Page) => page.getByRole('region', { name: 'Sending that stands still' })

/** Sets the budget of the installation for a day. */
async function setDayBudget(page: Page, usd: string) {
  await page.goto('/settings/money')
  await page.getByRole('textbox', { name: /US dollars a day/ }).fill(usd)
  await page.getByRole('button', { name: 'Set the budget' }).click()
  await expect(page.getByText('The budget counts from now on.')).toBeVisible()
}

test('a lead enters a price and a budget, and no job passes it: it is refused, or its queue stops until a lead resumes', async ({
  ownProduct,
  openElsewhere,
  expectedErrors,
}) => {
  expectedErrors.push(/422/)
  const product = await ownProduct()
  const page = await openElsewhere(product.url)
  await follow(page, product.ownerLink)

  await test.step('a price is refused where something is missing, and entered where nothing is', async () => {
    await page.goto('/settings/money')
    await page.getByRole('button', { name: 'Enter a price' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('textbox', { name: 'Name' }).fill('gpt-5.5')
    await dialog.getByRole('textbox', { name: 'Input ($)', exact: true }).fill('ten')
    await dialog.getByRole('textbox', { name: 'Output ($)' }).fill('100')
    await dialog.getByRole('button', { name: 'Enter the price' }).click()
    await expect(dialog.getByText('Say where the price is from')).toBeVisible()
    await expect(dialog.getByText('Give an amount in US dollars')).toBeVisible()
    await dialog.getByRole('textbox', { name: 'Input ($)', exact: true }).fill('10')
    await dialog.getByRole('textbox', { name: 'Source' }).fill('Our contract of November')
    await dialog.getByRole('button', { name: 'Enter the price' }).click()
    await dialog.getByRole('button', { name: 'Done' }).click()
    const prices = page.getByRole('table', { name: 'Prices today of models' })
    await expect(prices.getByRole('row', { name: /^gpt-5\.5\s*Our contract/ })).toContainText('(entered by Owner)')
    await expect(prices.getByRole('row', { name: /^gpt-5\.5\s*Our contract/ })).toContainText('$100.00')
    await expectAccessible(page)
  })

  await test.step('a job that alone would pass the budget is refused with a sentence', async () => {
    await setDayBudget(page, '0.01')
    await page.goto('/jobs/new?workflow=report')
    await page.getByRole('textbox', { name: /^Question/ }).fill(QUESTION)
    await page.getByRole('button', { name: 'Paste text' }).click()
    await page.getByRole('textbox', { name: /^Text/ }).fill(LEASE)
    await page.getByRole('textbox', { name: 'Name of the document' }).fill('lease')
    await page.getByRole('button', { name: 'Add as a document' }).click()
    await expect(page.getByText('Ready to start.')).toBeVisible()
    await page.getByRole('button', { name: 'Start job' }).click()
    await expect(
      page
        .getByText(/One attempt of this job may cost up to \$.*the budget of this installation for a day is \$0\.01/)
        .first(),
    ).toBeVisible()
  })

  const refused = await page.request.post('/api/v1/jobs', {
    data: { workflow: 'report', input: { question: QUESTION }, documents: [{ name: 'lease.md', text: LEASE }] },
  })
  expect(refused.status()).toBe(422)
  const most = Number(/up to \$([\d.]+)/.exec((await refused.json()).detail)?.[1])
  expect(most).toBeGreaterThan(0)
  // Enough for one call at its worst, not for two.
  await setDayBudget(page, (most * 1.5).toFixed(2))

  const first = await startJob(page, { rehearsal: { behaviour: 'slow', seconds: 12 } })
  await untilState(page, first.id, 'running')
  const second = await startJob(page)

  await test.step('two calls at once would pass it: sending stops, and every page of a lead says so', async () => {
    await page.goto(`/jobs/${second.number}`)
    await expect(banner(page)).toContainText('stands still')
    await expect(banner(page)).toContainText('The budget of this installation for the day is used up.')
    await expect(banner(page)).toContainText('1 job waits.')
    await expect(nextAction(page)).toContainText('Resume sending of its workflow')
    expect((await readJob(page, second.id)).state).toBe('queued')
    await expectAccessible(page)
    await page.goto('/jobs')
    await expect(banner(page)).toContainText('stands still')
  })

  await test.step('a new job is taken, and waits', async () => {
    const third = await startJob(page)
    expect((await readJob(page, third.id)).stop?.reason).toBe('budget_day')
    await expect(banner(page)).toContainText('2 jobs wait.')
  })

  await test.step('once the first call is settled a lead resumes, and the jobs go on', async () => {
    await untilState(page, first.id, 'awaiting_review')
    // Room for both at once.
    await setDayBudget(page, (most * 10).toFixed(2))
    await banner(page)
      .getByRole('button', { name: /Resume/ })
      .click()
    const dialog = page.getByRole('dialog')
    await expect(dialog).toContainText('Each deadline is moved by the time')
    await dialog.getByRole('textbox', { name: /^Note/ }).fill('The budget was raised.')
    await dialog.getByRole('button', { name: 'Resume sending' }).click()
    await expect(banner(page)).toBeHidden()
    await untilState(page, second.id, 'awaiting_review')
    await page.reload()
    await page.getByText(/that was resumed/).click()
    await expect(page.getByText(/The budget was raised\./)).toBeVisible()
  })

  await test.step('the page of a job says what it would have cost, and how that is worked out', async () => {
    await page.goto(`/jobs/${second.number}`)
    const attempts = await openTab(page, 'Attempts')
    await expect(attempts.getByText(/Nothing is paid at the sandbox; at the prices on record/)).toBeVisible()
    await attempts
      .getByText(/^Attempt 1/)
      .first()
      .click()
    await expect(attempts.getByText(/output tokens at \$100\.00 a million/)).toBeVisible()
    await page.goto('/settings/money')
    await expect(page.getByRole('table', { name: 'Spending by workflow' })).toContainText('Report')
  })
})

test('somebody who is no lead sees neither the banner nor the page', async ({ page, signIn }) => {
  await signIn('reviewer')
  await page.goto('/settings/money')
  await expect(page.getByText('This is for leads')).toBeVisible()
  expect((await page.request.get('/settings/money/stops')).status()).toBe(403)
})
