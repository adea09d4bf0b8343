import fs from 'node:fs'
import type { Page } from '@playwright/test'
import { PDFDocument } from 'pdf-lib'
import { expect, test } from './fixtures'
import { QUESTION, readJob, standing, untilState } from './jobs'

const LINE = 'The rent is due on the third working day.'

const question = (page: Page) => page.getByRole('textbox', { name: /^Question/ })
const documents = (page: Page) => page.getByRole('list', { name: 'Documents of this job' })
const start = (page: Page) => page.getByRole('button', { name: 'Start job' })

const text = (name: string, content = LINE) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(content) })
const sample = (name: string, mimeType: string) => ({
  name,
  mimeType,
  buffer: fs.readFileSync(`public/samples/${name}`),
})

type File = { name: string; mimeType: string; buffer: Buffer }

async function choose(page: Page, files: File[] | string) {
  const chooser = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: 'Choose files' }).click()
  await (await chooser).setFiles(files)
}

async function jobsOf(page: Page): Promise<number> {
  return (await (await page.request.get('/api/v1/jobs?mine=true')).json()).total
}

test.beforeEach(async ({ page, signIn }) => {
  await signIn(['requester', 'reviewer'])
  await page.goto('/jobs/new?workflow=report')
  await expect(page.getByRole('radio', { name: 'Report' })).toBeChecked()
})

test('a person asks over a PDF, a Word file and Markdown, and lands on the job', async ({ page }) => {
  await question(page).fill(QUESTION)
  await choose(page, [
    sample('lease.pdf', 'application/pdf'),
    sample('invoice.docx', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'),
    sample('support-thread.md', 'text/markdown'),
  ])
  await expect(documents(page).getByText(/3 pages · [\d,]+ characters/)).toBeVisible()
  await expect(documents(page).getByText(/characters/)).toHaveCount(3)
  await page.getByRole('textbox', { name: 'Title' }).fill('Three kinds of files')
  await page.getByRole('textbox', { name: 'Reference' }).fill('CASE-7')
  await start(page).click()

  await expect(page).toHaveURL(/\/jobs\/\d+$/)
  const number = page.url().split('/').at(-1) ?? ''
  await expect(page.getByRole('heading', { name: `#${number} Three kinds of files` })).toBeVisible()
  const job = await untilState(page, number, 'awaiting_review')
  expect(job.documents.map(({ name, pages }) => [name, pages])).toEqual([
    ['lease.pdf', 3],
    ['invoice.docx', null],
    ['support-thread.md', null],
  ])
  expect(job).toMatchObject({ title: 'Three kinds of files', reference: 'CASE-7', input: { question: QUESTION } })
  await expect(standing(page, 'awaiting_review')).toBeVisible()
})

test.describe('with files that cannot be used', () => {
  test.use({ expectedErrors: [/status of (422|413)/] })

  test('each gets its sentence, and nothing that was typed is lost', async ({ page }, testInfo) => {
    const big = testInfo.outputPath('too-big.txt')
    fs.writeFileSync(big, Buffer.alloc(20 * 1024 * 1024 + 1, 'a'))
    const scan = await PDFDocument.create()
    scan.addPage().drawRectangle({ x: 10, y: 10, width: 100, height: 100 })
    // What Office writes around a document with a password: a compound file that holds an "EncryptedPackage".
    const header = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, ...new Uint8Array(600)]
    const locked = Buffer.concat([Buffer.from(header), Buffer.from('EncryptedPackage', 'utf16le')])

    await question(page).fill(QUESTION)
    await page.getByRole('textbox', { name: 'Title' }).fill('Kept as it was typed')
    await choose(page, [
      { name: 'scan.pdf', mimeType: 'application/pdf', buffer: Buffer.from(await scan.save()) },
      { name: 'locked.docx', mimeType: '', buffer: locked },
      text('empty.txt', ''),
      { ...sample('lease.pdf', 'text/plain'), name: 'mislabelled.txt' },
      text('good.txt'),
    ])
    await choose(page, big)
    const list = documents(page)
    await expect(list).toContainText('scan.pdf has no text, only pictures of its pages: it is probably a scan.')
    await expect(list).toContainText('locked.docx is locked with a password.')
    await expect(list).toContainText('empty.txt is empty.')
    await expect(list).toContainText('mislabelled.txt is named .txt, but it is a PDF.')
    await expect(list).toContainText('too-big.txt has 20 MB, and a file may have at most 20 MB.')
    fs.rmSync(big)
    await expect(list).toContainText('41 characters')

    await start(page).click()
    const summary = page.getByRole('alert').filter({ hasText: '5 things stand in the way' })
    await expect(summary).toContainText('scan.pdf cannot be used. Remove it from the list.')
    expect(await jobsOf(page)).toBe(0)
    await expect(question(page)).toHaveValue(QUESTION)
    await expect(page.getByRole('textbox', { name: 'Title' })).toHaveValue('Kept as it was typed')

    await page.getByRole('button', { name: 'Remove the 5 that cannot be used' }).click()
    await start(page).click()
    await expect(page.getByRole('heading', { name: /Kept as it was typed/ })).toBeVisible()
  })
})

