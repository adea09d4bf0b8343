import { expect, test } from './fixtures'
import { inTwoDays, nextAction, openTab, readJob, standing, startJob, untilState } from './jobs'

const LOST = { behaviour: 'lost_answer', seconds: 0.5 } as const

test('a lost answer waits for a person, who resends it knowing that it may be paid twice', async ({
  page,
  signIn,
  sandboxCounters,
}) => {
  await signIn(['requester', 'reviewer'])
  const { id, number } = await startJob(page, { rehearsal: LOST })
  const lost = await untilState(page, id, 'awaiting_review')
  expect(lost.reviews[0]?.kind).toBe('unknown')
  expect((await sandboxCounters()).jobs[id], 'nothing was sent again by itself').toBe(1)

  await page.goto(`/jobs/${number}`)
  await expect(standing(page, 'awaiting_review')).toBeVisible()
  const next = nextAction(page)
  await expect(next.getByRole('heading', { name: /Decide about the lost answer/ })).toBeVisible()
  await expect(next).toContainText('What is known')
  await expect(next).toContainText('not known: without it OpenAI cannot be asked what became of the call')
  for (const choice of ['Wait', 'Resend, though it may be paid twice', 'Abandon']) {
    await expect(next.getByRole('heading', { name: choice, exact: true })).toBeVisible()
  }

  await next.getByRole('button', { name: 'Resend…' }).click()
  const dialog = page.getByRole('dialog', { name: `Resend #${number}` })
  await dialog.getByRole('button', { name: 'Resend', exact: true }).click()
  await expect(dialog).toContainText('Confirm that you have read this')
  expect((await sandboxCounters()).jobs[id], 'without the confirmation nothing is sent').toBe(1)

  await dialog.getByRole('checkbox', { name: /I have read that this may be paid twice/ }).click()
  await dialog.getByRole('button', { name: 'Resend', exact: true }).click()
  await expect(dialog).toBeHidden()
  await expect(next).toContainText('Decide on this report.')

  const { attempts } = await readJob(page, id)
  expect(attempts.map(({ number: nth, providerStatus }) => [nth, providerStatus])).toEqual([
    [2, 'completed'],
    [1, 'unknown'],
  ])
  const counters = await sandboxCounters()
  expect(counters.jobs[id]).toBe(2)
  const sent = await page.request.get(`/api/v1/jobs/${id}`)
  expect(sent.status()).toBe(200)
  for (const times of Object.values(counters.attempts)) expect(times, 'one create an attempt').toBe(1)

  await next.getByRole('button', { name: 'Approve…' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Approve', exact: true }).click()
  await expect(standing(page, 'completed')).toBeVisible()
})

test('a lost answer can be waited for, or the job abandoned', async ({ page, signIn, sandboxCounters }) => {
  await signIn(['requester', 'support'])
  const { id, number } = await startJob(page, { rehearsal: LOST })
  await untilState(page, id, 'awaiting_review')
  await page.goto(`/jobs/${number}`)

  await nextAction(page).getByRole('button', { name: 'Wait…' }).click()
  const waiting = page.getByRole('dialog', { name: `Wait #${number}` })
  await waiting.getByLabel('New due time').fill(inTwoDays())
  await waiting.getByRole('button', { name: 'Wait', exact: true }).click()
  await expect(waiting).toBeHidden()
  await expect(standing(page, 'awaiting_review')).toBeVisible()
  const history = await openTab(page, 'History')
  await expect(history).toContainText('chose to go on waiting for the answer.')
  // Later than the day that a round has by itself, in whatever time zone the browser is.
  expect(Date.parse((await readJob(page, id)).nextAction.dueAt ?? '')).toBeGreaterThan(Date.now() + 30 * 3_600_000)

  await nextAction(page).getByRole('button', { name: 'Abandon…' }).click()
  const abandoning = page.getByRole('dialog', { name: `Abandon #${number}` })
  await abandoning.getByRole('textbox', { name: 'Reason' }).fill('Nobody needs it any more.')
  await abandoning.getByRole('button', { name: 'Abandon', exact: true }).click()
  await expect(standing(page, 'abandoned')).toBeVisible()
  expect((await sandboxCounters()).jobs[id]).toBe(1)
})
