import { createInvite, createSignInLink, joinPath, signInPath } from '@/lib/access/links.server'
import { expect, test } from './fixtures'
import { LEASE, QUESTION, startJob } from './jobs'

test('an owner invites somebody by a link that works once, and changes what they may do', async ({
  page,
  signIn,
  openElsewhere,
}) => {
  await signIn('owner', 'Olga Owner')
  const email = `invited-${Date.now()}@example.org`
  const name = `Ivo Invited ${Date.now()}`
  await page.goto('/settings/people')
  await page.getByRole('button', { name: 'Invite somebody' }).click()
  const dialog = page.getByRole('dialog', { name: 'Invite somebody' })
  await dialog.getByRole('textbox', { name: 'E-mail' }).fill(email)
  await dialog.getByRole('checkbox', { name: /^Support/ }).click()
  await dialog.getByRole('button', { name: 'Make the link' }).click()
  const link = (await dialog.locator('code').textContent()) ?? ''
  expect(link).toContain('/join/')
  await dialog.getByRole('button', { name: 'Done' }).click()
  await expect(page.getByRole('region', { name: 'Invited, not here yet' })).toContainText(email)

  const theirs = await openElsewhere()
  await theirs.goto(link)
  await expect(theirs.getByText('You are invited as requester, support.')).toBeVisible()
  await expect(theirs.getByRole('textbox', { name: 'E-mail' })).toHaveValue(email)
  await theirs.getByRole('textbox', { name: 'Your name' }).fill(name)
  await theirs.getByLabel('Password').fill('a-long-enough-word')
  await theirs.getByRole('button', { name: 'Join' }).click()
  await expect(theirs).toHaveURL(/\/jobs$/)

  const second = await openElsewhere()
  await second.goto(link)
  await expect(second.getByRole('heading', { name: 'This invitation does not work any more' })).toBeVisible()

  await page.reload()
  const person = page.getByRole('region', { name: 'People' }).getByRole('listitem').filter({ hasText: email })
  await expect(person).toContainText('RequesterSupport')
  await person.getByRole('button', { name: `Roles of ${name}` }).click()
  const rolesDialog = page.getByRole('dialog', { name: `Roles of ${name}` })
  await rolesDialog.getByRole('checkbox', { name: /^Requester/ }).click()
  await rolesDialog.getByRole('button', { name: 'Save roles' }).click()
  await expect(rolesDialog).toBeHidden()
  await theirs.goto('/jobs/new')
  await expect(theirs.getByRole('heading', { name: 'You may not start jobs' })).toBeVisible()
})

test.describe('in a browser without scripts', () => {
  test.use({ javaScriptEnabled: false })

  test('a link signs in, once', async ({ page, context, db, newPerson }) => {
    const { id } = await newPerson('reviewer', 'Nora Noscript')
    const link = signInPath(await createSignInLink(db, id))
    const second = await context.newPage()
    for (const one of [page, second]) await one.goto(link)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await expect(page).toHaveURL(/\/jobs$/)
    await second.getByRole('button', { name: 'Sign in' }).click()
    await expect(second.getByText('It was used already.')).toBeVisible()
  })

  test('somebody who is invited joins', async ({ page, db }) => {
    const email = `noscript-${Date.now()}@example.org`
    const { token } = await createInvite(db, { email, roles: ['reviewer'], createdBy: null })
    await page.goto(joinPath(token))
    await page.getByRole('textbox', { name: 'Your name' }).fill('Nils Noscript')
    await page.getByLabel('Password').fill('a-long-enough-word')
    await page.getByRole('button', { name: 'Join' }).click()
    await expect(page).toHaveURL(/\/jobs$/)
  })
})

test.describe('when somebody is deactivated', () => {
  test.use({ expectedErrors: [/status of 401/] })

  test('their access ends at once, in the browser and over the API', async ({
    page,
    signIn,
    signInElsewhere,
    openElsewhere,
  }) => {
    await signIn('owner')
    const { page: theirs, person } = await signInElsewhere(['requester', 'reviewer'], `Leo Leaver ${Date.now()}`)
    await theirs.goto('/jobs')
    await expect(theirs.getByRole('heading', { name: 'Jobs', exact: true })).toBeVisible()

    await page.goto('/settings/people')
    await page.getByRole('button', { name: `Deactivate ${person.name}` }).click()
    const confirm = page.getByRole('alertdialog', { name: `Deactivate ${person.name}?` })
    await expect(confirm).toContainText('They are signed out everywhere at once')
    await confirm.getByRole('button', { name: 'Deactivate', exact: true }).click()
    await expect(page.getByRole('button', { name: `Activate ${person.name}` })).toBeVisible()

    expect((await theirs.request.get('/api/v1/jobs')).status()).toBe(401)
    await theirs.getByRole('button', { name: 'Check now' }).click()
    await expect(theirs.getByRole('main')).toContainText('You are signed out.')
    await theirs.reload()
    await expect(theirs).toHaveURL(/\/sign-in/)
    const again = await openElsewhere()
    await again.goto('/sign-in')
    await again.getByRole('textbox', { name: 'E-mail' }).fill(person.email)
    await again.getByLabel('Password').fill(person.password)
    await again.getByRole('button', { name: 'Sign in' }).click()
    await expect(again.getByRole('alert').filter({ hasText: /\w/ }).first()).toBeVisible()
    await expect(again).toHaveURL(/\/sign-in/)
  })
})

