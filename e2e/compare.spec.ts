import type { Page } from '@playwright/test'
import { expect, expectLooks, test } from './fixtures'
import { jobToDecide, openTab, untilState } from './jobs'

/** A job with two attempts: the second was asked another question, with guidance. */
async function jobWithTwoAttempts(page: Page) {
  const job = await jobToDecide(page)
  const answer = await page.request.post(`/api/v1/jobs/${job.id}/commands`, {
    data: {
      command: 'retry',
      note: 'Look at the deposit too.',
      params: { guidance: 'Say what becomes of the deposit.', input: { question: 'When is the deposit returned?' } },
    },
  })
  expect(answer.status(), await answer.text()).toBe(200)
  return untilState(page, job.id, 'awaiting_review')
}

const part = (page: Page, title: string) =>
  page.locator('details', { has: page.getByRole('heading', { name: title, exact: true }) })

test('a reviewer who asked for changes sees what the new attempt changed', async ({ page, signIn }) => {
  await signIn(['requester', 'reviewer'])
  const job = await jobWithTwoAttempts(page)
  expect(job.result?.attempt).toBe(2)
  await page.goto(`/jobs/${job.number}`)
  const attempts = await openTab(page, 'Attempts')
  await attempts.getByRole('link', { name: 'Compare with attempt 1' }).click()
  await expect(page).toHaveURL(/\/compare\?left=a1&right=a2$/)
  await expect(page.getByRole('heading', { name: 'Compare', level: 1 })).toBeVisible()

  // What differs stands open, what is the same is folded.
  await expect(part(page, 'Input and documents')).toHaveAttribute('open')
  await expect(part(page, 'Input and documents').locator('ins').filter({ hasText: 'deposit' }).first()).toBeVisible()
  await expect(part(page, 'Guidance')).toContainText('Say what becomes of the deposit.')
  await expect(part(page, 'Fields')).toHaveAttribute('open')
  await expect(part(page, 'Result').locator('ins').first()).toBeVisible()
  await expect(part(page, 'Result').locator('del').first()).toBeVisible()
  const instructions = part(page, 'Instructions and settings')
  await expect(instructions).not.toHaveAttribute('open')
  await instructions.locator('summary').press('Enter')
  await expect(instructions).toContainText('Rules for evidence')
  await instructions.locator('summary').press('Enter')
  await expect(part(page, 'Model, tokens, cost and times')).toContainText('Tokens in all')
  await expectLooks(page, 'compare')
})

test('the two sides can be swapped, chosen anew, and gone back to', async ({ page, signIn }) => {
  await signIn(['requester', 'reviewer'])
  const job = await jobWithTwoAttempts(page)
  await page.goto(`/jobs/${job.number}/compare`)
  await expect(page.getByRole('combobox', { name: 'Before' })).toContainText('Attempt 1')
  await expect(page.getByRole('combobox', { name: 'After' })).toContainText('Attempt 2')
  await page.getByRole('button', { name: 'Swap the two sides' }).click()
  await expect(page).toHaveURL(/left=a2&right=a1/)
  await expect(part(page, 'Input and documents').locator('del').filter({ hasText: 'deposit' }).first()).toBeVisible()

  await page.getByRole('combobox', { name: 'After' }).click()
  await page
    .getByRole('listbox', { name: 'Choices' })
    .getByRole('option', { name: /^Attempt 2/ })
    .click()
  await expect(page.getByText('Both sides are the same one.')).toBeVisible()
  // Whoever is sent this address sees the same two.
  await expect(page).toHaveURL(/left=a2&right=a2/)
  await expectLooks(page, 'compare same side')
  await page.goBack()
  await expect(page).toHaveURL(/left=a2&right=a1/)
  await expect(part(page, 'Result').locator('ins').first()).toBeVisible()

  await page.goto(`/jobs/${job.number}/compare?left=a9&right=a2`)
  await expect(page.getByText('There is no such attempt or revision of this job.')).toBeVisible()
})

test.describe('while the server does not answer', () => {
  test.use({ expectedErrors: [/status of 503/] })

  test('the comparison says so, and goes on when it is asked again', async ({ page, signIn }) => {
    await signIn(['requester', 'reviewer'])
    const job = await jobWithTwoAttempts(page)
    await page.goto(`/jobs/${job.number}/compare`)
    await expect(part(page, 'Result')).toBeVisible()
    await page.route(/api\/v1\/jobs\/.*\/compare/, (route) => route.fulfill({ status: 503, body: '{}' }))
    await page.getByRole('button', { name: 'Swap the two sides' }).click()
    const failed = page.getByRole('alert').filter({ hasText: 'The two could not be read' })
    await expect(failed).toBeVisible({ timeout: 60_000 })
    await page.unroute(/api\/v1\/jobs\/.*\/compare/)
    await failed.getByRole('button', { name: 'Try again' }).click()
    await expect(part(page, 'Result').locator('ins').first()).toBeVisible()
  })
})

test('a job with one attempt has nothing to compare, and says so', async ({ page, signIn }) => {
  await signIn(['requester', 'reviewer'])
  const job = await jobToDecide(page)
  await page.goto(`/jobs/${job.number}/compare`)
  await expect(page.getByRole('heading', { name: 'There is only one to look at' })).toBeVisible()
  await expectLooks(page, 'compare only one')
})
