import { v7 as uuidv7 } from 'uuid'
import { createKey } from '@/lib/access/keys.server'
import { connect, type Db } from '@/lib/store/db.server'
import { parseExposition } from '@/lib/testing/exposition'
import { enter, expect, expectLooks, makePerson, test } from './fixtures'
import { jobToDecide } from './jobs'

/** A worker of a host that nobody has started: it beat last so many minutes ago. */
async function worker(db: Db, host: string, minutesAgo: number, version = '0.0.9') {
  const at = new Date(Date.now() - minutesAgo * 60_000)
  await db.worker.create({
    data: {
      id: uuidv7(),
      lockIds: [],
      host,
      pid: 7,
      version,
      startedAt: new Date(at.getTime() - 3_600_000),
      beatAt: at,
    },
  })
}

test('a lead is told of a cause once, looks after it, and hears when it is over; a worker leaves and another comes', async ({
  ownProduct,
  openElsewhere,
}) => {
  const product = await ownProduct()
  const db = connect(product.databaseUrl, 2)
  try {
    const lead = await makePerson(db, 'lead', 'Lena Lead')
    const page = await openElsewhere(product.url)
    await enter(page, lead)
    const side = page.getByRole('banner').getByRole('link', { name: /^Queues/ })

    await test.step('nothing is open, and the rules say what is looked for', async () => {
      await page.goto('/queues/alerts')
      await expect(page.getByRole('heading', { name: 'No alert is open' })).toBeVisible()
      await expect(page.getByText('Off', { exact: true })).toHaveCount(9)
      await expectLooks(page, 'alerts none')
    })

    await test.step('a lead switches a rule on, and the change is kept with their name', async () => {
      await page.getByRole('button', { name: 'Edit the rule: A worker is gone' }).click()
      const dialog = page.getByRole('dialog', { name: 'A worker is gone' })
      await dialog.getByRole('textbox', { name: 'After how many minutes' }).fill('0')
      await dialog.getByRole('checkbox', { name: 'Switched on' }).click()
      await dialog.getByRole('button', { name: 'Save' }).click()
      await expect(dialog.getByText('Between 1 min and 7 d.')).toBeVisible()
      await dialog.getByRole('textbox', { name: 'After how many minutes' }).fill('3')
      await expectLooks(page, 'alert rule')
      await dialog.getByRole('button', { name: 'Save' }).click()
      await expect(page.getByText('Changed once, last by Lena Lead')).toBeVisible()
      await expect(page.getByText('Off', { exact: true })).toHaveCount(8)
    })

    await test.step('a worker falls silent: one alert, one notice, and a count in the side bar', async () => {
      await worker(db, 'host-b', 10)
      await expect(page.getByRole('heading', { name: 'A worker on host-b is gone' })).toBeVisible({ timeout: 60_000 })
      await expect(side).toContainText('1 open alert', { timeout: 60_000 })
      await page.goto('/queues')
      await expect(page.getByRole('region', { name: 'Open alerts' })).toContainText('A worker on host-b is gone')
      const notices = await db.notice.findMany({ where: { userId: lead.id } })
      expect(notices.map(({ kind }) => kind)).toEqual(['alert'])
    })

    await test.step('the lead looks after it, and it grows quiet', async () => {
      await page.getByRole('link', { name: 'A worker on host-b is gone' }).click()
      await expectLooks(page, 'alerts open')
      await page.getByRole('button', { name: 'Acknowledge the alert: A worker on host-b is gone' }).click()
      const dialog = page.getByRole('dialog', { name: 'Look after this alert' })
      await dialog.getByRole('textbox', { name: /^Note/ }).fill('I call its owner.')
      const first = await page.context().newPage()
      await first.goto('/queues/alerts')
      await first.getByRole('button', { name: 'Acknowledge the alert: A worker on host-b is gone' }).click()
      await first.getByRole('textbox', { name: /^Note/ }).fill('Its disk is full. I empty it.')
      await first.getByRole('dialog').getByRole('button', { name: 'Acknowledge' }).click()
      await expect(first.getByText('Lena Lead looks after it')).toBeVisible()
      await first.close()
      await expect(dialog.getByText('Lena Lead acknowledged it before you.')).toBeVisible({ timeout: 60_000 })
      await expect(dialog.getByRole('textbox', { name: /^Note/ })).toHaveValue('I call its owner.')
      await dialog.getByRole('button', { name: 'Cancel' }).click()
      await expect(page.getByText('Lena Lead looks after it')).toBeVisible()
      await expect(page.getByText('Its disk is full. I empty it.')).toBeVisible()
      await expect(side).toContainText('acknowledged', { timeout: 60_000 })
    })

    await test.step('the page of workers shows who works and who is gone', async () => {
      await page.goto('/queues/workers')
      const present = page.getByRole('region', { name: 'At work' })
      await expect(present.getByRole('listitem')).toHaveCount(1)
      const absent = page.getByRole('region', { name: 'Not there any more' })
      await expect(absent.getByRole('listitem').filter({ hasText: 'host-b' })).toContainText('Gone')
      await worker(db, 'host-c', -60)
      await expect(page.getByText('2 versions at work')).toBeVisible({ timeout: 60_000 })
      await expectLooks(page, 'workers')
      await db.worker.deleteMany({ where: { host: 'host-c' } })
    })

    await test.step('somebody says that it will not come back: the alert is over, and a word says so', async () => {
      await page.getByRole('button', { name: /^It will not come back \(host-b/ }).click()
      await page
        .getByRole('alertdialog', { name: 'Will it not come back?' })
        .getByRole('button', { name: 'It will not come back' })
        .click()
      await expect(page.getByText('Lena Lead said that it will not come back')).toBeVisible()
      await expect
        .poll(async () => (await db.alert.findFirst())?.clearSince ?? null, { timeout: 60_000 })
        .not.toBeNull()
      // Nobody waits for the minute here.
      await db.alert.updateMany({ data: { clearSince: new Date(Date.now() - 60_000) } })
      await page.goto('/queues/alerts')
      await expect(page.getByRole('region', { name: 'Over' })).toContainText('A worker on host-b is gone', {
        timeout: 60_000,
      })
      await page.getByRole('button', { name: /^Notices/ }).click()
      await expect(page.getByRole('link', { name: 'Over: A worker on host-b is gone' })).toBeVisible()
      await page.keyboard.press('Escape')
    })

    await test.step('a worker is asked to leave, and the next one takes its place', async () => {
      await page.goto('/queues/workers')
      const [first] = await db.worker.findMany({ where: { stoppedAt: null } })
      await page.getByRole('button', { name: /^Ask to leave/ }).click()
      const dialog = page.getByRole('alertdialog', { name: 'Ask this worker to leave?' })
      await expect(dialog).toContainText('Another is started in its place at once.')
      await dialog.getByRole('button', { name: 'Ask it to leave' }).click()
      const absent = page.getByRole('region', { name: 'Not there any more' })
      await expect(absent.getByRole('listitem').filter({ hasText: `process ${first?.pid}` })).toContainText('Left', {
        timeout: 60_000,
      })
      const present = page.getByRole('region', { name: 'At work' })
      await expect(present.getByRole('listitem')).toHaveCount(1, { timeout: 60_000 })
      expect(product.printed()).toContain('The worker left. Starting another in its place.')
      const owner = await openElsewhere(product.url)
      await enter(owner, await makePerson(db, 'owner', 'Olga Owner'))
      await jobToDecide(owner)
      await expect.poll(async () => (await db.alert.findMany()).length, 'nobody is told of one that left').toBe(1)
    })

    await test.step('Prometheus reads what the pages show, with a key of a lead and not without', async () => {
      const { key } = await createKey(db, { name: 'prometheus', roles: ['lead'], userId: null, createdBy: null })
      const nobody = await openElsewhere(product.url)
      expect((await nobody.request.get('/api/metrics')).status()).toBe(401)
      const answer = await nobody.request.get('/api/metrics', { headers: { authorization: `Bearer ${key}` } })
      expect(answer.headers()['content-type']).toContain('text/plain; version=0.0.4')
      const families = parseExposition(await answer.text())
      const jobs = families.find(({ name }) => name === 'holdpoint_jobs')
      expect(jobs?.samples).toContainEqual({
        name: 'holdpoint_jobs',
        labels: { workflow: 'report', state: 'awaiting_review' },
        value: 1,
      })
    })
  } finally {
    await db.$disconnect()
  }
})
