import type { Page } from '@playwright/test'
import { enter, expect, test } from './fixtures'
import {
  inTwoDays,
  jobToDecide,
  nextAction,
  openCommand,
  openTab,
  readJob,
  standing,
  startJob,
  untilState,
} from './jobs'

async function open(page: Page, number: number, state: Parameters<typeof standing>[1]) {
  await page.goto(`/jobs/${number}`)
  await expect(standing(page, state)).toBeVisible()
}

test('a reviewer approves exactly the result on the screen, and can take it back', async ({ page, signIn }) => {
  const { name } = await signIn(['requester', 'reviewer'], 'Mara Approver')
  const job = await jobToDecide(page)
  await open(page, job.number, 'awaiting_review')

  const dialog = await openCommand(page, 'Approve')
  await expect(dialog).toContainText(job.result?.hash ?? 'no hash')
  await dialog.getByRole('textbox', { name: 'Note' }).fill('Checked against the lease.')
  await dialog.getByRole('button', { name: 'Approve', exact: true }).click()
  await expect(standing(page, 'completed')).toBeVisible()
  await expect(nextAction(page)).toContainText(`${name} approved the result`)
  await expect(nextAction(page)).toContainText('Checked against the lease.')
  const [decision] = (await readJob(page, job.id)).reviews[0]?.decisions ?? []
  expect(decision).toMatchObject({ command: 'approve', resultHash: job.result?.hash, by: { name } })

  const undo = await openCommand(page, 'Undo')
  await undo.getByRole('button', { name: 'Undo', exact: true }).click()
  await expect(standing(page, 'awaiting_review')).toBeVisible()
  await expect(nextAction(page)).toContainText('An approval was taken back.')
})

test('a reviewer asks again with guidance, and both attempts stay', async ({ page, signIn }) => {
  await signIn(['requester', 'reviewer'])
  const job = await jobToDecide(page)
  await open(page, job.number, 'awaiting_review')

  const dialog = await openCommand(page, 'Retry')
  await expect(dialog).toContainText('A new attempt is made and paid for.')
  await dialog.getByRole('textbox', { name: 'What should be different' }).fill('Name the amount first.')
  await dialog.getByRole('button', { name: 'Retry', exact: true }).click()
  await expect(dialog).toBeHidden()
  const again = await untilState(page, job.id, 'awaiting_review')
  expect(again.guidance).toBe('Name the amount first.')

  const attempts = await openTab(page, 'Attempts')
  await expect(attempts.getByRole('heading', { name: 'Attempt 2' })).toBeVisible()
  await expect(attempts.getByRole('heading', { name: 'Attempt 1' })).toBeVisible()
  await expect(attempts).toContainText('Its result was replaced by a later one, and is kept.')
  const history = await openTab(page, 'History')
  await expect(history).toContainText('asked for another attempt with guidance.')
})

test('a reviewer asks again with edited input', async ({ page, signIn }) => {
  await signIn(['requester', 'reviewer'])
  const job = await jobToDecide(page)
  await open(page, job.number, 'awaiting_review')

  const dialog = await openCommand(page, 'Retry')
  await dialog.getByRole('button', { name: 'Edit the input' }).click()
  const question = dialog.getByRole('textbox', { name: /^Question/ })
  await expect(question).toHaveValue(String(job.input.question))
  await question.fill('When is the deposit returned?')
  await dialog.getByRole('button', { name: 'Retry', exact: true }).click()
  await expect(dialog).toBeHidden()
  const again = await untilState(page, job.id, 'awaiting_review')
  expect(again.input.question).toBe('When is the deposit returned?')
  expect(again.result?.text).toContain('six weeks')
  const history = await openTab(page, 'History')
  await expect(history).toContainText('asked for another attempt with edited input.')
})

