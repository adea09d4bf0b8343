import type { Locator, Page } from '@playwright/test'
import { readRecommendation } from '@/components/job/result/result-shapes'
import type { CreateJob, JobView } from '@/lib/jobs/view'
import { builtins } from '@/lib/workflows/builtin'
import { publish } from '@/lib/workflows/store.server'
import { expect, expectAccessible, LOOKS, test, wear } from './fixtures'
import { jobToDecide, LEASE, readJob, startJob, untilState } from './jobs'

/** Opens the desk with this job on it, and waits until it can be decided on. */
async function openDesk(page: Page, job: { number: number; title: string }, search = '') {
  await page.goto(`/review/${job.number}${search}`)
  await expect(heading(page, job)).toBeVisible()
  await expect(bar(page)).toBeVisible()
}

const heading = (page: Page, { number }: { number: number }) =>
  page.getByRole('heading', { level: 1, name: new RegExp(`^#${number}\\b`) })
const bar = (page: Page) => page.getByRole('region', { name: 'Decide' })
const dialogOf = (page: Page) => page.getByRole('dialog', { name: / #\d+$/ })
const evidence = (page: Page) => page.getByRole('region', { name: /^Evidence/ })

/** Presses a key once the page listens: it is ready when its buttons are. */
async function decideByKey(page: Page, key: string): Promise<Locator> {
  await page.keyboard.press(key)
  const dialog = dialogOf(page)
  await expect(dialog).toBeVisible()
  return dialog
}

/** Somebody else edits the result, while it is on the desk of another. */
async function reviseElsewhere(page: Page, job: JobView) {
  const text = JSON.stringify({ ...(job.result?.json as object), summary: 'Ben wrote this summary.' })
  const answer = await page.request.post(`/api/v1/jobs/${job.id}/commands`, {
    data: { command: 'revise', resultHash: job.result?.hash, params: { text } },
  })
  expect(answer.status(), await answer.text()).toBe(200)
}

const extraction: Partial<CreateJob> = {
  workflow: 'extraction',
  input: { fields: 'Monthly rent\nDay the rent is due\nNotice period\nDeposit' },
}

async function fieldsToDecide(page: Page, title: string): Promise<JobView> {
  return jobToDecide(page, { ...extraction, title })
}

const approving = (job: JobView) => job.reviews.at(-1)?.decisions.map(({ command }) => command)

test('a reviewer claims an item, marks its claims, revises it and approves the revision', async ({ page, signIn }) => {
  const { name } = await signIn(['requester', 'reviewer'], 'Mara Reviewer')
  const job = await jobToDecide(page)
  await openDesk(page, job)

  await page.keyboard.press('c')
  await expect(page.getByRole('main').getByText('You hold it.')).toBeVisible()
  expect((await readJob(page, job.id)).reviews[0]?.claims.map(({ by }) => by.name)).toEqual([name])

  // The automatic finding comes first, then what the reviewer finds.
  await expect(evidence(page)).toContainText('quoted exactly')
  await page.keyboard.press('1')
  const supported = evidence(page).getByRole('button', { name: /^Supported/ })
  await expect(supported).toHaveAttribute('aria-pressed', 'true')
  await expect
    .poll(async () => (await readJob(page, job.id)).reviews[0]?.marks.map(({ verdict }) => verdict))
    .toEqual(['supported'])
  await page.keyboard.press('1')
  await expect(supported).toHaveAttribute('aria-pressed', 'false')
  await expect.poll(async () => (await readJob(page, job.id)).reviews[0]?.marks).toEqual([])
  await page.keyboard.press('2')
  await expect
    .poll(async () => (await readJob(page, job.id)).reviews[0]?.marks.map(({ verdict }) => verdict))
    .toEqual(['contradicted'])
  await expect(page.getByText('You: contradicted').first()).toBeVisible()

  await page.keyboard.press('e')
  const editor = dialogOf(page)
  const keep = editor.getByRole('button', { name: 'Keep and approve…' })
  await expect(keep).toBeDisabled()
  await editor.getByRole('textbox', { name: /^Summary/i }).fill('The rent is 740 euros a month.')
  await expect(editor).toContainText('1 field changed')
  await keep.click()

  const approve = page.getByRole('dialog', { name: `Approve #${job.number}` })
  await expect(approve).toBeVisible()
  const revised = await readJob(page, job.id)
  expect(revised.result).toMatchObject({ revision: 1, editedBy: { name } })
  expect(revised.result?.hash).not.toBe(job.result?.hash)
  await expect(approve).toContainText(revised.result?.hash ?? 'no hash')
  await approve
    .getByRole('button', { name: /^Approve( and stay)?$/ })
    .first()
    .click()
  const done = await untilState(page, job.id, 'completed')
  expect(done.reviews[0]?.decisions[0]).toMatchObject({ command: 'approve', resultHash: revised.result?.hash })
})

test('a passage shows the claims that rest on it, and a claim the step that found it', async ({ page, signIn }) => {
  await signIn(['requester', 'reviewer'])
  const job = await jobToDecide(page)
  await openDesk(page, job)
  const marked = evidence(page).locator('mark[data-active]').first()
  await expect(marked).toBeInViewport()
  await marked.click()
  await expect(evidence(page)).toContainText('The marked passage carries')
  await expect(evidence(page).getByRole('button', { name: 'claim 1', exact: true })).toBeVisible()
  await evidence(page)
    .getByText(/in step \d+ of the trace/)
    .click()
  await expect(evidence(page).getByRole('link', { name: 'The whole trace' })).toBeVisible()
})

test('a reviewer requests changes from the desk, and the next item comes', async ({ page, signIn }) => {
  await signIn(['requester', 'reviewer'])
  const unique = `Changes ${Date.now()}`
  const job = await jobToDecide(page, { title: `${unique} wanted` })
  const other = await fieldsToDecide(page, `${unique} not wanted`)
  // Among its own: whoever opened what another test decides on would be seen there.
  await openDesk(page, job, `?q=${encodeURIComponent(unique)}`)
  const dialog = await decideByKey(page, 'r')
  const guidance = dialog.getByRole('textbox', { name: 'What should be different' })
  await expect(guidance).toBeFocused()
  await dialog.getByRole('button', { name: 'Request changes and next' }).click()
  await expect(dialog).toContainText('Say what should be different')
  await guidance.fill('Name the amount first.')
  const sent = Promise.withResolvers<void>()
  await page.route('**/review/**', async (route) => {
    if ('next-action' in route.request().headers()) await sent.promise
    await route.continue()
  })
  await dialog.getByRole('button', { name: 'Request changes and next' }).click()
  // On its way, it cannot be called back, and no key or button looks as if it could.
  await expect(dialog.getByRole('button', { name: 'Cancel' })).toBeDisabled()
  await page.keyboard.press('Escape')
  await expect(dialog).toBeVisible()
  sent.resolve()
  await expect(dialog).toBeHidden()
  await expect(heading(page, other)).toBeVisible()
  const again = await untilState(page, job.id, 'awaiting_review')
  expect(again).toMatchObject({ guidance: 'Name the amount first.', attemptCount: 2 })

  await page.goto(`/review/${job.number}`)
  await page.getByRole('link', { name: 'What changed since the last attempt' }).click()
  await expect(page).toHaveURL(`/jobs/${job.number}/compare`)
  expect(other.state).toBe('awaiting_review')
})

test.describe('two reviewers', () => {
  test.use({ expectedErrors: [/409/] })

  test('what another decided waits for a look, and the typed note is kept', async ({
    page,
    signIn,
    signInElsewhere,
  }) => {
    await signIn(['requester', 'reviewer'], 'Ada First')
    const job = await jobToDecide(page)
    const { page: elsewhere } = await signInElsewhere('reviewer', 'Ben Second')
    await openDesk(page, job)
    const dialog = await decideByKey(page, 'b')
    await dialog.getByRole('textbox', { name: 'Reason' }).fill('It names the wrong party.')

    await reviseElsewhere(elsewhere, job)
    await dialog
      .getByRole('button', { name: /^Abandon( and next)?$/ })
      .last()
      .click()
    await expect(dialog).toContainText('Ben Second edited the result')
    await expect(dialog).toContainText('It names the wrong party.')
    expect((await readJob(page, job.id)).state).toBe('awaiting_review')
    await dialog.getByRole('button', { name: 'Decide on the new state' }).click()
    await expect(dialog.getByRole('textbox', { name: 'Reason' })).toHaveValue('It names the wrong party.')
    await dialog.getByRole('button', { name: 'Close' }).click()
    await expect(page.getByText('This changed while you read')).toBeHidden()
  })

  test('a result is never swapped under a reader', async ({ page, signIn, signInElsewhere }) => {
    await signIn(['requester', 'reviewer'], 'Ada First')
    const job = await jobToDecide(page)
    const { page: elsewhere } = await signInElsewhere('reviewer', 'Ben Second')
    await openDesk(page, job)
    await reviseElsewhere(elsewhere, job)
    await expect(page.getByText('This changed while you read')).toBeVisible()
    await expect(page.getByText('Ben wrote this summary.')).toBeHidden()
    await page.getByRole('button', { name: 'Look at it as it is now' }).click()
    await expect(page.getByText('Ben wrote this summary.')).toBeVisible()
    await expect(page.getByText('This changed while you read')).toBeHidden()
  })

  test('each sees that the other looks, and who holds it', async ({ page, signIn, signInElsewhere }) => {
    await signIn(['requester', 'reviewer'], 'Ada First')
    const job = await jobToDecide(page)
    const { page: elsewhere } = await signInElsewhere('reviewer', 'Ben Second')
    await openDesk(elsewhere, job)
    await elsewhere.keyboard.press('c')
    await expect(elsewhere.getByRole('main').getByText('You hold it.')).toBeVisible()
    await openDesk(page, job)
    await expect(page.getByText('Ben Second looks at it too')).toBeVisible()
    await expect(page.getByText(/Ben Second holds it/)).toBeVisible()
    await page.keyboard.press('c')
    await expect(page.getByRole('alert').filter({ hasText: 'Ben Second works on it' })).toBeVisible()
  })
})

test('a letter is read to the letter before it is approved, and can be taken back for a while', async ({
  page,
  db,
  signIn,
}) => {
  await signIn(['requester', 'reviewer'])
  const reply = builtins.find(({ key }) => key === 'reply')
  if (reply === undefined) throw new Error('there is a workflow for replies')
  // Longer than the ten seconds of the product's own, which a busy machine needs for the steps in between.
  await publish(db, { ...reply, key: 'reply-with-time', review: { ...reply.review, undoSeconds: 120 } })
  const job = await jobToDecide(page, {
    workflow: 'reply-with-time',
    title: 'Answer to Mr Reed',
    input: { message: 'When is the rent due?', email: 'tom@reed.example', name: 'Mr Reed', tone: 'formal' },
  })
  await openDesk(page, job)
  await expect(page.getByText('Sent by e-mail to tom@reed.example')).toBeVisible()
  let letGo = () => {}
  const held = new Promise<void>((resolve) => {
    letGo = resolve
  })
  await page.route('**/leaving?*', async (route) => {
    await held
    await route.continue()
  })
  const dialog = await decideByKey(page, 'a')
  const approve = dialog.getByRole('button', { name: /^Approve( and stay)?$/ }).first()
  // Nobody approves what is not there to be read yet: the button says so, and keeps the focus until it is.
  await expect(dialog).toContainText('Reading what leaves…')
  await expect(approve).toBeDisabled()
  letGo()
  const leaves = dialog.getByRole('region', { name: 'What leaves' })
  await expect(leaves).toContainText('tom@reed.example')
  await expect(leaves).toContainText('Dear Mr Reed,')
  await expect(leaves).toContainText(job.reviews[0]?.delivery?.bytesHash ?? 'no hash')
  await expect(leaves).toContainText('No mail server is set up, so nothing leaves by e-mail')
  if ((job.reviews[0]?.doubtful.length ?? 0) > 0) await dialog.getByRole('textbox', { name: 'Note' }).fill('Read it.')
  await approve.click()
  await expect(bar(page)).toContainText(`Approved #${job.number}`)
  await page.keyboard.press('u')
  await expect(page.getByText(/#\d+: Taken back\./)).toBeVisible()
  await untilState(page, job.id, 'awaiting_review')
})

test('a choice among options is one press and a confirmation', async ({ page, signIn }) => {
  const { name } = await signIn(['requester', 'reviewer'])
  const job = await jobToDecide(page, {
    workflow: 'recommendation',
    input: { question: 'How do we settle the deposit?', options: 'Return it within six weeks\nKeep it' },
  })
  await openDesk(page, job)
  await page.keyboard.press('a')
  await expect(dialogOf(page)).toBeHidden()
  const wanted = readRecommendation(job.result?.json)?.options.at(-1)
  if (wanted === undefined) throw new Error('it has options')
  await page.getByRole('button', { name: new RegExp(`^Choose ?: ${wanted.title}$`) }).click()
  const dialog = dialogOf(page)
  if ((job.reviews[0]?.doubtful.length ?? 0) > 0) await dialog.getByRole('textbox', { name: 'Note' }).fill('I know it.')
  await dialog.getByRole('button', { name: /^Choose “.*” and approve$/ }).click()
  const done = await untilState(page, job.id, 'completed')
  expect(readRecommendation(done.result?.json)?.choice).toBe(wanted.id)
  expect(done.result?.editedBy?.name).toBe(name)
})

test('a reviewer decides 20 simple items without the mouse', async ({ page, signIn }) => {
  test.slow()
  await signIn(['requester', 'reviewer'])
  const unique = `Batch ${Date.now()}`
  const started = await Promise.all(
    Array.from({ length: 20 }, (_, index) => startJob(page, { ...extraction, title: `${unique} no ${index + 1}` })),
  )
  for (const { id } of started) await untilState(page, id, 'awaiting_review', 60_000)
  const [first] = started
  if (first === undefined) throw new Error('twenty were started')
  await openDesk(page, first, `?q=${encodeURIComponent(unique)}`)

  for (let left = started.length; left > 0; left--) {
    const before = await page.getByRole('heading', { level: 1 }).textContent()
    const dialog = await decideByKey(page, 'a')
    await expect(dialog.getByRole('button', { name: /^Approve( and next)?$/ })).toBeFocused()
    await page.keyboard.press('Enter')
    await expect(dialog).toBeHidden()
    if (left === 1) break
    const title = page.getByRole('heading', { level: 1 })
    await expect(title).not.toHaveText(before ?? '')
    // Never lost: it is on what is to be read next.
    await expect(title).toBeFocused()
  }
  for (const { id } of started) expect((await readJob(page, id)).state).toBe('completed')
})

test('keys go from item to item, show their map, and can be switched off', async ({ page, signIn }) => {
  await signIn(['requester', 'reviewer'])
  const unique = `Walk ${Date.now()}`
  const one = await fieldsToDecide(page, `${unique} one`)
  const two = await fieldsToDecide(page, `${unique} two`)
  await openDesk(page, one, `?q=${encodeURIComponent(unique)}`)
  await page.keyboard.press('j')
  await expect(heading(page, two)).toBeFocused()
  await expect(page).toHaveURL(new RegExp(`/review/${two.number}\\?`))
  await page.keyboard.press('k')
  await expect(heading(page, one)).toBeFocused()
  await decideByKey(page, 'm')
  await page.goBack()
  await expect(heading(page, two)).toBeFocused()
  // What was open went with its item, and the keys are heard again.
  await page.keyboard.press('k')
  await expect(heading(page, one)).toBeFocused()
  await page.keyboard.press('j')
  await expect(heading(page, two)).toBeFocused()

  await page.keyboard.press('/')
  await expect(page.getByRole('searchbox', { name: 'Search these items' })).toBeFocused()
  await page.keyboard.type('ab')
  await expect(dialogOf(page)).toBeHidden()
  await heading(page, two).focus()

  await page.keyboard.press('?')
  const map = page.getByRole('dialog', { name: 'Keys' })
  await expect(map).toContainText('Request changes')
  await map.getByRole('checkbox', { name: /Use single keys/ }).uncheck()
  await page.keyboard.press('Escape')
  await expect(map).toBeHidden()
  await page.keyboard.press('a')
  await page.keyboard.press('?')
  await expect(page.getByRole('dialog')).toHaveCount(0)
})

test.describe('on a phone', () => {
  test.use({ viewport: { width: 375, height: 812 }, hasTouch: true })

  test('a reviewer approves one item and denies another', async ({ page, signIn }) => {
    await signIn(['requester', 'reviewer'])
    const job = await fieldsToDecide(page, 'To approve on a phone')
    await openDesk(page, job)
    const width = await page.evaluate(() => document.documentElement.scrollWidth)
    expect(width).toBeLessThanOrEqual(375)
    await page.locator('[data-claim]').first().tap()
    const sheet = page.getByRole('dialog', { name: /^Evidence/ })
    await expect(sheet).toContainText('quoted exactly')
    await sheet.getByRole('button', { name: /^Supported/ }).tap()
    await expect.poll(async () => (await readJob(page, job.id)).reviews[0]?.marks.length).toBe(1)
    await sheet.getByRole('button', { name: 'Close' }).tap()
    await expect(sheet).toBeHidden()
    await bar(page).getByRole('button', { name: 'Approve…' }).tap()
    await dialogOf(page)
      .getByRole('button', { name: /^Approve( and stay)?$/ })
      .first()
      .tap()
    expect(approving(await untilState(page, job.id, 'completed'))).toEqual(['approve'])

    const denied = await fieldsToDecide(page, 'To deny on a phone')
    await openDesk(page, denied)
    await bar(page).getByRole('button', { name: 'More to do' }).tap()
    await page.getByRole('menuitem', { name: 'Abandon…' }).tap()
    await dialogOf(page).getByRole('textbox', { name: 'Reason' }).fill('Not needed.')
    await dialogOf(page)
      .getByRole('button', { name: /^Abandon( and stay)?$/ })
      .first()
      .tap()
    await untilState(page, denied.id, 'abandoned')
  })
})

test('somebody is told of a comment that names them', async ({ page, signIn, newPerson }) => {
  await signIn(['requester', 'reviewer'])
  const kim = await newPerson('reviewer', `Kim ${Date.now()}`)
  const job = await fieldsToDecide(page, 'To talk about')
  await openDesk(page, job)
  const dialog = await decideByKey(page, 'm')
  const text = dialog.getByRole('textbox', { name: 'Comment' })
  await text.fill(`Please look, @${kim.name.slice(0, 8)}`)
  await dialog.getByRole('option', { name: kim.name }).click()
  await expect(text).toHaveValue(`Please look, @${kim.name} `)
  await dialog.getByRole('button', { name: 'Comment', exact: true }).click()
  await expect(dialog).toBeHidden()
  expect((await readJob(page, job.id)).events.at(-1)).toMatchObject({
    command: 'comment',
    note: `Please look, @${kim.name}`,
  })
})

test('the desk can be used by everybody, in every look', async ({ page, signIn }, info) => {
  await signIn(['requester', 'reviewer', 'lead'])
  const job = await jobToDecide(page, { documents: [{ name: 'lease.md', text: LEASE }] })
  await openDesk(page, job)
  await expect(evidence(page).locator('mark[data-active]').first()).toBeVisible()
  for (const look of LOOKS) {
    await wear(page, look)
    await expect(bar(page)).toBeVisible()
    await expectAccessible(page, look.rules)
    await page.screenshot({ path: info.outputPath(`desk ${look.name}.png`), animations: 'disabled' })
  }
})
