import type { Locator, Page } from '@playwright/test'
import type { Inbox } from '@/lib/review/view'
import type { Db } from '@/lib/store/db.server'
import { readBuiltins } from '@/lib/workflows/builtin.server'
import type { WorkflowDefinition } from '@/lib/workflows/definition'
import { publish } from '@/lib/workflows/store.server'
import { expect, expectAccessible, LOOKS, test, wear } from './fixtures'
import { jobToDecide, readJob, startJob, untilState } from './jobs'

let made = 0

/** Tests share a database: each looks at a workflow of its own, made from the built-in report. */
async function ownWorkflow(db: Db, change: Partial<WorkflowDefinition['review']> = {}): Promise<WorkflowDefinition> {
  const report = readBuiltins().find(({ key }) => key === 'report')
  if (report === undefined) throw new Error('There is no built-in report.')
  made += 1
  const key = `inbox-${process.pid}-${Date.now().toString(36)}-${made}`
  const review = { approvals: 1, requesterMayApprove: true, dueHours: 24, undoSeconds: 0, ...change }
  const definition = { ...report, key, name: `Leases ${made}`, review }
  await publish(db, definition)
  return definition
}

/** Jobs of the workflow that wait for a decision. Asked for together, so that they wait together. */
async function waiting(page: Page, workflow: string, titles: string[]) {
  const asked = []
  for (const title of titles) asked.push(await startJob(page, { workflow, title }))
  return Promise.all(asked.map(({ id }) => untilState(page, id, 'awaiting_review', 60_000)))
}

const row = (page: Page, number: number): Locator =>
  page.getByRole('row').filter({ has: page.getByText(`#${number}`, { exact: true }) })
const view = (page: Page, name: string) => page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name })
const selectionBar = (page: Page) => page.getByRole('region', { name: 'Selected items' })

async function open(page: Page, workflow: string, name = 'Anyone’s') {
  await page.goto(`/review?workflow=${workflow}`)
  if (name !== 'Anyone’s') await view(page, name).click()
  await expect(view(page, name)).toHaveAttribute('aria-current', 'page')
}

test('a reviewer claims what is anyone’s, another sees who works on it, and it comes back when it is released', async ({
  page,
  db,
  signIn,
  signInElsewhere,
}) => {
  await signIn(['requester', 'reviewer'], 'Clara Claimer')
  const { key } = await ownWorkflow(db)
  const [job] = await waiting(page, key, ['Lease of the mill'])
  if (job === undefined) throw new Error('There is no job.')
  const { page: other } = await signInElsewhere('reviewer', 'Otto Other')
  await open(other, key)
  await expect(row(other, job.number)).toContainText('Decide on this report.')

  await open(page, key)
  await row(page, job.number)
    .getByRole('button', { name: `Claim #${job.number}` })
    .click()
  await expect(row(page, job.number)).toBeHidden()
  await view(page, 'Mine').click()
  await expect(row(page, job.number)).toContainText('You')
  await expect(view(page, 'Mine')).toContainText('1')

  // The other page moves nothing by itself: it says that something went.
  await expect(other.getByRole('button', { name: '1 is done or moved' })).toBeVisible()
  await expect(row(other, job.number)).toContainText('no longer on this page')
  await view(other, 'Waiting for others').click()
  await expect(row(other, job.number)).toContainText('Clara Claimer works on it.')

  await row(page, job.number)
    .getByRole('button', { name: `Release #${job.number}` })
    .click()
  await expect(page.getByText('Nothing matches these filters')).toBeVisible()
  await view(other, 'Anyone’s').click()
  await expect(row(other, job.number)).toBeVisible()
})