test('abandoning demands a reason', async ({ page, signIn }) => {
  await signIn(['requester', 'reviewer'])
  const job = await jobToDecide(page)
  await open(page, job.number, 'awaiting_review')

  const dialog = await openCommand(page, 'Abandon')
  await dialog.getByRole('button', { name: 'Abandon', exact: true }).click()
  await expect(dialog).toContainText('Give a reason')
  await expect(dialog.getByRole('textbox', { name: 'Reason' })).toHaveAttribute('aria-invalid', 'true')
  expect((await readJob(page, job.id)).state).toBe('awaiting_review')

  await dialog.getByRole('textbox', { name: 'Reason' }).fill('The wrong lease.')
  await dialog.getByRole('button', { name: 'Abandon', exact: true }).click()
  await expect(standing(page, 'abandoned')).toBeVisible()
  await expect(nextAction(page)).toContainText('The wrong lease.')
})

test('support reopens a completed job, and a reviewer upholds the earlier decision', async ({
  page,
  signIn,
  signInElsewhere,
}) => {
  await signIn(['requester', 'reviewer'], 'Vera Reviewer')
  const job = await jobToDecide(page)
  await open(page, job.number, 'awaiting_review')
  const approve = await openCommand(page, 'Approve')
  await approve.getByRole('button', { name: 'Approve', exact: true }).click()
  await expect(standing(page, 'completed')).toBeVisible()

  const { page: desk } = await signInElsewhere('support', 'Sam Support')
  await open(desk, job.number, 'completed')
  const reopen = await openCommand(desk, 'Reopen')
  await expect(reopen).toContainText('Vera Reviewer approved the result')
  await reopen.getByLabel('New due time').fill('')
  await reopen.getByRole('button', { name: 'Reopen', exact: true }).click()
  await expect(reopen).toContainText('Choose a day and a time.')
  await expect(reopen).toContainText('Give a reason')
  await reopen.getByLabel('New due time').fill(inTwoDays())
  await reopen.getByRole('textbox', { name: 'Reason' }).fill('The tenant disagrees.')
  await reopen.getByRole('button', { name: 'Reopen', exact: true }).click()
  await expect(standing(desk, 'awaiting_review')).toBeVisible()
  await expect(nextAction(desk)).toContainText('reopened the job.')
  await expect(nextAction(desk).getByRole('button', { name: 'Uphold…' })).toBeHidden()

  await open(page, job.number, 'awaiting_review')
  const uphold = await openCommand(page, 'Uphold')
  await expect(uphold).toContainText('The earlier decision stands. Nothing is sent again.')
  await uphold.getByRole('textbox', { name: 'Reason' }).fill('The lease is plain about it.')
  await uphold.getByRole('button', { name: 'Uphold', exact: true }).click()
  await expect(standing(page, 'completed')).toBeVisible()
  await expect(nextAction(page)).toContainText('upheld the earlier decision')
  const { reviews } = await readJob(page, job.id)
  expect(reviews.map(({ outcome }) => outcome)).toEqual(['approve', 'uphold'])
})

test('a requester cancels a job of their own while it runs, and is offered nothing that reviewers do', async ({
  page,
  signIn,
}) => {
  await signIn('requester')
  const job = await startJob(page, { rehearsal: { behaviour: 'stuck' } })
  await open(page, job.number, 'running')
  const dialog = await openCommand(page, 'Abandon')
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('Asked by mistake.')
  await dialog.getByRole('button', { name: 'Abandon', exact: true }).click()
  await expect(standing(page, 'abandoned')).toBeVisible()
  await expect(nextAction(page).getByRole('button', { name: 'Retry…' })).toBeHidden()
  // The paid call is stopped too, and what the provider says of it stays apart from our state.
  await expect.poll(async () => (await readJob(page, job.id)).providerStatus).toBe('cancelled')
})