test('sending twice makes one job', async ({ page }) => {
  await question(page).fill(QUESTION)
  await choose(page, [text('a.txt')])
  await expect(page.getByText('Ready to start.')).toBeVisible()
  await start(page).dblclick()
  await expect(page).toHaveURL(/\/jobs\/\d+$/)
  expect(await jobsOf(page)).toBe(1)
})

test('what the server finds wrong is mended without losing a key', async ({ page }) => {
  await question(page).fill(QUESTION)
  await choose(page, [text('a.txt')])
  const title = page.getByRole('textbox', { name: 'Title' })
  await title.fill('As typed')
  await page.getByRole('textbox', { name: 'Reference' }).fill('CASE-8')
  await page.route('**/jobs/new*', (route) => {
    const sent = route.request().postData() ?? ''
    const wrong = sent.replace('"As typed"', `"${'x'.repeat(301)}"`).replace('"CASE-8"', `"${'x'.repeat(201)}"`)
    return route.continue(route.request().method() === 'POST' ? { postData: wrong } : {})
  })
  await start(page).click()
  const summary = page.getByRole('alert').filter({ hasText: 'in the way' })
  await expect(summary).toContainText('2 things stand in the way')
  await title.press('End')
  await page.keyboard.type(' and mended')
  await expect(title).toHaveValue('As typed and mended')
  await expect(summary).toContainText('One thing stands in the way')
})

test.describe('with an answer that never came', () => {
  test.use({ expectedErrors: [/ERR_FAILED/] })

  test('sending again makes one job, and sending something else is asked about', async ({ page }) => {
    await question(page).fill('Was it taken?')
    await choose(page, [text('a.txt')])
    await expect(page.getByText('Ready to start.')).toBeVisible()
    let isFirst = true
    await page.route('**/jobs/new*', async (route) => {
      if (route.request().method() !== 'POST' || !isFirst) return route.continue()
      isFirst = false
      // It reaches the server, and its answer is lost.
      await route.fetch()
      await route.abort()
    })
    await start(page).click()
    await expect(page.getByRole('alert').filter({ hasText: 'No answer came' })).toBeVisible()
    expect(await jobsOf(page)).toBe(1)

    await question(page).fill('Was it taken, and changed since?')
    await start(page).click()
    await expect(page.getByText('This form was sent before')).toBeVisible()
    expect(await jobsOf(page)).toBe(1)

    await question(page).fill('Was it taken?')
    await start(page).click()
    await expect(page).toHaveURL(/\/jobs\/\d+$/)
    expect(await jobsOf(page)).toBe(1)
  })
})

test('more text than the model takes is refused before anything is paid', async ({ page, sandboxCounters }) => {
  const before = Object.keys((await sandboxCounters()).jobs)
  await question(page).fill(QUESTION)
  await choose(page, [text('huge.txt', 'word '.repeat(90_000)), text('small.txt')])
  await expect(documents(page)).toContainText('450,000 characters')
  await start(page).click()
  await expect(page.getByRole('alert').filter({ hasText: 'huge.txt (450,000)' })).toBeVisible()
  expect(await jobsOf(page)).toBe(0)

  // Whoever goes round the form is told the same.
  const answer = await page.request.post('/api/v1/jobs', {
    data: {
      workflow: 'report',
      input: { question: QUESTION },
      documents: [{ name: 'huge.txt', text: 'word '.repeat(90_000) }],
    },
  })
  expect(answer.status()).toBe(422)
  expect((await answer.json()).errors[0].detail).toContain('huge.txt (450,000)')
  expect(await jobsOf(page)).toBe(0)
  const now = await sandboxCounters()
  expect(now.creates.total).toBe(Object.values(now.jobs).reduce((sum, times) => sum + times, 0))
  expect(Object.keys(now.jobs).length).toBeGreaterThanOrEqual(before.length)
})

