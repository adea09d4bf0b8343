import { readFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import { expect, expectLooks, test } from './fixtures'
import { LEASE, QUESTION, startJob, untilState } from './jobs'

/** Tests share a database: each works with a workflow of its own, made from a built-in one. */
async function ownWorkflow(page: Page, key: string): Promise<string> {
  await page.goto('/workflows/report?view=file')
  const download = page.waitForEvent('download')
  await page.getByRole('link', { name: 'Download' }).click()
  const file = await readFile(await (await download).path(), 'utf8')
  return file.replace('key: report\n', `key: ${key}\n`).replace('name: Report\n', `name: ${nameOf(key)}\n`)
}

const nameOf = (key: string) => `Audit ${key.slice(-5)}`
const newKey = () => `audit-${Date.now().toString(36)}`

/** Chooses `text` as a file on the page for imports. */
async function give(page: Page, text: string) {
  await page.setInputFiles('input[type=file]', {
    name: 'workflow.yaml',
    mimeType: 'application/yaml',
    buffer: Buffer.from(text),
  })
}

async function publish(page: Page, text: string, note: string): Promise<void> {
  await page.goto('/workflows/import')
  await give(page, text)
  await page.getByRole('textbox', { name: /What changed/ }).fill(note)
  await page.getByRole('button', { name: /^Publish version/ }).click()
  await expect(page).toHaveURL(/\/workflows\/[\w-]+\?version=\d+$/)
}

test('a lead takes a workflow out, changes a line, publishes it, and a job runs under it', async ({ page, signIn }) => {
  await signIn(['lead', 'requester'], 'Lena Lead')
  const key = newKey()
  const text = await ownWorkflow(page, key)

  await page.goto('/workflows')
  await page.getByRole('link', { name: 'Import a file' }).click()
  await give(page, text)
  await expect(page.getByRole('heading', { name: `A new workflow: ${nameOf(key)}` })).toBeVisible()
  await page.getByRole('textbox', { name: /What changed/ }).fill('For the audit.')
  await page.getByRole('button', { name: 'Publish version 1' }).click()
  await expect(page).toHaveURL(`/workflows/${key}?version=1`)
  await expect(page.getByRole('region', { name: 'Versions' })).toContainText('by Lena Lead')

  await page.getByRole('link', { name: 'Change' }).click()
  const area = page.getByRole('textbox', { name: 'The workflow, as YAML' })
  await expect(page.getByText('Nothing changes: version 1 is this.')).toBeVisible()
  const exported = await area.inputValue()
  await area.fill(exported.replace('approvals: 1', 'approvals: two').replace('  factor: 2', '  facter: 2'))
  const problems = page.getByRole('region', { name: '2 problems' })
  await expect(problems).toContainText('"approvals" of "review" must be a number, and is "two".')
  await expect(problems).toContainText('Did you mean "factor"?')
  await expect(page.getByRole('button', { name: /^Publish/ })).toBeHidden()
  await problems.getByRole('button', { name: /approvals/ }).click()
  const selected = await area.evaluate((node: HTMLTextAreaElement) =>
    node.value.slice(node.selectionStart, node.selectionEnd),
  )
  expect(selected).toBe('  approvals: two')

  await area.fill(exported.replace('Never fill a gap with a guess.', 'Say what is not there.'))
  await page.getByRole('textbox', { name: /What changed/ }).fill('No guesses.')
  await area.fill(exported.replace('Never fill a gap with a guess.', 'Say what is missing.'))
  const change = page.getByRole('region', { name: 'Instructions' })
  await expect(change).toContainText('removed: only if everything was answered. Never fill a gap with a guess.')
  await expect(change).toContainText('added: only if everything was answered. Say what is missing.')
  await expect(page.getByRole('textbox', { name: /What changed/ })).toHaveValue('No guesses.')
  await page.getByRole('button', { name: 'Publish version 2' }).click()
  await expect(page).toHaveURL(`/workflows/${key}?version=2`)
  await expect(page.getByRole('region', { name: 'Instructions' })).toContainText('Say what is missing.')
  await page.getByRole('link', { name: 'Compare version 1 with this one' }).click()
  await expect(page.getByRole('heading', { name: 'From version 1 to version 2' })).toBeVisible()
  await expect(page.getByRole('region', { name: 'Instructions' })).toContainText('added: only if')

  await page.goto('/jobs/new')
  await page.getByRole('radio', { name: nameOf(key) }).check()
  await page.getByRole('textbox', { name: /^Question/ }).fill(QUESTION)
  await page.getByRole('button', { name: 'Paste text' }).click()
  await page.getByRole('textbox', { name: /^Text/ }).fill(LEASE)
  await page.getByRole('button', { name: 'Add as a document' }).click()
  await expect(page.getByRole('list', { name: 'Documents of this job' })).toContainText(/\d characters/)
  await page.getByRole('button', { name: 'Start job' }).click()
  await expect(page).toHaveURL(/\/jobs\/\d+$/)
  const number = page.url().split('/').at(-1)
  await page.getByRole('link', { name: `${nameOf(key)} v2` }).click()
  await expect(page).toHaveURL(`/workflows/${key}?version=2`)
  await page.getByRole('link', { name: /^one job/ }).click()
  await expect(page).toHaveURL(`/jobs?workflow=${key}&version=2`)
  await expect(
    page.getByRole('link', { name: new RegExp(`#?${number}|${QUESTION.slice(0, 12)}`) }).first(),
  ).toBeVisible()
  await page.goto(`/jobs?workflow=${key}&version=1`)
  await expect(page.getByRole('heading', { name: 'No job matches these filters' })).toBeVisible()
})

test('a lead retires a workflow, jobs under way go on, and it is brought back', async ({ page, signIn }) => {
  await signIn(['lead', 'requester'])
  const key = newKey()
  await publish(page, await ownWorkflow(page, key), 'To be retired.')
  const job = await startJob(page, { workflow: key, rehearsal: { behaviour: 'none', seconds: 3 } })

  await page.goto(`/workflows/${key}`)
  await page.getByRole('button', { name: 'Retire…' }).click()
  const dialog = page.getByRole('alertdialog', { name: `Retire ${nameOf(key)}?` })
  await expect(dialog).toContainText('No new jobs start with it')
  await expect(dialog).toContainText('The one job that is under way goes on')
  await dialog.getByRole('button', { name: 'Retire', exact: true }).click()
  await expect(page.getByText(/no new jobs start with it\.$/)).toBeVisible()

  const refused = await page.request.post('/api/v1/jobs', {
    data: { workflow: key, input: { question: QUESTION }, documents: [{ name: 'lease.md', text: LEASE }] },
  })
  expect(refused.status()).toBe(422)
  expect(await refused.text()).toContain('is retired: no new jobs start with it')
  await page.goto('/jobs/new')
  await expect(page.getByRole('radio', { name: 'Report' })).toBeVisible()
  await expect(page.getByRole('radio', { name: nameOf(key) })).toBeHidden()
  await untilState(page, job.id, 'awaiting_review')
  await page.goto('/workflows')
  await expect(page.getByRole('table', { name: 'Retired workflows' })).toContainText(nameOf(key))

  await page.goto(`/workflows/${key}`)
  await page.getByRole('button', { name: 'Bring back' }).click()
  await expect(page.getByRole('button', { name: 'Retire…' })).toBeVisible()
  await startJob(page, { workflow: key })
})

test('whoever publishes over somebody else’s change is told, and sees it compared anew', async ({
  page,
  signIn,
  signInElsewhere,
}) => {
  await signIn('lead')
  const key = newKey()
  const text = await ownWorkflow(page, key)
  await publish(page, text, 'First.')
  await page.goto('/workflows/import')
  await give(page, text.replace('maxAttempts: 4', 'maxAttempts: 5'))
  await expect(page.getByRole('region', { name: 'Retry: max attempts' })).toBeVisible()

  const { page: theirs } = await signInElsewhere('lead')
  await publish(theirs, text.replace('dueHours: 24', 'dueHours: 48'), 'Longer.')

  await page.getByRole('button', { name: 'Publish version 2' }).click()
  await expect(page.getByRole('alert').filter({ hasText: 'Version 2 of' })).toContainText('in the meantime')
  await expect(page.getByRole('region', { name: 'Review: due hours' })).toBeVisible()
  await page.getByRole('button', { name: 'Publish version 3' }).click()
  await expect(page).toHaveURL(`/workflows/${key}?version=3`)
})

test('a reviewer reads workflows but cannot change them, and a requester sees none', async ({
  page,
  signIn,
  signInElsewhere,
}) => {
  await signIn('reviewer')
  await page.goto('/workflows')
  await page.getByRole('main').getByRole('link', { name: 'Digest', exact: true }).click()
  await expect(page.getByRole('region', { name: 'Policy' })).toContainText('Nobody, once every check passes')
  await expect(page.getByRole('button', { name: 'Retire…' })).toBeHidden()
  const answer = await page.request.get('/api/v1/workflows/digest')
  expect(await answer.json()).toMatchObject({
    key: 'digest',
    retiredAt: null,
    versions: [{ version: 1, author: null }],
  })
  await page.goto('/workflows/import')
  await expect(page.getByRole('heading', { name: 'This page is for leads and owners' })).toBeVisible()

  const { page: theirs } = await signInElsewhere('requester')
  await theirs.goto('/workflows/report')
  await expect(theirs.getByRole('heading', { name: 'This page is for those who see every job' })).toBeVisible()
  await expect(theirs.getByRole('link', { name: 'Workflows' })).toBeHidden()
  expect((await theirs.request.get('/api/v1/workflows/report')).status()).toBe(403)
})

test('the pages about workflows in every look', async ({ page, signIn }) => {
  await signIn(['lead', 'requester'])
  const refund = await readFile('docs/examples/refund.yaml', 'utf8')
  const key = newKey()
  const text = refund.replace('key: refund\n', `key: ${key}\n`)
  await publish(page, text, 'From the examples.')
  await expectLooks(page, 'workflow')
  await page.goto(`/workflows/${key}?view=file`)
  await expectLooks(page, 'workflow file')
  await page.goto('/workflows/import')
  await expectLooks(page, 'workflow import empty')
  await give(page, text.replace('risk: write', 'risk: writes').replace('instructions:', 'instructoins:'))
  await expect(page.getByRole('region', { name: '2 problems' })).toBeVisible()
  await expectLooks(page, 'workflow import problems')
  await give(page, text.replace('approvals: 1', 'approvals: 2').replace('timeoutSeconds: 10', 'timeoutSeconds: 20'))
  await expect(page.getByRole('button', { name: 'Publish version 2' })).toBeVisible()
  await expectLooks(page, 'workflow import preview')
  await page.getByRole('button', { name: 'Publish version 2' }).click()
  await expect(page).toHaveURL(/version=2$/)
  await page.goto(`/workflows/${key}?version=2&compare=1`)
  await expectLooks(page, 'workflow compare')
  await page.goto(`/workflows/${key}`)
  await page.getByRole('button', { name: 'Retire…' }).click()
  await expect(page.getByRole('alertdialog')).toBeVisible()
  await expectLooks(page, 'workflow retire')
  await page.getByRole('alertdialog').getByRole('button', { name: 'Retire', exact: true }).click()
  await expect(page.getByRole('button', { name: 'Bring back' })).toBeVisible()
  await page.goto('/workflows')
  await expectLooks(page, 'workflows')
})
