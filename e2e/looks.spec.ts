import type { Page } from '@playwright/test'
import { createSignInLink, signInPath } from '@/lib/access/links.server'
import { expect, expectLooks, LOOKS, test, wear } from './fixtures'
import { nextAction, openCommand, openTab, QUESTION, standing, startJob, untilState } from './jobs'

/** As `expectLooks`, of what the window shows. */
const look = (page: Page, name: string, looks: readonly (typeof LOOKS)[number][] = LOOKS) =>
  expectLooks(page, name, { looks, fullPage: false })

const WIDE = LOOKS.filter(({ viewport }) => viewport.width > 1_000)
const NARROW = LOOKS.filter(({ viewport }) => viewport.width < 1_000)

test('before signing in', async ({ page, db, newPerson, openElsewhere, signInElsewhere }) => {
  await page.goto('/sign-in')
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible()
  await look(page, 'sign-in')
  const { id } = await newPerson('reviewer', 'Lena Linkholder')
  const replaced = await createSignInLink(db, id)
  await page.goto(signInPath(await createSignInLink(db, id)))
  await expect(page.getByRole('heading', { name: 'Sign in as Lena Linkholder' })).toBeVisible()
  await look(page, 'sign-in link')
  await page.goto(signInPath(replaced))
  await expect(page.getByText('A newer one took its place')).toBeVisible()
  await look(page, 'sign-in link unusable')

  const { page: owner } = await signInElsewhere('owner')
  await owner.goto('/settings/people')
  await owner.getByRole('button', { name: 'Invite somebody' }).click()
  const dialog = owner.getByRole('dialog', { name: 'Invite somebody' })
  await look(owner, 'invite')
  await dialog.getByRole('textbox', { name: 'E-mail' }).fill(`looks-${Date.now()}@example.org`)
  await dialog.getByRole('button', { name: 'Make the link' }).click()
  const link = (await dialog.locator('code').textContent()) ?? ''
  await look(owner, 'invite made')
  const invited = await openElsewhere()
  await invited.goto(link)
  await expect(invited.getByRole('button', { name: 'Join' })).toBeVisible()
  await look(invited, 'join')
  await invited.goto('/join/no-such-token')
  await look(invited, 'join unusable')
})

test.describe('where there is no page', () => {
  test.use({ expectedErrors: [/status of 404/] })

  test('not found', async ({ page, signIn }) => {
    await signIn('requester')
    await page.goto('/no/such/page')
    await expect(page.getByRole('heading', { name: 'There is no such page' })).toBeVisible()
    await look(page, 'not found')
    await page.goto('/jobs/999999999')
    await expect(page.getByRole('heading', { name: 'There is no such job' })).toBeVisible()
    await look(page, 'no such job')
  })
})

test('the list, empty, full and filtered', async ({ page, signIn }) => {
  await signIn('requester', 'Ada Lister')
  await page.goto('/jobs')
  await expect(page.getByRole('heading', { name: 'No jobs yet' })).toBeVisible()
  await look(page, 'jobs empty')

  const quick = { seconds: 0.3 } as const
  const failed = await startJob(page, {
    title: 'A question that is refused',
    rehearsal: { behaviour: 'refusal', ...quick },
  })
  const lost = await startJob(page, {
    title: 'A paid call whose answer was lost',
    rehearsal: { behaviour: 'lost_answer' },
  })
  const done = await startJob(page, { title: 'What was promised to the customer', workflow: 'digest', input: {} })
  const long = await startJob(page, { title: 'Überlange Bezeichnung '.repeat(13), reference: 'CASE-2026-000042' })
  const foreign = await startJob(page, { title: 'مراجعة عقد الإيجار', reference: '#١٢٣' })
  const stopped = await startJob(page, { title: 'No longer needed' })
  await page.request.post(`/api/v1/jobs/${stopped.id}/commands`, { data: { command: 'abandon', note: 'By mistake.' } })
  await startJob(page, { title: 'Under way', rehearsal: { behaviour: 'stuck' } })
  await untilState(page, failed.id, 'failed')
  await untilState(page, lost.id, 'awaiting_review')
  await untilState(page, done.id, 'completed')
  await untilState(page, long.id, 'awaiting_review')
  await untilState(page, foreign.id, 'awaiting_review')
  await page.goto('/jobs')
  await expect(page.getByRole('row')).toHaveCount(8)
  await expect(page.getByText(/checked \d+ s ago/).first()).toBeVisible()
  await look(page, 'jobs full')
  await page.getByRole('checkbox', { name: `Select job ${done.number}` }).check()
  await look(page, 'jobs selected')
  await page.goto('/jobs?state=expired')
  await expect(page.getByRole('heading', { name: 'No job matches these filters' })).toBeVisible()
  await look(page, 'jobs filtered empty')
})

