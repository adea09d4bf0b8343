import fs from 'node:fs'
import path from 'node:path'
import { connect } from '@/lib/store/db.server'
import { mailServer } from '@/lib/testing/mail-server'
import { enter, expect, expectAccessible, expectLooks, makePerson, test } from './fixtures'
import { jobToDecide, startJob, untilState } from './jobs'
import { holdBack } from './settle'

test.describe('with a mail server', () => {
  test('who asked gets one letter when the job is done, and none of what they switched off', async ({
    ownProduct,
    openElsewhere,
  }) => {
    await using mail = await mailServer()
    const product = await ownProduct({ HOLDPOINT_SMTP_URL: mail.url, HOLDPOINT_MAIL_FROM: 'desk@example.org' })
    const db = connect(product.databaseUrl, 2)
    try {
      const lead = await makePerson(db, 'lead', 'Lena Lead')
      const requester = await makePerson(db, 'requester', 'Rosa Requester')
      const leads = await openElsewhere(product.url)
      await enter(leads, lead)
      const theirs = await openElsewhere(product.url)
      await enter(theirs, requester)
      const letters = () => mail.received.map(({ to, bytes }) => ({ to, text: bytes.toString().replace(/=\r\n/g, '') }))

      await test.step('a lead enters the address, and sends a test', async () => {
        await leads.goto('/settings/notices')
        await leads.getByRole('textbox', { name: /^Address/ }).fill(product.url)
        await leads.getByRole('button', { name: 'Save the address' }).click()
        await expect(leads.getByText(`Letters link to ${product.url}.`)).toBeVisible()
        await leads.getByRole('button', { name: 'Send me a test' }).click()
        await expect(leads.getByText(`The mail server took a letter to ${lead.email}.`)).toBeVisible()
        expect(letters().map(({ to }) => to)).toEqual([[lead.email]])
      })

      await test.step('who asked wants no letter of jobs that end without a result', async () => {
        await theirs.goto('/settings/notices')
        await theirs.getByRole('checkbox', { name: /^By e-mail: A job that I asked for ended/ }).click()
        await theirs.getByRole('button', { name: 'Save what I am told' }).click()
        await expect(theirs.getByText('Saved. It counts for what happens from now on.')).toBeVisible()
        await theirs.reload()
        await expect(
          theirs.getByRole('checkbox', { name: /^By e-mail: A job that I asked for ended/ }),
        ).not.toBeChecked()
      })

      const done = await jobToDecide(theirs, { title: 'The lease' })
      const dropped = await jobToDecide(theirs, { title: 'The other lease' })
      for (const [job, command] of [
        [done, 'approve'],
        [dropped, 'abandon'],
      ] as const) {
        const answer = await leads.request.post(`/api/v1/jobs/${job.id}/commands`, {
          data: { command, resultHash: job.result?.hash, note: 'As agreed.' },
        })
        expect(answer.status(), await answer.text()).toBe(200)
      }
      const notices = () => db.notice.findMany({ where: { userId: requester.id }, orderBy: { at: 'asc' } })
      expect((await notices()).map(({ kind, emailState }) => [kind, emailState])).toEqual([
        ['job_done', 'due'],
        ['job_failed', null],
      ])
      // Nobody waits for the minute here.
      await db.notice.updateMany({ where: { emailState: 'due' }, data: { emailAt: new Date() } })
      await expect.poll(() => letters().length, { timeout: 60_000 }).toBe(2)
      const letter = letters()[1]
      expect(letter?.to).toEqual([requester.email])
      expect(letter?.text).toContain(`Subject: Job ${done.number} is done`)
      expect(letter?.text).toContain(`${product.url}/jobs/${done.number}`)
      await expect.poll(async () => (await notices())[0]?.emailState).toBe('sent')
    } finally {
      await db.$disconnect()
    }
  })
})

