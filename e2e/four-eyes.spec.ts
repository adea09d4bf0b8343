import { randomBytes } from 'node:crypto'
import type { Page } from '@playwright/test'
import type { JobView } from '@/lib/jobs/view'
import type { Db } from '@/lib/store/db.server'
import { type Policy, publishUnder } from '@/lib/testing/policies'
import { expect, test } from './fixtures'
import { jobToDecide, readJob } from './jobs'

/** A report under a policy of the test's own. */
async function waiting(page: Page, db: Db, policy: Policy): Promise<JobView> {
  const key = `eyes-${randomBytes(4).toString('hex')}`
  const delivery = { kind: 'file', folder: 'four-eyes' } as const
  await publishUnder(db, policy, { key, name: `Four eyes ${key}`, delivery })
  return jobToDecide(page, { workflow: key })
}

async function openDesk(page: Page, { number }: { number: number }) {
  await page.goto(`/review/${number}`)
  await expect(page.getByRole('heading', { level: 1, name: new RegExp(`^#${number}\\b`) })).toBeVisible()
}

const main = (page: Page) => page.getByRole('main')

/** Approves what is on the desk, by its key, and says why where that is asked. */
async function approve(page: Page, consequence: string | RegExp) {
  await expect(page.getByRole('region', { name: 'Decide' }).getByRole('button', { name: /^Approve/ })).toBeEnabled()
  await page.keyboard.press('a')
  const dialog = page.getByRole('dialog', { name: / #\d+$/ })
  await expect(dialog).toContainText(consequence)
  await dialog.getByRole('textbox', { name: /^(Note|Reason)/ }).fill('Read to the end.')
  // With others waiting there is another that stays.
  await dialog.getByRole('button', { name: /^Approve( and next)?$/ }).click()
  await expect(dialog).toBeHidden()
}

test('two people approve, whoever asked is not one of them, and nothing leaves before the second', async ({
  page,
  db,
  signIn,
  signInElsewhere,
}) => {
  await signIn(['requester', 'reviewer'], 'Ada Asks')
  const job = await waiting(page, db, { approvals: 2, requesterMayApprove: false })
  await openDesk(page, job)
  // Whoever asked reads it, and has no button for it.
  await expect(page.getByRole('button', { name: /^Approve/ })).toHaveCount(0)

  const { page: ben } = await signInElsewhere('reviewer', 'Ben First')
  await openDesk(ben, job)
  await expect(main(ben)).toContainText('2 reviewers')
  await approve(ben, 'The policy asks for more people before it is completed.')
  await expect.poll(async () => (await readJob(page, job.id)).reviews[0]?.approvalsGiven).toBe(1)
  expect((await readJob(page, job.id)).deliveries).toEqual([])
  expect((await readJob(ben, job.id)).allowedCommands).not.toContain('approve')

  const { page: cleo } = await signInElsewhere('reviewer', 'Cleo Second')
  await openDesk(cleo, job)
  await expect(main(cleo)).toContainText('1 of 2 approvals given.')
  await approve(cleo, 'The result is accepted exactly as it stands on this page')
  await expect
    .poll(async () => (await readJob(page, job.id)).deliveries.map(({ state }) => state))
    .toEqual(['delivered'])
  const { events, state } = await readJob(page, job.id)
  expect(state).toBe('completed')
  expect(
    events.filter(({ command }) => command === 'endorse' || command === 'approve').map(({ by }) => by.name),
  ).toEqual(['Ben First', 'Cleo Second'])
})

test('roles approve in their order', async ({ page, db, signIn, signInElsewhere }) => {
  await signIn(['requester', 'reviewer'], 'Ada Reviewer')
  const job = await waiting(page, db, { approvals: 2, roles: ['reviewer', 'lead'] })
  await openDesk(page, job)
  await approve(page, 'The policy asks for more people before it is completed.')

  const { page: ben } = await signInElsewhere('reviewer', 'Ben Reviewer')
  await openDesk(ben, job)
  await expect(main(ben)).toContainText('A lead')
  await expect(ben.getByRole('button', { name: /^Approve/ })).toHaveCount(0)

  const { page: lead } = await signInElsewhere('lead', 'Lea Lead')
  await openDesk(lead, job)
  await approve(lead, 'The result is accepted exactly as it stands on this page')
  await expect.poll(async () => (await readJob(page, job.id)).state).toBe('completed')
})

test('in a blind round nobody sees what another decided before it is over', async ({
  page,
  db,
  signIn,
  signInElsewhere,
}) => {
  await signIn(['requester', 'reviewer'], 'Ada First')
  const job = await waiting(page, db, { approvals: 2, blind: true })
  await openDesk(page, job)
  await expect(main(page)).toContainText('each without seeing the others')
  await expect(page.getByRole('button', { name: /^Edit/ })).toHaveCount(0)
  await approve(page, 'Nobody sees how others decided before everybody has.')

  const { page: ben } = await signInElsewhere('reviewer', 'Ben Second')
  await openDesk(ben, job)
  const seen = JSON.stringify(await readJob(ben, job.id))
  expect(seen).not.toContain('Read to the end.')
  expect((await readJob(ben, job.id)).reviews[0]).toMatchObject({ approvalsGiven: null, decisions: [] })
  await ben.goto(`/jobs/${job.number}`)
  await expect(main(ben).getByRole('heading', { level: 1 })).toBeVisible()
  await ben.getByRole('tab', { name: 'History' }).click()
  await expect(ben.getByRole('tabpanel', { name: 'History' })).toBeVisible()
  await expect(ben.getByRole('tabpanel', { name: 'History' })).not.toContainText('Read to the end.')

  await openDesk(ben, job)
  await approve(ben, 'Nobody sees how others decided before everybody has.')
  await expect.poll(async () => (await readJob(ben, job.id)).state).toBe('completed')
  // Now that it is over, everybody reads what each decided.
  expect((await readJob(ben, job.id)).reviews[0]?.decisions.map(({ by }) => by.name)).toEqual([
    'Ada First',
    'Ben Second',
  ])
})