test.describe('with a browser that hears nothing for a moment', () => {
  test.use({ expectedErrors: [/ERR_FAILED/] })

  test('of two people who decide at once one wins, and the other learns who decided what and when', async ({
    page,
    signIn,
    signInElsewhere,
  }) => {
    await signIn(['requester', 'reviewer'], 'Wanda Winner')
    const { page: late } = await signInElsewhere('reviewer', 'Lou Late')
    const job = await jobToDecide(page)
    await open(page, job.number, 'awaiting_review')
    await open(late, job.number, 'awaiting_review')

    const theirs = await openCommand(late, 'Abandon')
    await theirs.getByRole('textbox', { name: 'Reason' }).fill('I would rather ask the landlord.')
    // Until the press, the late browser hears nothing new.
    await late.route(`**/api/v1/jobs/${job.id}`, (route) => route.abort())
    const winning = await openCommand(page, 'Approve')
    await winning.getByRole('button', { name: 'Approve', exact: true }).click()
    await expect(standing(page, 'completed')).toBeVisible()
    await theirs.getByRole('button', { name: 'Abandon', exact: true }).click()
    await late.unroute(`**/api/v1/jobs/${job.id}`)

    const told = theirs.getByRole('alert')
    await expect(told).toContainText(/Wanda Winner approved it at \d{1,2}:\d{2}/)
    await expect(told).toContainText('It is now')
    await expect(told).toContainText('Completed')
    await expect(told).toContainText('I would rather ask the landlord.')
    await theirs.getByRole('button', { name: 'Close' }).last().click()
    await expect(standing(late, 'completed')).toBeVisible()
    const after = await readJob(page, job.id)
    expect(after.state).toBe('completed')
    expect(after.events.filter(({ command }) => command === 'abandon')).toEqual([])
  })
})

test('a result that changed while it was read cannot be approved unseen', async ({ page, signIn, signInElsewhere }) => {
  await signIn(['requester', 'reviewer'], 'Rita Retrier')
  const { page: slow } = await signInElsewhere('reviewer', 'Sid Slow')
  const job = await jobToDecide(page)
  await open(slow, job.number, 'awaiting_review')
  const approving = await openCommand(slow, 'Approve')

  const retry = await page.request.post(`/api/v1/jobs/${job.id}/commands`, { data: { command: 'retry' } })
  expect(retry.status()).toBe(200)
  const again = await untilState(page, job.id, 'awaiting_review')
  expect(again.result?.attempt).toBe(2)
  await approving.getByRole('button', { name: 'Approve', exact: true }).click()
  await expect(approving.getByRole('alert')).toBeVisible()
  expect((await readJob(page, job.id)).state).toBe('awaiting_review')

  await approving.getByRole('button', { name: 'Decide on the new state' }).click()
  await approving.getByRole('button', { name: 'Approve', exact: true }).click()
  await expect(standing(slow, 'completed')).toBeVisible()
  const [, second] = (await readJob(page, job.id)).reviews
  expect(second?.decisions[0]).toMatchObject({ command: 'approve', resultHash: again.result?.hash })
})

test.describe('with a session that ends', () => {
  // The page goes on asking while nobody is signed in.
  test.use({ expectedErrors: [/status of 401/] })

  test('somebody whose session ended is told so, keeps what they typed, and decides after signing in again', async ({
    page,
    context,
    db,
    signIn,
  }) => {
    const person = await signIn(['requester', 'reviewer'])
    const job = await jobToDecide(page)
    await open(page, job.number, 'awaiting_review')
    const dialog = await openCommand(page, 'Approve')
    await dialog.getByRole('textbox', { name: 'Note' }).fill('Checked twice.')
    await context.clearCookies()
    await dialog.getByRole('button', { name: 'Approve', exact: true }).click()
    await expect(dialog).toContainText('You are signed out, so nothing was done.')
    await expect(dialog.getByRole('textbox', { name: 'Note' })).toHaveValue('Checked twice.')
    expect((await db.job.findUniqueOrThrow({ where: { id: job.id } })).state).toBe('awaiting_review')

    await enter(await context.newPage(), person)
    await dialog.getByRole('button', { name: 'Approve', exact: true }).click()
    await expect(standing(page, 'completed')).toBeVisible()
    await expect(nextAction(page)).toContainText('Checked twice.')
  })
})
