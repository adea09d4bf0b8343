import type { Page } from '@playwright/test'
import { expect, expectAccessible, expectLooks, follow, test } from './fixtures'
import { readJob, startJob, untilState } from './jobs'

/** Presses what opens a dialog, gives a reason, and confirms. */
async function sayWhy(page: Page, open: RegExp, reason: string, confirm: string) {
  // A stopped queue can be resumed at the top of every page too.
  await page.getByRole('main').getByRole('button', { name: open }).click()
  // What was done before may still be said in a corner.
  const dialog = page.getByRole('dialog').filter({ has: page.getByRole('textbox', { name: 'Reason' }) })
  await dialog.getByRole('textbox', { name: 'Reason' }).fill(reason)
  await dialog.getByRole('button', { name: confirm }).click()
  await expect(dialog).toBeHidden()
}

test('a lead’s morning: something fails; see it, find why, pause, resume, retry the group, and watch it clear', async ({
  ownProduct,
  openElsewhere,
  expectedErrors,
}) => {
  expectedErrors.push(/409/, /ERR_FAILED/)
  const product = await ownProduct()
  const page = await openElsewhere(product.url)
  await follow(page, product.ownerLink)
  const open = await page.context().newPage()
  // The first call of each meets a setting that the provider does not take; what comes after it is answered.
  const rehearsal = { behaviour: 'create_400_invalid_value', attempts: 'first', seconds: 0.5 } as const
  const jobs = [
    await startJob(page, { rehearsal }),
    await startJob(page, { rehearsal }),
    await startJob(page, { rehearsal }),
  ]
  for (const { id } of jobs) await untilState(page, id, 'failed')
  const sentence = 'A setting of the workflow has a value that OpenAI does not take. Mend the workflow, then retry.'

  await test.step('it stands among the failures, with how many jobs it stopped', async () => {
    await page.goto('/queues/failures')
    await expect(async () => {
      await page.reload()
      await expect(page.getByRole('row', { name: new RegExp(`${sentence}.* 3$`) })).toBeVisible({ timeout: 1_000 })
    }).toPass()
    await expectLooks(page, 'failures')
    await page.getByRole('link', { name: sentence }).click()
    await expect(page.getByRole('heading', { level: 1, name: sentence })).toBeVisible()
    await expect(page.getByRole('heading', { name: '3 jobs stand stopped by it' })).toBeVisible()
    await expect(page.getByText('invalid_value')).toBeVisible()
    await expectLooks(page, 'failure')
  })

  await test.step('the queue is paused with a reason, drained, and says so wherever somebody would wonder', async () => {
    await open.goto('/queues')
    const row = open.getByRole('row', { name: /Report/ }).first()
    await expect(row.getByRole('button', { name: /^Pause…/ })).toBeVisible()
    await page.goto('/queues/report')
    await page.getByRole('button', { name: /^Pause/ }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Pause sending' }).click()
    await expect(page.getByRole('dialog').getByText('Give a reason')).toBeVisible()
    await page.getByRole('dialog').getByRole('textbox', { name: 'Reason' }).fill('We mend the setting.')
    await page.route('/queues/report', (route) =>
      route.request().method() === 'POST' ? route.abort() : route.fallback(),
    )
    await page.getByRole('dialog').getByRole('button', { name: 'Pause sending' }).click()
    await expect(page.getByRole('dialog').getByText('No answer came.')).toBeVisible()
    await expect(page.getByRole('dialog').getByRole('textbox')).toHaveValue('We mend the setting.')
    await page.unroute('/queues/report')
    await page.getByRole('dialog').getByRole('button', { name: 'Pause sending' }).click()
    await expect(page.getByText(/^Paused since .* by Owner$/)).toBeVisible()
    await expect(row).toContainText('Stands still')
    await expect(row.getByRole('button', { name: /^Resume…/ })).toBeVisible()
    await sayWhy(page, /^Drain/, 'Nothing new until it is mended.', 'Drain it')
    await page.getByRole('button', { name: /^Change limits/ }).click()
    const limits = page.getByRole('dialog').filter({ has: page.getByRole('textbox', { name: 'Calls at once' }) })
    await limits.getByRole('textbox', { name: 'Calls at once' }).fill('none')
    await limits.getByRole('textbox', { name: 'Reason' }).fill('Gently.')
    await limits.getByRole('button', { name: 'Change limits' }).click()
    await expect(limits.getByText('Give a whole number from 1 to 10,000')).toBeVisible()
    await limits.getByRole('textbox', { name: 'Calls at once' }).fill('1')
    await limits.getByRole('button', { name: 'Change limits' }).click()
    await expect(page.getByText('at most 1 call at once', { exact: true })).toBeVisible()
    await expectLooks(page, 'queue, paused and drained')
    const refused = await page.request.post('/api/v1/jobs', {
      data: { workflow: 'report', input: { question: 'Why?' }, documents: [{ name: 'a.txt', text: 'Because.' }] },
    })
    expect(refused.status()).toBe(409)
    expect(await refused.json()).toMatchObject({
      type: 'urn:holdpoint:problem:queue-drained',
      detail: expect.stringContaining('Nothing new until it is mended.'),
    })
    await page.goto('/jobs/new')
    await expect(page.getByRole('radio', { name: 'Report' })).toBeDisabled()
    await expect(page.getByText('It takes no new jobs for now.')).toBeVisible()
    await page.goto('/workflows')
    await expect(page.getByRole('row', { name: /Report/ }).first()).toContainText('Sending stands still')
    await page.goto('/queues')
    await expect(page.getByRole('row', { name: /Report/ }).first()).toContainText('Stands still')
    await expectAccessible(page)
  })

  await test.step('what a retry of all of it means is read first, and it begins when the queue goes on', async () => {
    await page.goto('/queues/failures')
    await page.getByRole('link', { name: sentence }).click()
    await page.getByRole('button', { name: 'Look at a retry of all…' }).click()
    await expect(page.getByRole('heading', { name: '3 jobs would be retried' })).toBeVisible()
    await expect(page.getByText('None is left out')).toBeVisible()
    await expectLooks(page, 'retry of all, before')
    await page.getByRole('textbox', { name: 'Reason' }).fill('The setting is mended.')
    await page.getByRole('button', { name: 'Retry 3 jobs' }).click()
    await expect(page.getByText('Confirm that the same input is sent again')).toBeVisible()
    await page.getByRole('checkbox', { name: /I know that the same input/ }).check()
    await page.getByRole('button', { name: 'Retry 3 jobs' }).click()
    await expect(page.getByRole('heading', { name: '0 of 3 jobs dealt with' })).toBeVisible()
    await expect(page.getByRole('main').getByText('Sending of Report stands still')).toBeVisible()
    const batch = page.url()
    await page.getByRole('button', { name: 'Pause…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Pause this retry?' })
    await dialog.getByRole('textbox', { name: 'Reason' }).fill('One more look.')
    await open.goto(batch)
    await sayWhy(open, /^Pause…/, 'I was first.', 'Pause')
    // Read twice since, with the dialog open.
    for (const _ of ['once', 'again']) await page.waitForResponse('/api/health/ready')
    await dialog.getByRole('button', { name: 'Pause' }).click()
    await expect(dialog.getByText('That is not possible now: it is paused.')).toBeVisible()
    await expect(dialog.getByRole('textbox', { name: 'Reason' })).toHaveValue('One more look.')
    await sayWhy(open, /^Resume…/, 'They may go on.', 'Resume')
    await open.close()
    await page.goto('/queues/report')
    await sayWhy(page, /^Resume…/, 'It is mended.', 'Resume sending')
    await page.goto(batch)
    await expect(page.getByRole('heading', { name: '3 of 3 jobs dealt with' })).toBeVisible({ timeout: 60_000 })
    await expect(page.getByText('Done', { exact: true })).toBeVisible()
    await expectLooks(page, 'retry of all, after')
  })

  await test.step('it clears: no job stands stopped by it, and the whole is one line in the history', async () => {
    for (const { id } of jobs) await untilState(page, id, 'awaiting_review')
    const job = await readJob(page, jobs[0]?.id ?? '')
    expect(job.events.map((event) => event.sentence)).toContain(
      'Owner asked for another attempt, together with others that failed alike.',
    )
    await page.goto('/queues/report')
    await expect(page.getByText('Owner had 3 failed jobs retried together.')).toHaveCount(1)
    await expect(page.getByRole('link', { name: '3 retried' })).toBeVisible()
    await page.goto('/queues/failures')
    await page.getByRole('link', { name: sentence }).click()
    await expect(page).toHaveURL(/\/queues\/failures\/./)
    // Counted by a worker each second, and the page reads it once.
    await expect(async () => {
      await page.reload()
      await expect(page.getByRole('heading', { name: '0 jobs stand stopped by it' })).toBeVisible({ timeout: 1_000 })
    }).toPass({ timeout: 60_000 })
    await sayWhy(page, /^Resolve/, 'The setting is mended.', 'Resolve it')
    await expect(page.getByText('It opens by itself when it is seen again.').first()).toBeVisible()
  })

  await test.step('what is more urgent is changed on the page of a job', async () => {
    await page.goto(`/jobs/${jobs[0]?.number}`)
    await page.getByRole('button', { name: 'More to do' }).click()
    await page.getByRole('menuitem', { name: 'Change priority…' }).click()
    const dialog = page.getByRole('dialog').filter({ has: page.getByRole('combobox', { name: 'Priority' }) })
    await dialog.getByRole('combobox', { name: 'Priority' }).click()
    await page.getByRole('option', { name: 'High' }).click()
    await dialog.getByRole('button', { name: 'Change priority' }).click()
    await expect(page.getByText('Its priority is changed.')).toBeVisible()
  })
})
