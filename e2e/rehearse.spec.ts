import type { Page } from '@playwright/test'
import { behaviourTexts, expectationOf } from '@/lib/sandbox/behaviours'
import { expect, test } from './fixtures'
import { LEASE, nextAction, openTab, QUESTION, readJob, standing, startJob, untilState } from './jobs'

test.beforeEach(({ signIn }) => signIn(['requester', 'reviewer']))

/** Two attempts, the first of which failed and says why it was tried again. */
async function expectHealed(page: Page, number: number, code: string, why = 'try 2 of 4') {
  await page.goto(`/jobs/${number}?tab=attempts`)
  await expect(standing(page, 'awaiting_review')).toBeVisible()
  const first = page.getByRole('region', { name: 'Attempt 1' })
  await expect(first).toContainText('infrastructure')
  await expect(first).toContainText(code)
  await expect(first).toContainText(
    `Tried again by itself: Failures of the class infrastructure retry by themselves: ${why}.`,
  )
  await expect(page.getByRole('region', { name: 'Attempt 2' })).toContainText('OpenAI:completed')
}

test('a rehearsal is chosen on the form, and a job that failed at OpenAI heals itself', async ({
  page,
  sandboxCounters,
}) => {
  await page.goto('/jobs/new?workflow=report')
  await page.getByRole('textbox', { name: /^Question/ }).fill(QUESTION)
  await page
    .getByLabel('Choose files')
    .last()
    .setInputFiles({ name: 'lease.md', mimeType: 'text/markdown', buffer: Buffer.from(LEASE) })
  await page.getByRole('combobox', { name: 'The sandbox should' }).click()
  await page.getByRole('combobox', { name: /^Search/ }).fill('error of the server')
  await page.getByRole('option', { name: behaviourTexts.failed_server_error.label }).click()
  await expect(page.getByText(behaviourTexts.failed_server_error.expect)).toBeVisible()
  await page.getByRole('textbox', { name: 'Seconds' }).fill('0.5')
  await expect(page.getByText('Ready to start.')).toBeVisible()
  await page.getByRole('button', { name: 'Start job' }).click()
  await expect(page).toHaveURL(/\/jobs\/\d+$/)
  const number = Number(page.url().split('/').at(-1))
  const { id } = await untilState(page, number, 'awaiting_review')
  await expectHealed(page, number, 'server_error')
  await expect(page.getByRole('region', { name: 'Attempt 1' })).toContainText('OpenAI:failed')
  expect((await sandboxCounters()).jobs[id]).toBe(2)
})

test('a rehearsal that every attempt goes through uses up the tries, each of them sent once', async ({
  page,
  sandboxCounters,
}) => {
  await page.goto('/jobs/new?workflow=report')
  await page.getByRole('textbox', { name: /^Question/ }).fill(QUESTION)
  await page
    .getByLabel('Choose files')
    .last()
    .setInputFiles({ name: 'lease.md', mimeType: 'text/markdown', buffer: Buffer.from(LEASE) })
  const choice = page.getByRole('combobox', { name: 'The sandbox should' })
  await choice.focus()
  await page.keyboard.press('Enter')
  // With the next frame; what is typed before goes to the button.
  await expect(page.getByRole('combobox', { name: /^Search/ })).toBeFocused()
  await page.keyboard.type('500')
  await page.keyboard.press('Enter')
  await expect(choice).toHaveText(behaviourTexts.error_500.label)
  await page.getByRole('combobox', { name: 'In which attempts' }).click()
  await page.getByRole('option', { name: 'Every attempt' }).click()
  await expect(page.getByText(expectationOf('error_500', 'every'))).toBeVisible()
  await page.getByRole('button', { name: 'Start job' }).click()
  await expect(page).toHaveURL(/\/jobs\/\d+$/)
  const number = Number(page.url().split('/').at(-1))
  const { id } = await untilState(page, number, 'failed')
  await expect(standing(page, 'failed')).toBeVisible()
  const { attempts, jobs } = await sandboxCounters()
  expect(jobs[id]).toBe(4)
  for (const times of Object.values(attempts)) expect(times, 'one create an attempt').toBe(1)
})

test('a lost answer is found again when a webhook names it', async ({ page, sandboxCounters }) => {
  const { id, number } = await startJob(page, { rehearsal: { behaviour: 'lost_answer_named', seconds: 4 } })
  await expect.poll(async () => (await readJob(page, id)).nextAction.kind).toBe('decide')
  // Until then it waited for a person: on a busy machine nobody may have looked in that moment.
  expect((await readJob(page, id)).events.map(({ command }) => command)).toEqual([
    'create',
    'start',
    'hold',
    'adopt',
    'hold',
  ])
  await page.goto(`/jobs/${number}`)
  await expect(nextAction(page)).toContainText('Decide on this report.')
  const history = await openTab(page, 'History')
  await expect(history).toContainText('The lost answer was found')
  expect((await sandboxCounters()).jobs[id]).toBe(1)
})

