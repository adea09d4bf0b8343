import type { Locator, Page } from '@playwright/test'
import { expect, test } from './fixtures'
import { startJob, untilState } from './jobs'

const quick = { behaviour: 'none', seconds: 0.3 } as const

const row = (page: Page, title: string): Locator => page.getByRole('row').filter({ hasText: title })
const titles = (page: Page) => page.locator('tbody').getByRole('link')

// A requester's list has nothing in it but their own jobs, whatever other tests do meanwhile.
test.beforeEach(({ signIn }) => signIn('requester', 'Wes Watcher'))

test('a row changes in place, with our state and what OpenAI says in columns of their own', async ({ page }) => {
  // Long enough under way that a list which looks every three seconds cannot miss it.
  const { id, number } = await startJob(page, { title: 'Watched', rehearsal: { behaviour: 'none', seconds: 30 } })
  await page.goto('/jobs')
  await expect(page.getByRole('columnheader')).toContainText([
    '',
    'State',
    'Job',
    'Next required action',
    'At OpenAI',
    'Age',
    'Deadline',
    'Tokens',
  ])
  const watched = row(page, 'Watched')
  await expect(watched).toContainText(`#${number} · Report · Wes Watcher`)
  await expect(watched.getByRole('cell').nth(1)).toHaveText('Running')
  await expect(watched.getByRole('cell').nth(4)).toHaveText(/OpenAI:(queued|in_progress)/)
  // How the watch goes, beside the state and apart from it.
  await expect(watched.getByRole('cell').nth(3)).toContainText(/checked/i)
  await expect(page.getByRole('main')).toContainText(/checked (just now|\d+ s ago)/)

  await untilState(page, id, 'awaiting_review')
  await expect(watched.getByRole('cell').nth(1)).toHaveText('Needs review')
  await expect(watched.getByRole('cell').nth(3)).toContainText('Decide on this report.')
  await expect(watched.getByRole('cell').nth(4)).toHaveText('OpenAI:completed')
  await expect(watched.getByRole('cell').nth(7)).toHaveText(/[\d,]+/)

  await watched.getByRole('link', { name: 'Watched' }).click()
  await expect(page).toHaveURL(`/jobs/${number}`)
})

test('new jobs wait above the table until they are asked for', async ({ page }) => {
  // Under way, so that the list looks often.
  await startJob(page, { title: 'First', rehearsal: { behaviour: 'none', seconds: 30 } })
  await page.goto('/jobs')
  await expect(titles(page)).toHaveText(['First'])
  await startJob(page, { title: 'Second', rehearsal: quick })
  await startJob(page, { title: 'Third', rehearsal: quick })
  const news = page.getByRole('button', { name: '2 new jobs' })
  await expect(news).toBeVisible()
  await expect(titles(page)).toHaveText(['First'])
  await news.click()
  await expect(titles(page)).toHaveText(['Third', 'Second', 'First'])
  await expect(news).toBeHidden()
})

test('nothing moves or changes while rows are selected', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  const { id, number } = await startJob(page, { title: 'Held', rehearsal: { behaviour: 'none', seconds: 30 } })
  await untilState(page, id, 'running')
  await page.goto('/jobs')
  await page.getByRole('checkbox', { name: `Select job ${number}` }).check()
  await expect(page.getByRole('region', { name: 'Selected jobs' })).toContainText('1 job selected')
  await expect(page.getByRole('main')).toContainText('held while rows are selected')
  const asked: string[] = []
  page.on('request', (request) => {
    if (new URL(request.url()).pathname === '/api/v1/jobs') asked.push(request.url())
  })
  await untilState(page, id, 'awaiting_review')
  await expect(page.getByRole('main')).toContainText(/checked ([4-9] s|\d\d s|\d+ min) ago, held/)
  await expect(row(page, 'Held').getByRole('cell').nth(1)).toHaveText('Running')
  expect(asked).toEqual([])

  await page.getByRole('button', { name: 'Copy numbers' }).click()
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(`#${number}`)
  await page.getByRole('button', { name: 'Clear selection' }).click()
  await expect(row(page, 'Held').getByRole('cell').nth(1)).toHaveText('Needs review')
})

