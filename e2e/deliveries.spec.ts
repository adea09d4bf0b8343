import fs from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import type { APIRequestContext, Page } from '@playwright/test'
import type { CreateJob, JobView } from '@/lib/jobs/view'
import { connect } from '@/lib/store/db.server'
import { builtins } from '@/lib/workflows/builtin'
import type { DeliveryDefinition, WorkflowDefinition } from '@/lib/workflows/definition'
import { publish } from '@/lib/workflows/store.server'
import { enter, expect, expectLooks, follow, makePerson, test } from './fixtures'
import { jobToDecide, LEASE, nextAction, openCommand, openTab, readJob, untilState } from './jobs'
import type { OwnProduct } from './product'

const CUSTOMER = 'dana.whitfield@example.org'

/** A receiver that answers with each of `statuses` in turn, then with the last one. */
async function startReceiver(...statuses: number[]) {
  const received: { id: string; body: string }[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const status = statuses[Math.min(received.length, statuses.length - 1)] ?? 200
      received.push({ id: String(request.headers['webhook-id']), body: Buffer.concat(chunks).toString('utf8') })
      // Time to read that it failed: without it the next try is five seconds later.
      const wait = status >= 500 ? { 'retry-after': '20' } : {}
      response.writeHead(status, { 'content-type': 'text/html', ...wait }).end(`<b>kept</b> as R-7, ${status}`)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/orders`,
    received,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** A product of the test's own, whose owner is signed in, with a workflow for each of `deliveries`. */
async function productThat(
  ownProduct: (extra?: Record<string, string>) => Promise<OwnProduct>,
  openElsewhere: (url?: string) => Promise<Page>,
  workflows: Record<string, DeliveryDefinition | null>,
) {
  const product = await ownProduct({ HOLDPOINT_ALLOW_PRIVATE: '127.0.0.1' })
  const db = connect(product.databaseUrl, 2)
  const [report, reply] = ['report', 'reply'].map((key) => builtins.find((one) => one.key === key))
  if (report === undefined || reply === undefined) throw new Error('a built-in workflow is missing')
  for (const [key, delivery] of Object.entries(workflows)) {
    // Long enough to undo on a busy machine, and what is not undone leaves at once.
    const changed: Partial<WorkflowDefinition> =
      delivery === null
        ? { review: { ...reply.review, undoSeconds: 60 } }
        : { key, name: key, delivery, review: { ...report.review, requesterMayApprove: true, undoSeconds: 0 } }
    await publish(db, { ...(delivery === null ? reply : report), ...changed })
  }
  const support = await makePerson(db, 'support', 'Sam Okafor')
  await db.$disconnect()
  const page = await openElsewhere(product.url)
  await follow(page, product.ownerLink)
  const supportPage = await openElsewhere(product.url)
  await enter(supportPage, support)
  return { product, page, supportPage }
}

async function approve(request: APIRequestContext, job: JobView) {
  const deliveryHash = job.reviews.at(-1)?.delivery?.hash
  const answer = await request.post(`/api/v1/jobs/${job.id}/commands`, {
    data: { command: 'approve', resultHash: job.result?.hash, deliveryHash },
  })
  expect(answer.status(), await answer.text()).toBe(200)
}

const ASK: Partial<CreateJob> = {
  workflow: 'reply',
  input: { message: 'When is the rent due, and how much is it?', email: CUSTOMER, name: 'Ms Whitfield' },
  documents: [{ name: 'lease.md', text: LEASE }],
}

const deliveries = (page: Page) => page.getByRole('region', { name: /^Deliver(y|ies)$/ })

test('a reviewer approves a reply, takes it back in time, approves again, and the letter leaves', async ({
  ownProduct,
  openElsewhere,
}) => {
  const { product, page } = await productThat(ownProduct, openElsewhere, { reply: null })
  const { id, number } = await jobToDecide(page, ASK)
  const mail = path.join(product.dataDir, 'mail')
  await page.goto(`/jobs/${number}`)

  await test.step('the time in which it can be undone runs in sight', async () => {
    const dialog = await openCommand(page, 'Approve')
    await expect(dialog).toContainText(CUSTOMER)
    await dialog.getByRole('button', { name: /^Approve/ }).click()
    await expect(dialog).toBeHidden()
    await expect(deliveries(page)).toContainText(`E-mail to ${CUSTOMER}`)
    await expect(deliveries(page)).toContainText(/Leaves in \d+ s/)
    await page.screenshot({ path: 'test-results/screens/deliveries, leaves soon (light, wide).png' })
  })

  await test.step('undo takes it back before anything left', async () => {
    await deliveries(page).getByRole('button', { name: 'Undo' }).click()
    const dialog = page.getByRole('dialog', { name: `Undo #${number}` })
    await dialog.getByRole('button', { name: 'Undo' }).click()
    await expect(dialog).toBeHidden()
    await expect(deliveries(page)).toContainText('It was withdrawn: nothing was sent, or will be.')
    expect(fs.existsSync(mail)).toBe(false)
  })

  await test.step('what will leave can be read to the letter, and lies in the mail folder afterwards', async () => {
    await approve(page.request, await untilState(page, id, 'awaiting_review'))
    await page.reload()
    await deliveries(page).getByRole('button', { name: 'See what will be sent' }).first().click()
    const dialog = page.getByRole('dialog', { name: 'What will be sent, delivery 2' })
    await expect(dialog).toContainText(CUSTOMER)
    await expect(dialog).toContainText('740 euros a month')
    await dialog.getByRole('button', { name: 'Close' }).last().click()
    await expect(deliveries(page)).toContainText('the letter is kept in the mail folder, and nothing left', {
      timeout: 150_000,
    })
    const [first, second] = (await readJob(page, id)).deliveries
    expect(first).toMatchObject({ state: 'withdrawn', tries: 0 })
    const sent = await page.request.get(`/api/v1/jobs/${id}/deliveries/${second?.id}/bytes`)
    expect(sent.headers()).toMatchObject({
      'content-disposition': `attachment; filename="job-${number}-delivery-2.eml"`,
      'x-content-type-options': 'nosniff',
    })
    expect(fs.readdirSync(mail)).toEqual([`${second?.messageId}.eml`])
    expect(fs.readFileSync(path.join(mail, `${second?.messageId}.eml`)).equals(await sent.body())).toBe(true)
    await expectLooks(page, 'deliveries, a letter and one that was undone')
  })
})

