import { createHash } from 'node:crypto'
import fs from 'node:fs'
import type { Page } from '@playwright/test'
import { expect, test } from './fixtures'
import { openTab, readJob, standing, startJob, untilState } from './jobs'

/** Starts a sample over its form, so that its documents are the ones that ship with Holdpoint. */
async function leaseReport(page: Page) {
  const upload = await page.request.post('/api/v1/documents?name=lease.pdf', {
    data: fs.readFileSync('public/samples/lease.pdf'),
    headers: { 'content-type': 'application/pdf' },
  })
  expect(upload.status()).toBe(201)
  const { id: documentId } = await upload.json()
  const { id } = await startJob(page, {
    documents: undefined,
    documentIds: [documentId],
    input: {
      question:
        'May the tenants end the lease early, and with what notice?\nWhen is the deposit returned?\nDoes a parking space belong to the flat?',
    },
  })
  return untilState(page, id, 'awaiting_review')
}

test.beforeEach(({ signIn }) => signIn(['requester', 'reviewer']))

test('each claim leads to the passage that carries it, at the exact span, or says that none does', async ({ page }) => {
  const job = await leaseReport(page)
  expect(job.evidence.length).toBeGreaterThan(1)
  await page.goto(`/jobs/${job.number}`)
  await expect(standing(page, 'awaiting_review')).toBeVisible()
  const evidence = page.getByRole('region', { name: /^Evidence/ })
  const pages = await (await page.request.get(`/api/v1/documents/${job.documents[0]?.id}/text`)).json()

  const select = async (index: number) => {
    await page.getByRole('main').locator(`[data-claim="${index}"]`).click()
    await expect(evidence).toHaveAccessibleName(`Evidence for ${index + 1} of ${job.evidence.length}`)
  }
  const [carried, bare] = [true, false].map((some) =>
    job.evidence.filter(({ citations }) => citations.length > 0 === some),
  )

  for (const claim of carried ?? []) {
    const [citation] = claim.citations
    await select(claim.index)
    await expect(evidence).toContainText(`page ${citation?.page}`)
    await expect(evidence).toContainText('quoted exactly')
    // The span, cut out of the document here, is what the page marks, and what the model quoted.
    const whole: string = pages.pages.find((one: { page: number }) => one.page === citation?.page).text
    const span = whole.slice(citation?.start ?? 0, citation?.end ?? 0)
    const marked = evidence.getByRole('region', { name: 'Text of lease.pdf' }).locator('mark[data-active]')
    await expect(marked.first()).toBeInViewport()
    // Lines that the PDF broke are set as paragraphs, character for character.
    await expect
      .poll(async () => (await marked.allTextContents()).join('').replaceAll('\n', ' '))
      .toBe(span.replaceAll('\n', ' '))
    expect(span.replaceAll(/\s+/g, ' ')).toBe(citation?.quote.replaceAll(/\s+/g, ' '))
  }
  expect(carried?.length).toBeGreaterThan(1)
  // The lease is silent about parking: what is said of it has no passage, and the page says that plainly.
  expect(bare).toHaveLength(1)
  await select(bare?.[0]?.index ?? -1)
  await expect(evidence).toContainText('Nothing in the documents carries this')
  await expect(evidence.locator('mark')).toHaveCount(0)
  await expect(page).toHaveURL(new RegExp(`claim=${(bare?.[0]?.index ?? 0) + 1}$`))
  await expect(page.getByRole('main').getByRole('heading', { name: /^Automatic checks/ })).toContainText('1 failed')
})

test('arrow keys lead from claim to claim', async ({ page }) => {
  const job = await leaseReport(page)
  await page.goto(`/jobs/${job.number}`)
  const claims = page.getByRole('main').locator('[data-claim]')
  await claims.first().focus()
  await page.keyboard.press('ArrowDown')
  await expect(claims.nth(1)).toBeFocused()
  await expect(claims.nth(1)).toHaveAttribute('aria-pressed', 'true')
})