test.describe('with a file that cannot be used', () => {
  test.use({ expectedErrors: [/status of 422/] })

  test('the form of a new job, empty, refused and filled', async ({ page, signIn }) => {
    await signIn('requester')
    await page.goto('/jobs/new')
    await expect(page.getByRole('button', { name: 'Start job' })).toBeEnabled()
    await look(page, 'new job empty')
    await page.getByRole('button', { name: 'Start job' }).click()
    await expect(page.getByRole('alert').filter({ hasText: 'in the way' })).toBeVisible()
    await look(page, 'new job refused')

    await page.getByRole('radio', { name: 'Report' }).check()
    await page.getByRole('textbox', { name: /^Question/ }).fill(QUESTION)
    await page.setInputFiles('input[type=file]', ['public/samples/lease.pdf', 'public/samples/support-thread.md'])
    const files = page.getByRole('list', { name: 'Documents of this job' })
    await expect(files.getByText(/characters/)).toHaveCount(2)
    await page.setInputFiles('input[type=file]', { name: 'empty.txt', mimeType: 'text/plain', buffer: Buffer.alloc(0) })
    await expect(files).toContainText('empty.txt is empty.')
    await page.getByRole('button', { name: 'Paste text' }).click()
    await page.getByRole('textbox', { name: /^Text/ }).fill('The caretaker confirmed that the boiler was repaired.')
    await look(page, 'new job filled')
  })
})

test('a job that waits for a decision, in all its parts', async ({ page, signIn }) => {
  await signIn(['requester', 'reviewer'], 'Rosa Reader')
  const upload = await page.request.post('/api/v1/documents?name=lease.pdf', {
    data: await (await page.request.get('/samples/lease.pdf')).body(),
  })
  const { id: documentId } = await upload.json()
  const question =
    'May the tenants end the lease early?\nWhen is the deposit returned?\nDoes a parking space belong to it?'
  const { id, number } = await startJob(page, { documents: undefined, documentIds: [documentId], input: { question } })
  await untilState(page, id, 'awaiting_review')
  await page.goto(`/jobs/${number}`)
  await expect(page.locator('mark[data-active]').first()).toBeVisible()
  await look(page, 'job needs review')

  await wear(page, NARROW[0] ?? LOOKS[2])
  await page.getByRole('main').locator('[data-claim]').first().click()
  await expect(page.getByRole('dialog', { name: 'Evidence' }).locator('mark').first()).toBeVisible()
  await look(page, 'job evidence sheet', NARROW)

  for (const tab of ['Trace', 'Attempts', 'History', 'Input']) {
    await openTab(page, tab)
    await look(page, `job ${tab.toLowerCase()}`)
  }
  const approve = await openCommand(page, 'Approve')
  await look(page, 'job approve')
  await approve.getByRole('button', { name: 'Cancel' }).click()
  const retry = await openCommand(page, 'Retry')
  await retry.getByRole('button', { name: 'Edit the input' }).click()
  await look(page, 'job retry')
})

test('a job that runs, failed, lost its answer, or is completed', async ({ page, signIn }) => {
  await signIn(['requester', 'reviewer', 'support'])
  const running = await startJob(page, { title: 'Under way', rehearsal: { behaviour: 'stuck' } })
  const failed = await startJob(page, { rehearsal: { behaviour: 'refusal', seconds: 0.3 } })
  const lost = await startJob(page, { rehearsal: { behaviour: 'lost_answer' } })
  const done = await startJob(page, { workflow: 'digest', input: { focus: 'The rent' } })

  await page.goto(`/jobs/${running.number}`)
  await expect(standing(page, 'running')).toBeVisible()
  await expect(page.getByText(/checked (just now|\d+ s ago), last change/i).first()).toBeVisible()
  await look(page, 'job running')
  await untilState(page, failed.id, 'failed')
  await page.goto(`/jobs/${failed.number}`)
  await expect(standing(page, 'failed')).toBeVisible()
  await look(page, 'job failed')
  await untilState(page, lost.id, 'awaiting_review')
  await page.goto(`/jobs/${lost.number}`)
  await expect(nextAction(page)).toContainText('What is known')
  await look(page, 'job unknown')
  await untilState(page, done.id, 'completed')
  await page.goto(`/jobs/${done.number}`)
  await expect(standing(page, 'completed')).toBeVisible()
  await look(page, 'job completed')
})

test('the settings', async ({ page, signIn }) => {
  await signIn('owner', 'Olive Owner')
  await page.goto('/settings/account')
  await expect(page.getByRole('heading', { name: 'Where you are signed in' })).toBeVisible()
  await look(page, 'settings account')
  await page.goto('/settings/people')
  await expect(page.getByRole('region', { name: 'People' })).toBeVisible()
  await look(page, 'settings people')
  await page.goto('/settings/keys')
  await page.getByRole('button', { name: 'New key' }).click()
  const dialog = page.getByRole('dialog', { name: 'New key' })
  await dialog.getByRole('textbox', { name: 'Name' }).fill('Looks')
  await dialog.getByRole('checkbox', { name: /^Requester/ }).click()
  await look(page, 'new key', WIDE)
  await dialog.getByRole('button', { name: 'Make the key' }).click()
  await dialog.getByRole('button', { name: 'Done' }).click()
  await expect(page.getByRole('listitem').filter({ hasText: 'Looks' }).first()).toBeVisible()
  await look(page, 'settings keys')
})