test('an owner ends the sessions of somebody, who then signs in again', async ({ page, signIn, signInElsewhere }) => {
  await signIn('owner')
  const { page: theirs, person } = await signInElsewhere('reviewer', `Sue Session ${Date.now()}`)
  await page.goto('/settings/people')
  await page.getByRole('button', { name: `End sessions of ${person.name}` }).click()
  await expect(page.getByRole('button', { name: `End sessions of ${person.name}` })).toBeHidden()
  expect((await theirs.request.get('/api/v1/jobs')).status()).toBe(401)
  await theirs.goto('/jobs?mine=true')
  await expect(theirs).toHaveURL(/\/sign-in\?next=/)
  await theirs.getByRole('textbox', { name: 'E-mail' }).fill(person.email)
  await theirs.getByLabel('Password').fill('not the password')
  await theirs.getByRole('button', { name: 'Sign in' }).click()
  await expect(theirs.getByRole('alert').filter({ hasText: /\w/ }).first()).toBeVisible()
  await theirs.getByLabel('Password').fill(person.password)
  await theirs.getByRole('button', { name: 'Sign in' }).click()
  await expect(theirs).toHaveURL(/\/jobs\?mine=true$/)
})

test('a key is shown once, starts a job over the API, and stops working when it is revoked', async ({
  page,
  signIn,
  request,
}) => {
  await signIn(['requester', 'reviewer'], 'Kay Keyholder')
  await page.goto('/settings/keys')
  await page.getByRole('button', { name: 'New key' }).click()
  const dialog = page.getByRole('dialog', { name: 'New key' })
  await dialog.getByRole('textbox', { name: 'Name' }).fill('Nightly import')
  await dialog.getByRole('checkbox', { name: /^Requester/ }).click()
  await dialog.getByRole('button', { name: 'Make the key' }).click()
  const key = (await dialog.locator('code').textContent()) ?? ''
  expect(key.length).toBeGreaterThan(20)
  await dialog.getByRole('button', { name: 'Done' }).click()
  await page.reload()
  const entry = page.getByRole('listitem').filter({ hasText: 'Nightly import' })
  await expect(entry).toContainText('never used')
  expect(await page.content(), 'nobody can look it up later').not.toContain(key)

  const headers = { authorization: `Bearer ${key}` }
  const made = await request.post('/api/v1/jobs', {
    headers,
    data: { workflow: 'report', input: { question: QUESTION }, documents: [{ name: 'a.md', text: LEASE }] },
  })
  expect(made.status()).toBe(201)
  const job = await made.json()
  expect(job.requester.name).toBe('Kay Keyholder')
  // What it does counts as done by its person, and the history tells that it came over the API.
  expect(job.events[0]).toMatchObject({ by: { kind: 'person', name: 'Kay Keyholder' }, transport: 'api' })
  // It may less than its person: it was given one role.
  expect(job.allowedCommands).not.toContain('approve')

  await entry.getByRole('button', { name: 'Revoke Nightly import' }).click()
  const confirm = page.getByRole('alertdialog', { name: 'Revoke Nightly import?' })
  await confirm.getByRole('button', { name: 'Revoke', exact: true }).click()
  await expect(entry).toContainText('Revoked')
  expect((await request.get('/api/v1/jobs', { headers })).status()).toBe(401)
})

test('the key of a service cannot give the approval that a person must', async ({ page, signIn, request }) => {
  await signIn('owner')
  await page.goto('/settings/keys')
  await page.getByRole('button', { name: 'New key' }).click()
  const dialog = page.getByRole('dialog', { name: 'New key' })
  const name = `Robot ${Date.now()}`
  await dialog.getByRole('textbox', { name: 'Name' }).fill(name)
  await dialog.getByRole('combobox', { name: 'Belongs to' }).click()
  await page.getByRole('option', { name: /^A service/ }).click()
  await dialog.getByRole('checkbox', { name: /^Reviewer/ }).click()
  await dialog.getByRole('button', { name: 'Make the key' }).click()
  const headers = { authorization: `Bearer ${await dialog.locator('code').textContent()}` }

  const job = await startJob(page)
  await expect
    .poll(async () => (await (await request.get(`/api/v1/jobs/${job.id}`, { headers })).json()).state)
    .toBe('awaiting_review')
  const refused = await request.post(`/api/v1/jobs/${job.id}/commands`, { headers, data: { command: 'approve' } })
  expect(refused.status()).toBe(403)
  expect(await refused.json()).toMatchObject({ status: 403, detail: expect.stringContaining('belongs to a service') })
})

test('people who are no leads do not see who works here', async ({ page, signIn }) => {
  await signIn('reviewer')
  await page.goto('/settings/people')
  await expect(page.getByText('This page is for leads and owners')).toBeVisible()
  await expect(page.getByRole('region', { name: 'People' })).toBeHidden()
})