test('a field that the document does not state is said to be missing, never made up', async ({ page }) => {
  const { id, number } = await startJob(page, {
    workflow: 'extraction',
    input: { fields: 'Invoice number\nPurchase order number' },
    documents: [{ name: 'invoice.txt', text: 'Invoice number: NF-7\n\nTotal amount due: 12 euros' }],
  })
  await untilState(page, id, 'awaiting_review')
  await page.goto(`/jobs/${number}`)
  await expect(page.getByRole('button', { name: /NF-7.*1 passage quoted exactly/ })).toBeVisible()
  await expect(page.getByRole('main')).toContainText('Not stated in the documents')
})

test('the trace, the attempts and both lanes of the history can be read', async ({ page }) => {
  const job = await leaseReport(page)
  const [attempt] = job.attempts
  await page.goto(`/jobs/${job.number}`)

  const trace = await openTab(page, 'Trace')
  await expect(trace.getByRole('heading', { name: /^Reasoning, summarised/ })).toBeVisible()
  await expect(trace.getByRole('heading', { name: /^Search in files/ }).first()).toBeVisible()
  await expect(trace.getByRole('heading', { name: /^Message/ })).toBeVisible()

  const attempts = await openTab(page, 'Attempts')
  await expect(attempts).toContainText('OpenAI:completed')
  await expect(attempts.getByTitle(attempt?.responseId ?? 'none')).toBeVisible()
  await expect(attempts.getByTitle(attempt?.requestId ?? 'none')).toBeVisible()
  await expect(attempts).toContainText(`${attempt?.usage?.inputTokens.toLocaleString('en')}`)
  await expect(attempts).toContainText(/OpenAI’s copy/)

  const history = await openTab(page, 'History')
  await expect(history.getByText('Holdpoint: Dana Whitfield asked for the job.')).toHaveCount(1)
  await expect(history.getByText('OpenAI: Sent (attempt 1): queued')).toHaveCount(1)
  await expect(history.getByText(/^OpenAI: OpenAI finished attempt 1, by its own clock\./)).toHaveCount(1)
  for (const event of job.events) await expect(history.getByTitle(event.hash ?? 'no hash')).toHaveCount(1)

  const input = await openTab(page, 'Input')
  await expect(input).toContainText('Does a parking space belong to the flat?')
  await expect(input).toContainText('lease.pdf')
})

test('the hash of the payload is that of exactly the bytes that were received', async ({ page }) => {
  const job = await leaseReport(page)
  await page.goto(`/jobs/${job.number}`)
  const payload = page.getByRole('region', { name: 'Final payload, as received' })
  await expect(payload).toContainText(job.result?.hash ?? 'no hash')
  await expect(payload).toContainText(/OpenAI’s copy/)
  const download = page.waitForEvent('download')
  await payload.getByRole('link', { name: 'Download the payload' }).click()
  const bytes = fs.readFileSync(await (await download).path())
  expect(createHash('sha256').update(bytes).digest('hex')).toBe(job.result?.hash)
  expect(JSON.parse(bytes.toString('utf8')).id).toBe((await readJob(page, job.id)).attempts[0]?.responseId)
})

test('nobody reads the job of somebody else, unless their role says so', async ({ page, signInElsewhere }) => {
  const { number } = await startJob(page)
  const { page: stranger } = await signInElsewhere('requester', 'Sten Stranger')
  await stranger.goto(`/jobs/${number}`)
  await expect(stranger.getByRole('heading', { name: 'No such job', exact: true })).toBeAttached()
  await expect(stranger.getByRole('main')).not.toContainText('lease.md')
  const { page: support } = await signInElsewhere('support')
  await support.goto(`/jobs/${number}`)
  await expect(support.getByRole('heading', { name: new RegExp(`#${number}`) })).toBeVisible()
})
