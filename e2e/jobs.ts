/** Jobs for tests to begin with, asked for over the API with the session of a page, and what is read of them there. */
import { type APIRequestContext, expect, type Locator, type Page } from '@playwright/test'
import type { CreateJob, JobView } from '@/lib/jobs/view'
import { type State, states } from '@/lib/lifecycle/table'

/** Three facts, so that a question has something to find and something to miss. */
export const LEASE = `The rent is 740 euros a month and is due on the third working day of each month.

The tenant may end this lease with a notice of three months to the end of a month.

The deposit of 2,220 euros is returned within six weeks after the keys are handed back.`

export const QUESTION = 'When is the rent due, and how much is it?'

/** Asks for a report over `LEASE`, unless `ask` says otherwise. The sandbox answers within half a second. */
export async function startJob(page: Page | APIRequestContext, ask: Partial<CreateJob> = {}): Promise<JobView> {
  const request = 'request' in page ? page.request : page
  const answer = await request.post('/api/v1/jobs', {
    data: {
      workflow: 'report',
      input: { question: QUESTION },
      documents: [{ name: 'lease.md', text: LEASE }],
      rehearsal: { behaviour: 'none', seconds: 0.5 },
      ...ask,
    } satisfies CreateJob,
  })
  expect(answer.status(), await answer.text()).toBe(201)
  return (await answer.json()) as JobView
}

/** The job as the API has it now. `id` may be its number. */
export async function readJob(page: Page, id: string | number): Promise<JobView> {
  const answer = await page.request.get(`/api/v1/jobs/${id}`)
  expect(answer.status()).toBe(200)
  return (await answer.json()) as JobView
}

/** Waits until the job stands there, and gives it as it then is. */
export async function untilState(page: Page, id: string | number, state: State, patienceMs = 60_000): Promise<JobView> {
  const stateNow = async () => {
    const answer = await page.request.get(`/api/v1/jobs/${id}`)
    // A server with too much to do, or without its database, says so, and is asked again.
    if (answer.status() === 503) return 'the server is not ready'
    expect(answer.status()).toBe(200)
    return ((await answer.json()) as JobView).state
  }
  await expect.poll(stateNow, { timeout: patienceMs, intervals: [100, 250] }).toBe(state)
  return readJob(page, id)
}

/** A job that waits for a decision on its result. */
export async function jobToDecide(page: Page, ask: Partial<CreateJob> = {}): Promise<JobView> {
  const { id } = await startJob(page, ask)
  return untilState(page, id, 'awaiting_review')
}

/** Two days from now, as a field for a day and a time takes it. */
export function inTwoDays(): string {
  return new Date(Date.now() + 2 * 86_400_000).toISOString().slice(0, 16)
}

/** On the page of a job: where it stands for us. */
export function standing(page: Page, state: State): Locator {
  return page.getByRole('main').locator('header').getByText(states[state].label, { exact: true })
}

/** On the page of a job: what must be done now, with its buttons. */
export function nextAction(page: Page): Locator {
  return page.getByRole('main').locator('section[aria-labelledby="next-action"]')
}

/** Opens the tab of that name on the page of a job. */
export async function openTab(page: Page, name: string): Promise<Locator> {
  await page.getByRole('tab', { name }).click()
  return page.getByRole('tabpanel', { name })
}

/** Presses the command's button, in the bar or in its menu, and gives the dialog that it opens. */
export async function openCommand(page: Page, label: string): Promise<Locator> {
  const bar = nextAction(page)
  const button = bar.getByRole('button', { name: `${label}…`, exact: true })
  const more = bar.getByRole('button', { name: 'More to do' })
  await expect(button.or(more).first()).toBeVisible()
  if (await button.isVisible()) await button.click()
  else {
    await more.click()
    await page.getByRole('menuitem', { name: `${label}…`, exact: true }).click()
  }
  // By its title, "Approve #7": what was done before may still be said in a corner.
  const dialog = page.getByRole('dialog', { name: / #\d+$/ })
  await expect(dialog).toBeVisible()
  return dialog
}
