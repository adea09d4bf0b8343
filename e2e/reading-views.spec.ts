import fs from 'node:fs'
import type { Page } from '@playwright/test'
import type { CreateJob } from '@/lib/jobs/view'
import { expect, expectAccessible, LOOKS, test, wear } from './fixtures'
import { LEASE, startJob, untilState } from './jobs'

test.beforeEach(({ signIn }) => signIn(['requester', 'reviewer']))

async function openResult(page: Page, ask: Partial<CreateJob>) {
  const { id } = await startJob(page, ask)
  const job = await untilState(page, id, 'awaiting_review')
  await page.goto(`/jobs/${job.number}`)
  return job
}

/** Selects each claim, and sees that the evidence beside it is its own. */
async function expectEvidence(page: Page, count: number) {
  expect(count).toBeGreaterThan(0)
  await expect(page.getByRole('main').locator('[data-claim]')).toHaveCount(count)
  for (let index = 0; index < count; index += 1) {
    await page.getByRole('main').locator(`[data-claim="${index}"]`).click()
    const evidence = page.getByRole('region', { name: `Evidence for ${index + 1} of ${count}` })
    await expect(evidence.locator('mark').first()).toBeVisible()
  }
}

async function expectGoodLooks(page: Page) {
  for (const look of LOOKS) {
    await test.step(look.name, async () => {
      await wear(page, look)
      await expectAccessible(page, look.rules)
      expect(
        await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth),
      ).toBe(true)
      if (process.env.HOLDPOINT_SHOTS) {
        const name = `${test.info().title.replace(/\W+/g, '-').slice(0, 30)}-${look.name.replace(/\W+/g, '-')}.png`
        await page.screenshot({ path: `${process.env.HOLDPOINT_SHOTS}/${name}`, fullPage: true })
      }
    })
  }
}

test('a draft reads as the letter that would leave, and what it states leads to its evidence', async ({ page }) => {
  const job = await openResult(page, {
    workflow: 'reply',
    title: 'Answer to Mr Reed',
    input: {
      message: 'When is the rent due? When is the deposit returned? Is there a swimming pool?',
      email: 'tom@reed.example',
      name: 'Mr Reed',
      tone: 'formal',
    },
  })
  const letter = page.getByRole('region', { name: 'The letter' })
  await expect(letter).toContainText('tom@reed.example')
  await expect(letter).toContainText('Your message: When is the rent due?')
  await expect(letter).toContainText('Dear Mr Reed,')
  await expect(page.getByRole('main')).toContainText('Is there a swimming pool? Nothing in the documents speaks of it.')
  await expectEvidence(page, job.evidence.length)
  await expectGoodLooks(page)
})

test('options stand with their reasons, the recommended one is marked, and nobody has chosen yet', async ({ page }) => {
  const job = await openResult(page, {
    workflow: 'recommendation',
    title: 'What to do with the lease',
    input: {
      question: 'What do we do with the flat?',
      options: 'End the lease\nAsk for the deposit\nBuild a sauna',
    },
    documents: [{ name: 'lease.md', text: `${LEASE}\n\nThe deposit earns interest.` }],
  })
  const main = page.getByRole('main')
  await expect(main.getByRole('heading', { name: 'End the lease' })).toBeVisible()
  await expect(main).toContainText('Nobody has chosen yet.')
  expect(job.result?.json).toMatchObject({ recommended: 'b', choice: null })
  await expect(main.getByText('Recommended', { exact: true })).toHaveCount(1)
  await expectEvidence(page, job.evidence.length)
  await expectGoodLooks(page)
})

test('a proposed change reads in rows and as the JSON that it is, with its grounds', async ({ page }) => {
  const job = await openResult(page, {
    workflow: 'action',
    title: 'Refund of order KC-90377',
    input: { request: 'Refund the damaged machine.', order: 'KC-90377' },
    documents: [
      { name: 'case.md', text: 'The machine arrived damaged. Refund would be 1,661.90 euros in total.' },
      { name: 'lease.md', text: LEASE },
    ],
  })
  const main = page.getByRole('main')
  await expect(main.getByRole('heading', { name: 'Proposed change' })).toBeVisible()
  await expect(main).toContainText('1,661.90 EUR')
  await expect(main).toContainText('"amount": 1661.9')
  await expectEvidence(page, job.evidence.length)
  await expectGoodLooks(page)
})

test('extracted fields are taken into a spreadsheet, and no formula with them', async ({ page }) => {
  const job = await openResult(page, {
    workflow: 'extraction',
    title: 'Fields of an invoice',
    input: { fields: 'Invoice number\nPurchase order number\nRemark' },
    documents: [{ name: 'invoice.txt', text: 'Invoice number: NF-7\n\nRemark: =HYPERLINK("https://evil.example")' }],
  })
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Download CSV' }).click()
  const file = await download
  expect(file.suggestedFilename()).toBe(`job-${job.number}-fields.csv`)
  const csv = fs.readFileSync(await file.path(), 'utf8')
  expect(csv.split('\r\n')[0]).toBe('\ufeffField,Value,Note,Evidence,Sources,Quotes')
  expect(csv).toContain('Invoice number,NF-7,,1 passage quoted exactly,')
  expect(csv).toContain('Purchase order number,,not found in the documents,')
  expect(csv).toMatch(/^Remark,"'=HYPERLINK\(""/m)
  await expectGoodLooks(page)
})
