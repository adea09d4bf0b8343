import type { Locator, Page } from '@playwright/test'
import { notify } from '@/lib/notices/notify.server'
import { currentRules, publishRules } from '@/lib/rules/store.server'
import { connect } from '@/lib/store/db.server'
import { enter, expect, expectAccessible, LOOKS, makePerson, test, wear } from './fixtures'
import { nextAction, standing, startJob, untilState } from './jobs'

const bell = (page: Page) => page.getByRole('banner').getByRole('button', { name: /^Notices/ })
const tab = (page: Page) => page.getByRole('navigation', { name: 'Main' }).getByRole('button', { name: /^Notices/ })

/** Waits for as many unread notices: the page asks every 15 seconds. */
async function expectUnread(page: Page, count: number) {
  await expect(bell(page)).toHaveAccessibleName(`Notices ${count} unread`, { timeout: 60_000 })
}

/** Opens the bell and gives what it opens. */
async function openBell(page: Page, button: Locator = bell(page)): Promise<Locator> {
  await button.click()
  const notices = page.getByRole('dialog', { name: 'Notices' })
  await expect(notices).toBeVisible()
  return notices
}

test('people are told as the rules say: whoever asked of a refusal, a lead of a queue that stands still', async ({
  ownProduct,
  openElsewhere,
}) => {
  const product = await ownProduct()
  const db = connect(product.databaseUrl, 2)
  try {
    const lead = await makePerson(db, 'lead', 'Lena Lead')
    const requester = await makePerson(db, 'requester', 'Rosa Requester')
    const actor = { kind: 'person', userId: lead.id, apiKeyId: null, name: lead.name, email: lead.email } as const
    const { version, rules } = await currentRules(db)
    await publishRules(
      db,
      { ...actor, roles: ['lead'] },
      {
        rules: rules.map((rule) => (rule.signal.value === 'refusal' ? { ...rule, tell: 'requester' } : rule)),
        note: 'Whoever asked shall know of a refusal.',
        basedOn: version,
      },
    )
    const leads = await openElsewhere(product.url)
    await enter(leads, lead)
    await leads.goto('/settings/account')
    await expect(bell(leads)).toHaveAccessibleName('Notices')
    const theirs = await openElsewhere(product.url)
    await enter(theirs, requester)
    await theirs.goto('/jobs')

    await test.step('whoever asked hears of it, opens it, and it is read', async () => {
      const job = await startJob(theirs, { title: 'The lease', rehearsal: { behaviour: 'refusal', seconds: 0.3 } })
      await untilState(theirs, job.id, 'failed')
      await expectUnread(theirs, 1)
      await expect(
        theirs.getByRole('status').filter({ hasText: `New notice: Job ${job.number} stopped` }),
      ).toBeAttached()
      const notices = await openBell(theirs)
      await expect(notices).toContainText('The model refused to answer.')
      await expect(notices).toContainText('The lease')
      await expectAccessible(theirs)
      await notices.getByRole('link', { name: `Job ${job.number} stopped` }).click()
      await expect(notices).toBeHidden()
      await expect(theirs).toHaveURL(new RegExp(`/jobs/${job.number}$`))
      await expect(standing(theirs, 'failed')).toBeVisible()
      await expect(bell(theirs)).toHaveAccessibleName('Notices')
      await theirs.reload()
      await expect(nextAction(theirs)).toBeVisible()
      await expect(bell(theirs), 'the server knows that it was read').toHaveAccessibleName('Notices')
    })

    await test.step('a lead hears of a queue that stands still, once, and goes where it is resumed', async () => {
      const first = await startJob(theirs, { title: 'Refused', rehearsal: { behaviour: 'create_401' } })
      const waiting = async () => (await (await leads.request.get('/settings/money/stops')).json()).items[0]?.waiting
      await expect.poll(waiting).toBe(1)
      await startJob(theirs, { title: 'Waits behind it' })
      await expect.poll(waiting).toBe(2)
      await leads.reload()
      await expectUnread(leads, 1)
      const notices = await openBell(leads)
      await expect(notices.getByRole('listitem')).toHaveCount(1)
      await expect(notices).toContainText('The provider refuses our key.')
      await expect(notices).toContainText(`Met by job ${first.number}: Refused`)
      await notices.getByRole('link', { name: 'Sending of Report stands still' }).click()
      await expect(leads).toHaveURL(/\/settings\/money#stops$/)
      await expect(bell(leads)).toHaveAccessibleName('Notices')
      const stops = leads.getByRole('region', { name: 'Stopped queues' })
      await stops.getByRole('button', { name: /^Resume/ }).click()
      await leads.getByRole('dialog').getByRole('button', { name: 'Resume sending' }).click()
      await expect(stops).toContainText('No queue stands still.')
      await expect(await openBell(leads)).toContainText('Sending of Report stood still')
    })
  } finally {
    await db.$disconnect()
  }
})

test('notices are marked as read one by one or all, by keyboard, on a wide screen and on a phone', async ({
  page,
  signIn,
  db,
}) => {
  const person = await signIn('requester', 'Nora Notified')
  await page.goto('/jobs')
  const empty = await openBell(page)
  await expect(empty).toContainText('No notices')
  await expectAccessible(page)
  await page.keyboard.press('Escape')
  await expect(empty).toBeHidden()
  await expect(bell(page)).toBeFocused()

  const { id, number } = await startJob(page, { title: 'مراجعة عقد الإيجار, then words without end '.repeat(5) })
  await untilState(page, id, 'awaiting_review')
  const job = { id, workflowKey: 'report', requesterId: person.id }
  const codes = ['checks_failed', 'refusal', 'max_output_tokens', 'server_error', 'constructor', 'no_progress']
  for (const [index, code] of codes.entries()) {
    const now = new Date(Date.now() - (codes.length - index) * 600_000)
    await db.$transaction((tx) => notify(tx, { to: 'requester', job, kind: 'job_stopped', detail: { code }, now }))
  }
  await expectUnread(page, 6)
  await expect(page.getByRole('status').filter({ hasText: /new notice/i })).toBeAttached()

  for (const look of LOOKS) {
    await wear(page, look)
    const isWide = look.viewport.width > 1_000
    const notices = await openBell(page, isWide ? bell(page) : tab(page))
    await expect(notices.getByRole('listitem')).toHaveCount(6)
    await page.waitForFunction(() => document.getAnimations().every(({ playState }) => playState !== 'running'))
    await expectAccessible(page, look.rules)
    const beyond = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
    expect(beyond, `it fits its width (${look.name})`).toBeLessThanOrEqual(0)
    await page.screenshot({ path: `test-results/screens/notices (${look.name}).png` })
    await page.keyboard.press('Escape')
    await expect(notices).toBeHidden()
    await page.screenshot({ path: `test-results/screens/notices bell (${look.name}).png` })
  }
  await wear(page, LOOKS[0])

  await bell(page).focus()
  await page.keyboard.press('Enter')
  const notices = page.getByRole('dialog', { name: 'Notices' })
  await notices
    .getByRole('button', { name: `Mark as read: Job ${number} stopped` })
    .first()
    .focus()
  await page.keyboard.press('Enter')
  await expect(bell(page)).toHaveAccessibleName('Notices 5 unread')
  await expect(notices.getByRole('link').first(), 'focus stays at the notice').toBeFocused()
  await notices.getByRole('button', { name: 'Mark all as read' }).focus()
  await page.keyboard.press('Enter')
  await expect(notices.getByRole('button', { name: 'All are read' })).toBeFocused()
  await expect(bell(page)).toHaveAccessibleName('Notices')
  await expect.poll(() => db.notice.count({ where: { userId: person.id, readAt: null } })).toBe(0)
})

test.describe('when the server does not answer', () => {
  test.use({ expectedErrors: [/status of 503/] })

  test('the bell says so and tries again, and a mark that was not taken is put back', async ({ page, signIn, db }) => {
    const person = await signIn('requester')
    const { id } = await startJob(page)
    const job = { id, workflowKey: 'report', requesterId: person.id }
    const detail = { code: 'refusal', class: 'policy' }
    await db.$transaction((tx) => notify(tx, { to: 'requester', job, kind: 'job_stopped', detail, now: new Date() }))

    let isAway = true
    await page.route('**/api/v1/notices**', (route) =>
      isAway
        ? route.fulfill({ status: 503, contentType: 'application/problem+json', body: '{"title":"Away"}' })
        : route.continue(),
    )
    await page.goto('/settings/account')
    const notices = await openBell(page)
    await expect(notices.getByRole('alert')).toContainText('The server’s database is away.')
    isAway = false
    await notices.getByRole('button', { name: 'Try again' }).click()
    await expect(notices.getByRole('listitem')).toHaveCount(1)

    isAway = true
    await notices.getByRole('button', { name: /^Mark as read/ }).click()
    await expect(page.getByRole('region', { name: 'Notifications' })).toContainText('That was not marked as read')
    await expect(bell(page)).toHaveAccessibleName('Notices 1 unread')
    await expect(notices).toContainText('This may be out of date.')
    expect(await db.notice.count({ where: { userId: person.id, readAt: null } })).toBe(1)
  })
})

test('over the API a person has their own notices, and the key of a service has none', async ({
  request,
  page,
  signIn,
  apiKey,
}) => {
  const headers = { authorization: `Bearer ${await apiKey('lead')}` }
  expect(await (await request.get('/api/v1/notices', { headers })).json()).toEqual({ unread: 0, items: [] })
  expect((await request.get('/api/v1/notices')).status()).toBe(401)
  await signIn('requester')
  const first = await page.request.get('/api/v1/notices')
  expect(await first.json()).toEqual({ unread: 0, items: [] })
  expect((await page.request.post('/api/v1/notices/read', { data: { ids: [] } })).status()).toBe(422)
  expect((await page.request.post('/api/v1/notices/read', { data: { all: true } })).status()).toBe(204)
})