test('two reviewers who take the next are given different ones', async ({ page, db, signIn, signInElsewhere }) => {
  await signIn(['requester', 'reviewer'], 'Nina Next')
  const { key } = await ownWorkflow(db)
  const jobs = await waiting(page, key, ['First lease', 'Second lease'])
  const { page: other } = await signInElsewhere('reviewer', 'Noah Next')
  // Until the desk is there a second press takes no second one.
  const desk = Promise.withResolvers<void>()
  await page.route(/\/review\/\d+\?.*_rsc=/, async (route) => {
    await desk.promise
    await route.continue()
  })
  let asked = 0
  page.on('request', (request) => {
    if (request.url().endsWith('/review/next')) asked += 1
  })
  await open(page, key)
  await open(other, key)
  const answered = page.waitForResponse('**/review/next')
  await Promise.all([page, other].map((one) => one.getByRole('button', { name: 'Take next' }).click()))
  await answered
  await page.getByRole('button', { name: /^Tak(e next|ing…)$/ }).click()
  desk.resolve()
  await Promise.all([page, other].map((one) => one.waitForURL(/\/review\/\d+$/)))
  expect(asked).toBe(1)
  const taken = [page, other].map((one) => Number(one.url().split('/').at(-1)))
  expect([...taken].sort()).toEqual(jobs.map(({ number }) => number).sort())
  const claims = await db.reviewClaim.findMany({ where: { jobId: { in: jobs.map(({ id }) => id) }, releasedAt: null } })
  expect(new Set(claims.map(({ userId }) => userId)).size).toBe(2)

  await open(page, key)
  await page.getByRole('button', { name: 'Take next' }).click()
  await expect(page.getByText('Nothing is free right now')).toBeVisible()
})

test('a lead assigns two together and snoozes a third with a reason', async ({ page, db, signIn, signInElsewhere }) => {
  await signIn(['requester', 'lead'], 'Lea Lead')
  const { key } = await ownWorkflow(db)
  const jobs = await waiting(page, key, ['Lease A', 'Lease B', 'Lease C'])
  const [a, b, c] = jobs.map(({ number }) => number)
  const { page: theirs, person } = await signInElsewhere('reviewer', `Aki Assigned ${Date.now().toString(36)}`)
  await open(page, key)
  await page.getByRole('checkbox', { name: `Select #${a}` }).check()
  await page.getByRole('checkbox', { name: `Select #${b}` }).check()
  await expect(selectionBar(page)).toContainText('2 selected')
  await selectionBar(page).getByRole('button', { name: 'Assign…' }).click()
  const assign = page.getByRole('dialog', { name: 'Assign these 2' })
  await assign.getByRole('combobox', { name: 'To' }).click()
  await page.getByRole('option', { name: person.name }).click()
  await assign.getByRole('button', { name: 'Assign 2' }).click()
  await expect(assign).toContainText('2 of 2 done')
  await assign.getByRole('button', { name: 'Close' }).last().click()
  await open(theirs, key, 'Mine')
  await expect(row(theirs, a ?? 0)).toBeVisible()
  await expect(row(theirs, b ?? 0)).toBeVisible()

  await page.getByRole('checkbox', { name: `Select #${c}` }).check()
  await selectionBar(page).getByRole('button', { name: 'Snooze…' }).click()
  const snooze = page.getByRole('dialog', { name: 'Snooze this one' })
  await snooze.getByRole('button', { name: 'Snooze 1' }).click()
  await expect(snooze).toContainText('Choose a day and a time.')
  await expect(snooze).toContainText('Give a reason')
  const soon = new Date(Date.now() + 2 * 3_600_000 - new Date().getTimezoneOffset() * 60_000)
  await snooze.getByLabel('Until').fill(soon.toISOString().slice(0, 16))
  await snooze.getByRole('textbox', { name: 'Note' }).fill('The tenant answers tomorrow.')
  await snooze.getByRole('button', { name: 'Snooze 1' }).click()
  await expect(snooze).toContainText('1 of 1 done')
  await snooze.getByRole('button', { name: 'Close' }).last().click()
  await view(page, 'Snoozed').click()
  await expect(row(page, c ?? 0)).toContainText('Lea Lead put it away: The tenant answers tomorrow.')
})

