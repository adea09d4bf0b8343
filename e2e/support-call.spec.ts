import fs from 'node:fs'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { connect } from '@/lib/store/db.server'
import { ageJob } from '@/lib/testing/age'
import { builtins } from '@/lib/workflows/builtin'
import { publish } from '@/lib/workflows/store.server'
import { enter, expect, expectLooks, makePerson, test } from './fixtures'
import { inTwoDays, jobToDecide, nextAction, openCommand, openTab, readJob } from './jobs'

const MONTHS_MS = 240 * 86_400_000
const REFERENCE = 'LEASE-0312'

type Received = { headers: IncomingHttpHeaders; body: Record<string, unknown> }

async function startReceiver() {
  const received: Received[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      received.push({ headers: request.headers, body: JSON.parse(Buffer.concat(chunks).toString('utf8')) })
      response.writeHead(200, { 'content-type': 'text/plain' }).end('Filed under R-7.')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/letters`,
    received,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

test('a letter went out in March: support finds it, reads what happened, reopens it, and a correction says so', async ({
  ownProduct,
  openElsewhere,
}) => {
  const receiver = await startReceiver()
  const product = await ownProduct({ HOLDPOINT_ALLOW_PRIVATE: '127.0.0.1' })
  const db = connect(product.databaseUrl, 2)
  const report = builtins.find(({ key }) => key === 'report')
  if (report === undefined) throw new Error('the built-in report is missing')
  await publish(db, {
    ...report,
    key: 'letters',
    name: 'Letters',
    delivery: { kind: 'http', url: receiver.url },
    review: { ...report.review, requesterMayApprove: true, undoSeconds: 0 },
  })
  const [support, reviewer] = await Promise.all([
    makePerson(db, 'support', 'Sam Okafor'),
    makePerson(db, ['reviewer', 'requester'], 'Rosa Lind'),
  ])
  const page = await openElsewhere(product.url)
  const reviewerPage = await openElsewhere(product.url)
  await enter(page, support)
  await enter(reviewerPage, reviewer)

  const { id, number } = await test.step('months ago it was asked for, approved and sent', async () => {
    const job = await jobToDecide(reviewerPage, { workflow: 'letters', reference: REFERENCE })
    await jobToDecide(reviewerPage, { workflow: 'letters', reference: REFERENCE })
    const answer = await reviewerPage.request.post(`/api/v1/jobs/${job.id}/commands`, {
      data: {
        command: 'approve',
        note: 'It says what the lease says.',
        params: { reason: 'known' },
        resultHash: job.result?.hash,
        deliveryHash: job.reviews.at(-1)?.delivery?.hash,
      },
    })
    expect(answer.status(), await answer.text()).toBe(200)
    await expect.poll(async () => (await readJob(page, job.id)).deliveries[0]?.state).toBe('delivered')
    await ageJob(product.databaseUrl, job.id, MONTHS_MS)
    // What the provider kept of it is gone by now.
    const { responseId } = (await readJob(page, job.id)).attempts[0] ?? {}
    fs.rmSync(path.join(product.dataDir, 'sandbox', 'responses', `${responseId}.response.json`))
    const gone = await fetch(`${product.sandboxUrl}/v1/responses/${responseId}`, {
      headers: { authorization: 'Bearer sandbox' },
    })
    expect(gone.status).toBe(404)
    return job
  })

  await test.step('support finds it by its reference, and reads what happened in plain sentences', async () => {
    await page.goto(`/jobs?q=${REFERENCE}`)
    await page
      .getByRole('row')
      .filter({ hasText: new RegExp(`#${number}\\b`) })
      .getByRole('link')
      .first()
      .click()
    await expect(page).toHaveURL(new RegExp(`/jobs/${number}$`))
    await openTab(page, 'History')
    const account = page.getByRole('region', { name: 'What happened here' })
    await expect(account).toContainText('Rosa Lind asked for it: Letters, version 1, over one document.')
    await expect(account).toContainText('Attempt 1 was sent to the model.')
    await expect(account).toContainText('Rosa Lind approved the result; it may leave.')
    await expect(account).toContainText('“It says what the lease says.”')
    await expect(account).toContainText(`Delivery 1 was sent by signed HTTP to ${receiver.url}. The receiver has it.`)
    await expect(page.getByRole('region', { name: 'Related jobs' })).toContainText(
      `Under the same reference, ${REFERENCE}`,
    )
    await expectLooks(page, 'support call, what happened')
  })

  await test.step('each sentence leads to the job as it stood, and keys step on from there', async () => {
    const account = page.getByRole('region', { name: 'What happened here' })
    const events = (await readJob(page, id)).events
    const decided = events.findIndex(({ command }) => command === 'approve') + 1
    await account.getByRole('link', { name: `The job as it stood at event ${decided},` }).click()
    await expect(page).toHaveURL(new RegExp(`/jobs/${number}/at/${decided}`))
    const bar = page.getByRole('complementary', { name: 'A moment of the past' })
    await expect(bar).toContainText(`after event ${decided} of ${events.length}`)
    await page.keyboard.press('ArrowLeft')
    await expect(bar).toContainText(`after event ${decided - 1} of ${events.length}`)
    await expect(nextAction(page)).toContainText('Decide on this report')
    // Nothing is decided in the past.
    await expect(nextAction(page).getByRole('button')).toHaveCount(0)
    await expectLooks(page, 'support call, as it stood')
    await page.keyboard.press('Home')
    await expect(bar).toContainText(`after event 1 of ${events.length}`)
    await expect(page.getByRole('main').locator('header')).toContainText('Queued')
    await bar.getByRole('link', { name: 'The next event' }).click()
    await expect(bar).toContainText(`after event 2 of ${events.length}`)
    await bar.getByRole('link', { name: 'Back to now' }).click()
    await expect(page).toHaveURL(new RegExp(`/jobs/${number}(\\?|$)`))
  })

  await test.step('it is reopened with everything in sight', async () => {
    const dialog = await openCommand(page, 'Reopen')
    await expect(dialog).toContainText('Why it is completed')
    await expect(dialog).toContainText('On exactly the result with the hash')
    await expect(dialog).toContainText(`Sent by signed HTTP to ${receiver.url}`)
    await expect(dialog).toContainText('Filed under R-7.')
    await expect(dialog).toContainText('It recalls nothing.')
    await dialog.getByLabel('New due time').fill(inTwoDays())
    await dialog.getByLabel('Reason').fill('The tenant says that the day is wrong.')
    await expectLooks(page, 'support call, reopening')
    await dialog.getByRole('button', { name: 'Reopen' }).click()
    await expect(dialog).toBeHidden()
    const beside = page.getByRole('region', { name: 'The round before, and this one' })
    await expect(beside).toContainText('Before: round 1')
    await expect(beside).toContainText('Rosa Lind approved it')
    await expect(beside).toContainText('Now: round 2')
    await expect(nextAction(page)).toContainText('Some of this has left already')
    await expectLooks(page, 'support call, reopened')
  })

  await test.step('whoever decided is told, corrects it, and sees which delivery it corrects before it leaves', async () => {
    const notices = await (await reviewerPage.request.get('/api/v1/notices')).json()
    expect(JSON.stringify(notices)).toContain(`Job ${number} was reopened`)
    const job = await readJob(reviewerPage, id)
    const text = (job.result?.text ?? '').replace(/third working day/, 'fifth working day')
    const revised = await reviewerPage.request.post(`/api/v1/jobs/${id}/commands`, {
      data: { command: 'revise', params: { text }, resultHash: job.result?.hash },
    })
    expect(revised.status(), await revised.text()).toBe(200)
    await reviewerPage.goto(`/jobs/${number}`)
    const dialog = await openCommand(reviewerPage, 'Approve')
    await expect(dialog).toContainText('It corrects delivery 1')
    await expect(dialog).toContainText('"corrects"')
    await reviewerPage.screenshot({ path: 'test-results/screens/support call, correction (light, wide).png' })
    await dialog.getByLabel('Note').fill('Corrected.')
    const reason = dialog.getByRole('combobox', { name: /reason/i })
    if (await reason.isVisible()) {
      await reason.click()
      await reviewerPage.getByRole('option', { name: 'I know it from elsewhere' }).click()
    }
    await dialog.getByRole('button', { name: /^Approve/ }).click()
    await expect(dialog).toBeHidden()
    await expect.poll(() => receiver.received.length, { timeout: 60_000 }).toBe(2)
    const [first, second] = receiver.received as [Received, Received]
    expect(second.headers['holdpoint-corrects']).toBe(first.headers['webhook-id'])
    expect(second.body.corrects).toMatchObject({ webhookId: first.headers['webhook-id'], delivery: 1, arrived: true })
    expect(first.body).not.toHaveProperty('corrects')
    await openTab(page, 'History')
    await expect(page.getByRole('region', { name: 'What happened here' })).toContainText(
      'Delivery 2, which corrects delivery 1, was sent',
    )
  })

  await db.$disconnect()
  await receiver.close()
})
