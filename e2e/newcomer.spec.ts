import { expect, follow, test } from './fixtures'
import { nextAction, openCommand, standing } from './jobs'

test('a newcomer follows the printed link, which works once, starts a sample and approves its result', async ({
  firstProduct,
  openElsewhere,
}) => {
  const product = await firstProduct()
  const link = product.ownerLink ?? ''
  expect(product.printed()).toContain(link)
  const page = await openElsewhere(product.url)

  await test.step('a preview or scanner that opens the link does not use it up, and is told no cookie', async () => {
    for (const look of [page.request.head(link), page.request.get(link), page.request.post(link)]) {
      const answer = await look
      expect(answer.headers()).not.toHaveProperty('set-cookie')
      expect(answer.headers()['cache-control']).toContain('no-store')
    }
    const other = await openElsewhere(product.url)
    await other.goto(link)
    await expect(other.getByRole('heading', { name: 'Sign in as Owner' })).toBeVisible()
    await other.goto('/jobs')
    await expect(other).toHaveURL(/\/sign-in/)
  })

  await test.step('its button signs the first owner in, on a list without jobs', async () => {
    const referrers: (string | undefined)[] = []
    page.on('request', (request) => referrers.push(request.headers().referer))
    await follow(page, link)
    expect(referrers.filter((referrer) => referrer?.includes('token'))).toEqual([])
    await expect(page.getByRole('heading', { name: 'No jobs yet' })).toBeVisible()
    await expect(
      page.getByRole('button', { name: /^Start (report|extraction|digest|reply|recommendation|refund or credit) ?: / }),
    ).toHaveCount(7)
    await expect(page.getByRole('complementary', { name: 'Provider' })).toContainText('no model is called')
  })

  await test.step('the link does not work a second time', async () => {
    const other = await openElsewhere(product.url)
    await other.goto(link)
    await expect(other.getByRole('heading', { name: 'This link does not work any more' })).toBeVisible()
    await expect(other.getByText('It was used already.')).toBeVisible()
    await expect(other.getByRole('button', { name: 'Sign in' })).toBeHidden()
    await other.goto('/jobs')
    await expect(other).toHaveURL(/\/sign-in/)
  })

  await test.step('a sample is one press away, and its result waits for a decision', async () => {
    await page.getByRole('button', { name: /^Start report ?: Can the Okafors leave/ }).click()
    await expect(page).toHaveURL(`${product.url}/jobs/1`)
    await expect(page.getByRole('heading', { name: /Can the Okafors leave their lease early\?/ })).toBeVisible()
    await expect(standing(page, 'awaiting_review')).toBeVisible()
    await expect(nextAction(page)).toContainText('Decide on this report.')
  })

  await test.step('approving it completes the job', async () => {
    const dialog = await openCommand(page, 'Approve')
    await expect(dialog).toContainText('The result is accepted exactly as it stands on this page')
    await dialog.getByRole('button', { name: 'Approve', exact: true }).click()
    // The sample says plainly what no document states, so accepting it all the same says why.
    await expect(dialog).toContainText('Give a reason: you approve over a claim that is not supported.')
    await dialog.getByRole('textbox', { name: 'Note' }).fill('It says itself that this is open.')
    await dialog.getByRole('button', { name: 'Approve', exact: true }).click()
    await expect(dialog).toBeHidden()
    await expect(standing(page, 'completed')).toBeVisible()
    await expect(page.getByRole('main')).toContainText('approved the result')
  })

  await test.step('with a password of their own they can sign in again', async () => {
    await page.getByRole('link', { name: 'Choose an e-mail and a password' }).click()
    await page.getByRole('textbox', { name: 'E-mail' }).fill('first@example.org')
    await page.getByRole('textbox', { name: 'Name' }).fill('Robin First')
    await page.getByLabel('Password').fill('a-password-to-keep')
    await page.getByRole('button', { name: 'Save and keep me signed in' }).click()
    await expect(page.getByRole('link', { name: 'Choose an e-mail and a password' })).toBeHidden()

    await page.getByRole('button', { name: /Signed in as/ }).click()
    await page.getByRole('menuitem', { name: 'Sign out' }).click()
    await expect(page).toHaveURL(/\/sign-in/)
    await page.getByRole('textbox', { name: 'E-mail' }).fill('first@example.org')
    await page.getByLabel('Password').fill('a-password-to-keep')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await expect(page.getByRole('link', { name: 'Can the Okafors leave their lease early?' })).toBeVisible()
  })
})

test('somebody who may only start jobs sees a list of their own, and a digest is accepted without review', async ({
  page,
  signIn,
}) => {
  await signIn('requester')
  await page.goto('/jobs')
  await page.getByRole('button', { name: /^Start digest ?: Where case 48211 stands/ }).click()
  await expect(page).toHaveURL(/\/jobs\/\d+$/)
  await expect(standing(page, 'completed')).toBeVisible()
  await expect(nextAction(page)).toContainText('Accepted by the policy of its workflow')
  await expect(page.getByRole('button', { name: 'Approve…' })).toBeHidden()
})