test('several are approved together as they stood; one that must be decided by itself is left out, one that moved on is told', async ({
  page,
  db,
  signIn,
}) => {
  await signIn(['requester', 'reviewer'], 'Bea Bulk')
  const { key, name } = await ownWorkflow(db)
  const alone = await ownWorkflow(db, { individually: true })
  const jobs = await waiting(page, key, ['Bulk one', 'Bulk two', 'Bulk three'])
  const [single] = await waiting(page, alone.key, ['Bulk single'])
  await page.goto('/review?q=Bulk')
  for (const number of [...jobs, single].map((job) => job?.number))
    if (number) await page.getByRole('checkbox', { name: `Select #${number}` }).check()
  await selectionBar(page).getByRole('button', { name: 'Approve…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Approve these 3' })
  await expect(dialog).toContainText(`3 ${name}`)
  await expect(dialog).toContainText('3 of normal risk')
  await expect(dialog.getByRole('region', { name: 'Left out' })).toContainText('Each of these is decided by itself.')

  // While the dialog is open, somebody is faster with the second.
  const second = jobs[1]
  if (second === undefined) throw new Error('There is no job.')
  const faster = await page.request.post(`/api/v1/jobs/${second.id}/commands`, {
    data: { command: 'abandon', note: 'Asked for twice.' },
  })
  expect(faster.status()).toBe(200)
  await dialog.getByRole('textbox', { name: 'Note' }).fill('Read together.')
  await dialog.getByRole('button', { name: 'Approve 3' }).click()
  await expect(dialog).toContainText('2 of 3 done, 1 not')
  const lines = dialog.getByRole('listitem')
  await expect(lines.filter({ hasText: 'Bulk one' })).toContainText('Approved')
  await expect(lines.filter({ hasText: 'Bulk two' })).not.toContainText('Approved')
  await expect(lines.filter({ hasText: 'Bulk two' }).getByRole('link')).toHaveAttribute(
    'href',
    `/review/${second.number}`,
  )
  await dialog.getByRole('button', { name: 'Close' }).last().click()
  await expect(selectionBar(page)).toBeHidden()

  expect((await readJob(page, jobs[0]?.id ?? '')).reviews[0]?.decisions[0]?.note).toBe('Read together.')
  expect((await readJob(page, jobs[2]?.id ?? '')).state).toBe('completed')
  expect((await readJob(page, second.id)).state).toBe('abandoned')
  expect((await readJob(page, single?.id ?? '')).state).toBe('awaiting_review')
})