test('what is shown and in which order stands in the address', async ({ page }) => {
  const one = await startJob(page, { title: 'Alpha report', rehearsal: quick })
  const two = await startJob(page, { title: 'Beta digest', workflow: 'digest', input: {}, rehearsal: quick })
  await startJob(page, { title: 'Gamma report', reference: 'CASE-4711', rehearsal: { behaviour: 'stuck' } })
  await untilState(page, one.id, 'awaiting_review')
  await untilState(page, two.id, 'completed')
  await page.goto('/jobs')
  await expect(titles(page)).toHaveText(['Gamma report', 'Beta digest', 'Alpha report'])

  await page.getByRole('button', { name: 'State' }).click()
  await page.getByRole('menuitemcheckbox', { name: 'Needs review' }).click()
  await page.getByRole('menuitemcheckbox', { name: 'Completed' }).click()
  await page.keyboard.press('Escape')
  await expect(page).toHaveURL(/state=awaiting_review,completed|state=awaiting_review%2Ccompleted/)
  await expect(titles(page)).toHaveText(['Beta digest', 'Alpha report'])
  await page.getByRole('button', { name: 'Workflow' }).click()
  await page.getByRole('menuitemcheckbox', { name: 'Digest' }).click()
  await page.keyboard.press('Escape')
  await expect(titles(page)).toHaveText(['Beta digest'])
  await page.reload()
  await expect(page.getByRole('button', { name: 'Workflow: Digest' })).toBeVisible()
  await expect(titles(page)).toHaveText(['Beta digest'])
  await page.goBack()
  await page.getByRole('button', { name: 'Clear filters' }).click()
  await expect(titles(page)).toHaveCount(3)

  await page.getByRole('button', { name: 'Order: Newest first' }).click()
  await page.getByRole('menuitemradio', { name: 'Oldest first' }).click()
  await expect(page).toHaveURL(/sort=oldest/)
  await expect(titles(page)).toHaveText(['Alpha report', 'Beta digest', 'Gamma report'])

  await page.getByRole('searchbox', { name: 'Search jobs' }).fill('CASE-4711')
  await expect(page).toHaveURL(/q=CASE-4711/)
  await expect(titles(page)).toHaveText(['Gamma report'])
  await page.getByRole('searchbox', { name: 'Search jobs' }).fill('nothing like it')
  await expect(page.getByText('No job matches these filters')).toBeVisible()
})

test('pages follow one another, and "mine" leaves out what others asked for', async ({ page, signInElsewhere }) => {
  const { page: reader } = await signInElsewhere(['requester', 'reviewer'], 'Rhea Reader')
  for (const title of ['One', 'Two', 'Three']) await startJob(page, { title, rehearsal: quick })
  await page.goto('/jobs?limit=2')
  await expect(titles(page)).toHaveText(['Three', 'Two'])
  await page.getByRole('button', { name: 'Next page' }).click()
  await expect(titles(page)).toHaveText(['One'])
  await expect(page).toHaveURL(/after=/)
  await page.getByRole('button', { name: 'Back to the first page' }).click()
  await expect(titles(page)).toHaveText(['Three', 'Two'])

  const own = await startJob(reader, { title: 'Rhea’s own', rehearsal: quick })
  await reader.goto('/jobs')
  await expect(row(reader, `#${own.number} `)).toBeVisible()
  await expect(titles(reader)).not.toHaveCount(1)
  await reader.getByRole('button', { name: 'Mine' }).click()
  await expect(reader).toHaveURL(/mine=true/)
  await expect(titles(reader)).toHaveText(['Rhea’s own'])
})

test.describe('when refreshing fails', () => {
  test.use({ expectedErrors: [/ERR_FAILED/] })

  test('the list says since when, keeps what it has, and recovers by itself', async ({ page }) => {
    await startJob(page, { title: 'Still here', rehearsal: { behaviour: 'none', seconds: 30 } })
    await page.goto('/jobs')
    await expect(titles(page)).toHaveText(['Still here'])
    await page.route('**/api/v1/jobs*', (route) => route.abort())
    const main = page.getByRole('main')
    await expect(main).toContainText(/The server was not reached\. Not refreshed since \d{1,2}:\d{2}:\d{2}/, {
      timeout: 60_000,
    })
    await expect(titles(page)).toHaveText(['Still here'])
    await page.unroute('**/api/v1/jobs*')
    await expect(main).toContainText(/checked just now/, { timeout: 60_000 })
  })
})

test('a poll that finds nothing new costs no body', async ({ page }) => {
  await startJob(page, { title: 'Quiet', rehearsal: { behaviour: 'none', seconds: 60 } })
  await page.goto('/jobs')
  await expect(row(page, 'Quiet').getByRole('cell').nth(1)).toHaveText('Running')
  const unchanged = await page.waitForResponse(
    (response) => new URL(response.url()).pathname === '/api/v1/jobs' && response.status() === 304,
    { timeout: 60_000 },
  )
  expect(unchanged.request().headers()['if-none-match']).toBe(unchanged.headers().etag)
})

test('the list is walked by keyboard', async ({ page }) => {
  for (const title of ['Lower', 'Upper']) await startJob(page, { title, rehearsal: quick })
  await page.goto('/jobs')
  await titles(page).first().focus()
  await page.keyboard.press('j')
  await expect(page.getByRole('link', { name: 'Lower' })).toBeFocused()
  await page.keyboard.press('ArrowUp')
  await expect(page.getByRole('link', { name: 'Upper' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: /Upper/ })).toBeVisible()
})