test('without a mail server the page says so, and the test letter lies in the folder', async ({
  ownProduct,
  openElsewhere,
}) => {
  const product = await ownProduct()
  const db = connect(product.databaseUrl, 2)
  try {
    const page = await openElsewhere(product.url)
    await enter(page, await makePerson(db, 'lead', 'Lena Lead'))
    await page.goto('/settings/notices')
    await expect(page.getByText('No mail server is set up, so nobody gets any e-mail.')).toBeVisible()
    await page.getByRole('button', { name: 'Send me a test' }).click()
    await expect(page.getByText('the letter was written into the mail folder, and nothing left')).toBeVisible()
    expect(fs.readdirSync(path.join(product.dataDir, 'mail'))).toHaveLength(1)
  } finally {
    await db.$disconnect()
  }
})

test('somebody keeps notes, and switches single keys off, in every look', async ({ page, signIn }) => {
  await signIn(['requester', 'reviewer', 'lead'], 'Nora Notified')
  await page.goto('/settings/notices')
  await page.getByRole('button', { name: 'New note' }).click()
  const dialog = page.getByRole('dialog', { name: 'New note' })
  await dialog.getByRole('textbox', { name: 'Note' }).fill('Cite the page of the lease.\nAnd the line.')
  await dialog.getByRole('button', { name: 'Keep it' }).click()
  const notes = page.getByRole('region', { name: 'My notes' })
  await expect(notes).toContainText('Cite the page of the lease.')
  await page.getByRole('checkbox', { name: /^Single keys/ }).click()
  await expect.poll(() => page.evaluate(() => localStorage.getItem('holdpoint:single-keys'))).toBe('off')
  await expect(page.getByRole('checkbox', { name: /^Single keys/ })).not.toBeChecked()
  await expectLooks(page, 'settings notices')
  await notes.getByRole('button', { name: 'Remove Cite the page of the lease.' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click()
  await expect(notes).toContainText('No notes yet')
})

test('a lead adds a reason, moves it up, and retires it; a reviewer may not', async ({
  page,
  signIn,
  signInElsewhere,
}) => {
  await signIn('lead', 'Lena Lead')
  await page.goto('/settings/reasons')
  const words = `It came too late ${Date.now()}`
  await page.getByRole('button', { name: 'New reason' }).click()
  const dialog = page.getByRole('dialog', { name: 'New reason' })
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('The facts are wrong')
  await dialog.getByRole('button', { name: 'Add it' }).click()
  await expect(dialog.getByRole('alert')).toContainText('is on the list already')
  await expectAccessible(page)
  await dialog.getByRole('textbox', { name: 'Reason' }).fill(words)
  await dialog.getByRole('button', { name: 'Add it' }).click()
  const offered = page.getByRole('region', { name: 'Offered' })
  await expect(offered.getByRole('listitem').last()).toContainText(words)
  const answer = await holdBack(page, '**/settings/reasons', 'POST')
  const up = offered.getByRole('button', { name: `Move up: ${words}` })
  await up.click()
  // The whole list is sent: no other move can cross it.
  await expect(offered.getByRole('button', { name: /^Move up: / }).nth(1)).toBeDisabled()
  await expect(up).toBeFocused()
  await answer()
  await expect(offered.getByRole('listitem').nth(-2)).toContainText(words)
  await expectLooks(page, 'settings reasons')
  await offered.getByRole('button', { name: `Retire ${words}` }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Retire' }).click()
  await expect(page.getByRole('region', { name: 'Retired' })).toContainText(words)
  await expect(offered).not.toContainText(words)

  const { page: other } = await signInElsewhere('reviewer')
  await other.goto('/settings/reasons')
  await expect(other.getByText('This page is for leads and owners')).toBeVisible()
})

test('what leads to the page that is open counts as read', async ({ page, signIn, db }) => {
  const person = await signIn('requester', 'Rosa Requester')
  const { id, number } = await startJob(page, { title: 'Watched', rehearsal: { behaviour: 'refusal', seconds: 1 } })
  await page.goto(`/jobs/${number}`)
  await untilState(page, id, 'failed')
  await expect
    .poll(() => db.notice.count({ where: { userId: person.id, readAt: { not: null } } }), { timeout: 60_000 })
    .toBe(1)
})