test('what is missing is said in one place, each line leads to its field', async ({ page }) => {
  await start(page).click()
  const summary = page.getByRole('alert').filter({ hasText: '2 things stand in the way' })
  await summary.getByRole('button', { name: 'Question is missing' }).click()
  await expect(question(page)).toBeFocused()
  await expect(question(page)).toHaveAttribute('aria-invalid', 'true')
  await question(page).fill('x')
  await expect(page.getByRole('alert').filter({ hasText: 'One thing stands in the way' })).toBeVisible()
  await page.getByRole('alert').getByRole('button', { name: 'Add a document' }).click()
  await expect(page.getByRole('button', { name: 'Choose files' })).toBeFocused()
})

test('a reload keeps the draft with its documents, until somebody starts over', async ({ page }) => {
  await question(page).fill('Kept?')
  await choose(page, [text('kept.txt')])
  await expect(documents(page)).toContainText('41 characters')
  await page.reload()
  await expect(question(page)).toHaveValue('Kept?')
  await expect(documents(page)).toContainText('kept.txt')
  await page.getByRole('button', { name: 'Start over' }).click()
  await expect(question(page)).toHaveValue('')
  await page.reload()
  await expect(page.getByRole('button', { name: 'Start job' })).toBeEnabled()
  await expect(question(page)).toHaveValue('')
})

test('files are dropped anywhere on the page, and text is pasted', async ({ page }) => {
  const data = await page.evaluateHandle(() => {
    const transfer = new DataTransfer()
    transfer.items.add(new File(['Dropped words'], 'dropped.md', { type: 'text/markdown' }))
    return transfer
  })
  await page.dispatchEvent('main', 'dragenter', { dataTransfer: data })
  await expect(page.getByText('Let go to add the files')).toBeVisible()
  await page.dispatchEvent('main', 'drop', { dataTransfer: data })
  await expect(documents(page)).toContainText('13 characters')

  await page.getByRole('button', { name: 'Paste text' }).click()
  await page.getByRole('textbox', { name: /^Text/ }).fill('Pasted words')
  await page.getByRole('textbox', { name: 'Name of the document' }).fill('Call')
  await page.getByRole('button', { name: 'Add as a document' }).click()
  await expect(documents(page)).toContainText('Call.txt')
  await expect(documents(page)).toContainText('12 characters')

  await question(page).fill(QUESTION)
  await question(page).press('Control+Enter')
  await expect(page).toHaveURL(/\/jobs\/\d+$/)
  const job = await readJob(page, page.url().split('/').at(-1) ?? '')
  expect(job.documents.map(({ name }) => name)).toEqual(['dropped.md', 'Call.txt'])
})

test.describe('without a network', () => {
  test.use({ expectedErrors: [/ERR_INTERNET_DISCONNECTED/] })

  test('the form says so, keeps everything, and sends the files by itself when it is back', async ({
    page,
    context,
  }) => {
    await question(page).fill('Off?')
    await context.setOffline(true)
    await expect(page.getByText('You are offline', { exact: true })).toBeVisible()
    await choose(page, [text('off.txt')])
    await expect(documents(page)).toContainText('did not get through')
    await context.setOffline(false)
    await expect(documents(page)).toContainText('41 characters')
    await expect(question(page)).toHaveValue('Off?')
  })
})

test('leaving while a file is on its way asks first', async ({ page }) => {
  await page.route('**/api/v1/documents?*', () => {})
  await choose(page, [text('slow.txt')])
  await expect(page.getByRole('progressbar', { name: 'Upload of slow.txt' })).toBeVisible()
  await page.getByRole('link', { name: 'Jobs', exact: true }).click()
  await expect(page.getByRole('alertdialog')).toContainText('slow.txt would not be added')
  await page.getByRole('button', { name: 'Stay here' }).click()
  await expect(page).toHaveURL(/\/jobs\/new/)
  await page.getByRole('button', { name: 'Cancel the upload of slow.txt' }).click()
  await expect(documents(page)).toBeHidden()
})

test('a person who may not start jobs is told so', async ({ signInElsewhere }) => {
  const { page } = await signInElsewhere('support')
  await page.goto('/jobs/new')
  await expect(page.getByRole('heading', { name: 'You may not start jobs' })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Start job' })).toBeHidden()
})