test('what OpenAI garbles, forgets or refuses to be looked at ends where the form said', async ({
  page,
  sandboxCounters,
}) => {
  const ends = [
    ['create_garbled', 'resolve_unknown'],
    ['gone', 'look_into_trouble'],
    ['failed_unlisted', 'look_into_trouble'],
    ['failed_bio_policy', 'retry_or_abandon'],
    ['create_400_context_length', 'retry_or_abandon'],
    ['off_schema', 'decide'],
    ['look_404_once', 'decide'],
    ['webhook_forged', 'decide'],
  ] as const
  const jobs: string[] = []
  for (const [behaviour] of ends) {
    jobs.push((await startJob(page, { rehearsal: { behaviour, seconds: 0.3 } })).id)
  }
  for (const [nth, [behaviour, kind]] of ends.entries()) {
    const id = jobs[nth] ?? ''
    await expect.poll(async () => (await readJob(page, id)).nextAction.kind, { message: behaviour }).toBe(kind)
    expect((await sandboxCounters()).jobs[id], behaviour).toBe(1)
  }
})

test('an error 500 heals itself with a second attempt', async ({ page, sandboxCounters }) => {
  const { id, number } = await startJob(page, { rehearsal: { behaviour: 'error_500', seconds: 0.3 } })
  await untilState(page, id, 'awaiting_review')
  await expectHealed(page, number, 'http_500')
  expect((await sandboxCounters()).jobs[id]).toBe(2)
})

test('a rate limit is waited for as long as OpenAI asks', async ({ page }) => {
  const { id, number } = await startJob(page, { rehearsal: { behaviour: 'rate_limited', seconds: 0.3 } })
  const healed = await untilState(page, id, 'awaiting_review')
  await expectHealed(page, number, 'rate_limit_exceeded', 'this one used up no try')
  await expect(page.getByRole('region', { name: 'Attempt 1' })).toContainText('OpenAI asked us to wait.')
  const [second, first] = healed.attempts
  expect(Date.parse(second?.sentAt ?? '') - Date.parse(first?.sentAt ?? '')).toBeGreaterThanOrEqual(2_000)
})

test('an answer that was cut off is held for a person, and not tried again', async ({ page, sandboxCounters }) => {
  const { id, number } = await startJob(page, { rehearsal: { behaviour: 'incomplete', seconds: 0.3 } })
  await untilState(page, id, 'awaiting_review')
  await page.goto(`/jobs/${number}`)
  await expect(standing(page, 'awaiting_review')).toBeVisible()
  await expect(nextAction(page)).toContainText('The answer was cut off at the limit of output tokens')
  await expect(nextAction(page).getByRole('button', { name: 'Approve…' })).toBeHidden()
  const attempts = await openTab(page, 'Attempts')
  await expect(attempts).toContainText('OpenAI:incomplete')
  await expect(attempts).toContainText('Not tried again by itself')
  expect((await sandboxCounters()).jobs[id]).toBe(1)
})

test('a refusal fails by policy, with what the model said', async ({ page, sandboxCounters }) => {
  const { id, number } = await startJob(page, { rehearsal: { behaviour: 'refusal', seconds: 0.3 } })
  await untilState(page, id, 'failed')
  await page.goto(`/jobs/${number}`)
  await expect(standing(page, 'failed')).toBeVisible()
  await expect(nextAction(page)).toContainText('The model refused to answer.')
  await expect(nextAction(page)).toContainText('Retry it or abandon it.')
  const trace = await openTab(page, 'Trace')
  await expect(trace.getByRole('heading', { name: /^Refusal/ })).toBeVisible()
  expect((await sandboxCounters()).jobs[id]).toBe(1)
})

test('misquoted documents are found out, before and while deciding', async ({ page }) => {
  const { id, number } = await startJob(page, { rehearsal: { behaviour: 'bad_quotes', seconds: 0.3 } })
  await untilState(page, id, 'awaiting_review')
  await page.goto(`/jobs/${number}`)
  await expect(standing(page, 'awaiting_review')).toBeVisible()
  const main = page.getByRole('main')
  await expect(main.getByRole('button', { name: /not found in the documents/ }).first()).toBeVisible()
  await expect(main.getByRole('heading', { name: /Automatic checks .*failed/ })).toBeVisible()
  const evidence = page.getByRole('region', { name: /^Evidence/ })
  await expect(evidence).toContainText('This quote does not stand in the document')
  await expect(evidence.locator('mark')).toHaveCount(0)
})