test('a reviewer walks, selects and claims by keys, and none of them fires while typing or when they are switched off', async ({
  page,
  db,
  signIn,
}) => {
  await signIn(['requester', 'reviewer'], 'Kai Keys')
  const { key } = await ownWorkflow(db)
  const jobs = await waiting(page, key, ['Key one', 'Key two', 'Key three'])
  await open(page, key)
  const [first, second] = jobs.sort((a, b) => a.number - b.number)
  await expect(row(page, second?.number ?? 0)).toBeVisible()
  await page.keyboard.press('j')
  await page.keyboard.press('j')
  const links = page.getByRole('row').getByRole('link')
  await expect(links.nth(1)).toBeFocused()
  await page.keyboard.press('x')
  await page.keyboard.press('k')
  await page.keyboard.press('x')
  await expect(selectionBar(page)).toContainText('2 selected')
  await selectionBar(page).getByRole('button', { name: 'Clear selection' }).click()

  await page.keyboard.press('/')
  const search = page.getByRole('searchbox', { name: 'Search the inbox' })
  await expect(search).toBeFocused()
  await page.keyboard.type('xjc')
  await expect(search).toHaveValue('xjc')
  await expect(selectionBar(page)).toBeHidden()
  await search.fill('')
  await search.blur()
  await expect(row(page, first?.number ?? 0)).toBeVisible()

  await page.keyboard.press('?')
  const map = page.getByRole('dialog', { name: 'Keys' })
  await map.getByRole('checkbox').click()
  await map.getByRole('button', { name: 'Close' }).click()
  await links.first().focus()
  await page.keyboard.press('x')
  await expect(selectionBar(page)).toBeHidden()

  await page.getByRole('button', { name: 'Show the keys' }).click()
  await map.getByRole('checkbox').click()
  await map.getByRole('button', { name: 'Close' }).click()
  await links.first().focus()
  await page.keyboard.press('c')
  await expect(page.getByText(/You hold #\d+/)).toBeVisible()
  await view(page, 'Mine').click()
  // Else the row that is walked to may be one of the list before, and go with it.
  await expect(links).toHaveCount(1)
  await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/review\/\d+$/)

  // Under a policy in which nothing can be taken back, an approval is said all the same.
  const decide = page.getByRole('region', { name: 'Decide' })
  await expect(decide).toBeVisible()
  await page.keyboard.press('a')
  const approve = page
    .getByRole('dialog', { name: /^Approve #\d+$/ })
    .getByRole('button', { name: /^Approve( and stay)?$/ })
    .first()
  // Looked for from before the press: it goes by itself.
  await Promise.all([expect(decide).toContainText(/Approved #\d+/), approve.click()])
})

test('the side bar counts what waits for the person, and the counts agree with the lists', async ({
  page,
  db,
  signIn,
}) => {
  await signIn(['requester', 'reviewer'], 'Connie Count')
  const { key } = await ownWorkflow(db)
  await waiting(page, key, ['Count one'])
  await page.goto('/review')
  await expect(
    page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: /^Review [\d,]+ waiting$/ }),
  ).toBeVisible()
  const answer = await page.request.get(`/api/v1/review?workflow=${key}`)
  const inbox = (await answer.json()) as Inbox
  expect(inbox.counts.anyone).toBe(inbox.items.length)
  const again = await page.request.get(`/api/v1/review?workflow=${key}`, {
    headers: { 'if-none-match': answer.headers().etag ?? '' },
  })
  expect([200, 304]).toContain(again.status())
})

test('whoever only asks for jobs has no inbox', async ({ page, signIn }) => {
  await signIn('requester')
  await page.goto('/review')
  await expect(page.getByText('The inbox is for those who review and for support')).toBeVisible()
  await expect(page.getByRole('link', { name: /^Review/ })).toHaveCount(0)
  expect((await page.request.get('/api/v1/review')).status()).toBe(403)
  expect((await page.request.post('/api/v1/review/next', { data: {} })).status()).toBe(403)
})

test('the inbox reads well in every look, full and empty', async ({ page, db, signIn }, info) => {
  await signIn(['requester', 'lead'], 'Lina Looks')
  const { key } = await ownWorkflow(db)
  const long = `${'A lease with a very long name that goes on and on '.repeat(6)}`.slice(0, 290)
  const [first] = await waiting(page, key, [long, 'عقد إيجار المطحنة', 'Lease of the mill'])
  const claim = await page.request.post(`/api/v1/jobs/${first?.id}/commands`, { data: { command: 'claim' } })
  expect(claim.status()).toBe(200)
  await jobToDecide(page)
  for (const look of LOOKS) {
    await wear(page, look)
    for (const [name, address] of [
      ['full', '/review'],
      ['mine', `/review?view=mine`],
      ['empty', `/review?view=snoozed&workflow=${key}`],
    ] as const) {
      await page.goto(address)
      await expect(page.getByRole('button', { name: 'Take next' })).toBeVisible()
      await expectAccessible(page, look.rules)
      expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0)
      await page.screenshot({ path: info.outputPath(`${name}-${look.name.replace(', ', '-')}.png`), fullPage: true })
    }
  }
})

test.describe('on a phone', () => {
  test.use({ viewport: { width: 375, height: 812 } })

  test('the inbox is under the thumb, and a card is claimed and approved with others', async ({ page, db, signIn }) => {
    await signIn(['requester', 'reviewer'], 'Pia Phone')
    const { key } = await ownWorkflow(db)
    const [job] = await waiting(page, key, ['Phone lease'])
    if (job === undefined) throw new Error('There is no job.')
    await page.goto('/jobs')
    await page
      .getByRole('navigation', { name: 'Main' })
      .getByRole('link', { name: /^Review/ })
      .click()
    await page.waitForURL('**/review')
    await open(page, key)
    await page.getByRole('checkbox', { name: `Select #${job.number}` }).check()
    await selectionBar(page).getByRole('button', { name: 'Approve…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Approve this one' })
    await dialog.getByRole('button', { name: 'Approve 1' }).click()
    await expect(dialog).toContainText('1 of 1 done')
    expect((await readJob(page, job.id)).state).toBe('completed')
  })
})