test('support sees why a delivery does not get through, and sends it again or withdraws it', async ({
  ownProduct,
  openElsewhere,
}) => {
  const [orders, ledger] = await Promise.all([startReceiver(500, 200), startReceiver(422, 422, 200)])
  try {
    const { page, supportPage } = await productThat(ownProduct, openElsewhere, {
      orders: { kind: 'http', url: orders.url },
      ledger: { kind: 'http', url: ledger.url },
    })

    await test.step('a receiver that fails once is asked again by itself, under the same id', async () => {
      const job = await jobToDecide(page, { workflow: 'orders' })
      // Looked at before it leaves, so that no step of it is missed.
      await page.goto(`/jobs/${job.number}`)
      await expect(nextAction(page)).toContainText('Decide on this report.')
      await approve(page.request, job)
      // A job that leaves is looked at often, one that waits for a decision is not.
      await page.reload()
      await expect(deliveries(page)).toContainText('The receiver answered with status 500.')
      await expect(deliveries(page)).toContainText(/Next try in|The next try is due now/)
      await expect(deliveries(page)).toContainText('The receiver has it, ', { timeout: 90_000 })
      expect(orders.received).toHaveLength(2)
      expect(orders.received[0]).toEqual(orders.received[1])
      await deliveries(page)
        .getByRole('button', { name: /^Record, 2 tries/ })
        .click()
      const tries = deliveries(page).getByRole('region', { name: 'Tries of delivery 1' }).getByRole('listitem')
      await expect(tries).toHaveText([/Not delivered, HTTP 500.*http_500/, /Delivered, HTTP 200/])
      await deliveries(page)
        .getByText(/^What the receiver answered last/)
        .click()
      await expect(deliveries(page)).toContainText('<b>kept</b> as R-7, 200')
      await expect(deliveries(page).locator('b')).toHaveCount(0)
      await expectLooks(page, 'deliveries, the record of one')
    })

    const refused = await jobToDecide(page, { workflow: 'ledger' })
    await test.step('one that is refused asks support, with the reason', async () => {
      await approve(page.request, refused)
      await expect
        .poll(async () => (await readJob(page, refused.id)).nextAction.kind, { timeout: 60_000 })
        .toBe('settle_delivery')
      await supportPage.goto(`/jobs/${refused.number}`)
      await expect(nextAction(supportPage)).toContainText('See why it was not delivered')
      await nextAction(supportPage).getByRole('link', { name: 'Go to the delivery' }).click()
      await expect(supportPage).toHaveURL(/#delivery-1$/)
      await expect(deliveries(supportPage)).toContainText('The receiver answered with status 422.')
      await expectLooks(supportPage, 'deliveries, one that failed')
    })

    await test.step('sending it again demands a reason, and keeps the id', async () => {
      await deliveries(supportPage).getByRole('button', { name: 'Send again…' }).click()
      const dialog = supportPage.getByRole('dialog', { name: `Send again #${refused.number}` })
      await dialog.getByRole('button', { name: 'Send again' }).click()
      await expect(dialog.getByRole('textbox', { name: 'Reason' })).toBeFocused()
      await expect(dialog).toContainText('Give a reason: it is kept in the history.')
      await dialog.getByRole('textbox', { name: 'Reason' }).fill('They mended their form.')
      await dialog.getByRole('button', { name: 'Send again' }).click()
      await expect(dialog).toBeHidden()
      await expect.poll(() => ledger.received.length).toBe(2)
      expect(ledger.received[1]).toEqual(ledger.received[0])
    })

    await test.step('withdrawing it settles the job, and stands in the history', async () => {
      await expect
        .poll(async () => (await readJob(page, refused.id)).deliveries[0]?.state, { timeout: 60_000 })
        .toBe('failed')
      await deliveries(supportPage).getByRole('button', { name: 'Withdraw…' }).click()
      const dialog = supportPage.getByRole('dialog', { name: `Withdraw #${refused.number}` })
      await dialog.getByRole('textbox', { name: 'Reason' }).fill('It was entered by hand.')
      await expectLooks(supportPage, 'deliveries, withdrawing one')
      await dialog.getByRole('button', { name: 'Withdraw' }).click()
      await expect(dialog).toBeHidden()
      await expect(deliveries(supportPage)).toContainText('It was entered by hand.')
      await expect(nextAction(supportPage)).toContainText('Nothing is left to do.')
      const history = await openTab(supportPage, 'History')
      await expect(history).toContainText('Sam Okafor withdrew it: it will not be sent.')
      await expect(history).toContainText('Sam Okafor had it sent again.')
      expect(ledger.received).toHaveLength(2)
    })

    await test.step('after a reopen, what has left stands above the decision', async () => {
      const [job] = (await (await page.request.get('/api/v1/jobs?workflow=orders')).json()).items as JobView[]
      const answer = await supportPage.request.post(`/api/v1/jobs/${job?.id}/commands`, {
        data: {
          command: 'reopen',
          note: 'A question came in.',
          params: { dueAt: new Date(Date.now() + 86_400_000).toISOString() },
        },
      })
      expect(answer.status(), await answer.text()).toBe(200)
      await page.goto(`/jobs/${job?.number}`)
      await expect(nextAction(page)).toContainText('Some of this has left already')
      await expect(nextAction(page)).toContainText(`Sent by signed HTTP to ${orders.url}`)
      await expect(nextAction(page)).toContainText('No decision takes back what has left.')
      await expectLooks(page, 'deliveries, after a reopen')
    })
  } finally {
    await Promise.all([orders.close(), ledger.close()])
  }
})

test('what is handed over by hand waits for somebody, and is confirmed with a reference', async ({
  ownProduct,
  openElsewhere,
}) => {
  const { page } = await productThat(ownProduct, openElsewhere, {
    telephone: { kind: 'by_hand', instructions: 'Read it to the tenant on the telephone.\nNote the day and the time.' },
  })
  const job = await jobToDecide(page, { workflow: 'telephone' })
  await approve(page.request, job)
  await page.goto('/jobs')
  await expect(page.getByRole('row').filter({ hasText: `#${job.number}` })).toContainText('Hand it over')
  await page.goto(`/jobs/${job.number}`)
  await expect(nextAction(page)).toContainText('Hand it over, then confirm that with a reference.')
  await expect(deliveries(page)).toContainText('Read it to the tenant on the telephone.')
  await expectLooks(page, 'deliveries, by hand')
  await deliveries(page).getByRole('button', { name: 'Confirm delivery…' }).click()
  const dialog = page.getByRole('dialog', { name: `Confirm delivery #${job.number}` })
  await dialog.getByRole('button', { name: 'Confirm delivery' }).click()
  await expect(dialog).toContainText('Give a reference: how it can be found where it went.')
  await dialog.getByRole('textbox', { name: 'Reference' }).fill('Monday, 10:40')
  await dialog.getByRole('button', { name: 'Confirm delivery' }).click()
  await expect(dialog).toBeHidden()
  await expect(deliveries(page)).toContainText('Reference: Monday, 10:40')
  await expect(nextAction(page)).toContainText('Nothing is left to do.')
})
