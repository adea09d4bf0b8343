import type { Page } from '@playwright/test'
import { expect, expectAccessible, LOOKS, test, wear } from './fixtures'
import { jobToDecide, startJob } from './jobs'

const SCREENS = 'test-results/screens'

/** What was typed, as the search page has it. */
const box = (page: Page) => page.getByRole('combobox', { name: 'Search jobs' })
const titles = (page: Page) => page.getByRole('main').locator('[data-result]')

/** Asks until the workers have read what changed. */
async function untilFound(page: Page, q: string, count: number) {
  await expect
    .poll(
      async () => {
        const answer = await page.request.get(`/api/v1/search?q=${encodeURIComponent(q)}`)
        const { exact, items } = await answer.json()
        return exact.length + items.length
      },
      { timeout: 60_000 },
    )
    .toBe(count)
}

test('support finds a job by what a caller remembers, keeps the search, and shares it', async ({
  page,
  signIn,
  signInElsewhere,
}) => {
  await signIn(['requester', 'reviewer', 'support'], 'Sami Support')
  const unique = `Zwirnfeld${Date.now()}`
  const job = await jobToDecide(page, {
    title: `Lease of the ${unique} family`,
    reference: `CASE-${unique}`,
    input: { question: 'When is the rent due? The caller is dana.k@example.com, and asks about 1,240 euros.' },
    documents: [
      {
        name: 'lease.md',
        text: `The rent is due on the third working day of each month.\n\nDeposit of ${unique}: 2,220 euros.`,
      },
    ],
  })
  await startJob(page, {
    title: 'Something else <script>alert(1)</script> ‮evil',
    reference: 'OTHER-1',
    documents: [{ name: 'other.md', text: 'Nothing that anybody looks for stands here.' }],
  })
  await untilFound(page, `"third working day" ${unique}`, 1)

  await test.step('words, and where they stand', async () => {
    await page.goto('/search')
    await expect(page.getByRole('heading', { name: 'Search', level: 1 })).toBeVisible()
    await box(page).fill(`third working ${unique.toLowerCase()}`)
    await expect(titles(page)).toHaveCount(1)
    await expect(page).toHaveURL(/q=third\+working\+zwirnfeld|q=third%20working%20zwirnfeld/)
    await expect(page.getByRole('main').locator('mark').first()).toHaveText(unique)
    await expect(page.getByRole('main')).toContainText('Document lease.md')
    await expect(page.getByText('1 job', { exact: true })).toBeVisible()
  })

  await test.step('a filter with completion, by keyboard, becomes a chip in the address', async () => {
    await box(page).fill(`${unique} stat`)
    await expect(page.getByRole('option', { name: /^state:/ })).toBeVisible()
    await box(page).press('ArrowDown')
    await box(page).press('Enter')
    await expect(box(page)).toHaveValue(`${unique} state:`)
    await box(page).pressSequentially('need')
    await expect(page.getByRole('option')).toHaveCount(1)
    await box(page).press('ArrowDown')
    await expect(page.getByRole('option', { selected: true })).toContainText('state:awaiting_review')
    await box(page).press('Enter')
    await expect(page.getByRole('listitem').filter({ hasText: 'State: Needs review' })).toBeVisible()
    await expect(page).toHaveURL(/state(:|%3A)awaiting_review/)
    await expect(titles(page)).toHaveCount(1)
    await page.reload()
    await expect(page.getByRole('button', { name: 'Remove State: Needs review' })).toBeVisible()
    await expect(box(page)).toHaveValue(unique)
  })

  await test.step('what is wrong is said, with what to do', async () => {
    await box(page).fill(`${unique} state:faild `)
    await expect(page.getByText('There is no state “faild”. Did you mean failed?')).toBeVisible()
    await box(page).fill(unique)
    await expect(page.getByText('Did you mean failed?')).toBeHidden()
  })

  await test.step('kept as a view, pinned with its count, shared with others', async () => {
    await page.getByRole('button', { name: 'Save view…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Save view' })
    await dialog.getByLabel('Name').fill(`To decide ${unique}`)
    await dialog.getByText('Share it with everybody').click()
    await dialog.getByRole('button', { name: 'Save' }).click()
    await expect(page.getByRole('heading', { name: `To decide ${unique}`, level: 1 })).toBeVisible()
    const bar = page.getByRole('navigation', { name: 'Main' })
    const pinned = bar.getByRole('link', { name: `To decide ${unique} (1 job)` })
    await expect(pinned).toHaveAttribute('aria-current', 'page')
    // One is at the view, and not at the search as well.
    await expect(bar.locator('[aria-current]')).toHaveCount(1)
    const { page: theirs } = await signInElsewhere(['reviewer'], 'Rhea Reader')
    await theirs.goto('/search')
    await theirs.getByRole('link', { name: `To decide ${unique}` }).click()
    await expect(titles(theirs)).toHaveCount(1)
    await expect(theirs.getByText('A view that Sami Support shares')).toBeVisible()
    // A requester finds only what they asked for, whoever shares what.
    const { page: outside } = await signInElsewhere(['requester'], 'Otto Outside')
    await outside.goto(`/search?q=${unique}`)
    await expect(outside.getByText('Nothing was found')).toBeVisible()
  })

  for (const [index, look] of LOOKS.entries()) {
    await test.step(`in ${look.name}`, async () => {
      await wear(page, look)
      await page.goto(`/search?q=${encodeURIComponent(`${unique} third working`)}`)
      await expect(titles(page)).toHaveCount(1)
      await expectAccessible(page)
      await page.screenshot({ path: `${SCREENS}/search-${look.name}.png` })
      await box(page).click()
      await box(page).press('End')
      await box(page).pressSequentially(' -cl')
      await expect(page.getByRole('option').first()).toBeVisible()
      // What is shown until the next answer is there stands back, and is paler than what one reads.
      await expect(page).toHaveURL(/-cl$/)
      await expect(page.getByRole('main').locator('[aria-busy="true"]')).toHaveCount(0)
      if (index % 2 === 0) await expectAccessible(page)
      await page.screenshot({ path: `${SCREENS}/search-completing-${look.name}.png` })
      await page.goto('/search')
      await expect(page.getByRole('heading', { name: 'Saved views' })).toBeVisible()
      if (index % 2 === 1) await expectAccessible(page)
      await page.screenshot({ path: `${SCREENS}/search-empty-${look.name}.png` })
      await page.keyboard.press('ControlOrMeta+k')
      const palette = page.getByRole('dialog', { name: 'Find or go to' })
      await palette.getByRole('combobox').fill(unique.toLowerCase())
      await expect(palette.getByRole('option', { name: new RegExp(`Lease of the ${unique}`) })).toBeVisible()
      if (index % 2 === 0) await expectAccessible(page)
      await page.screenshot({ path: `${SCREENS}/search-palette-${look.name}.png` })
      await page.keyboard.press('Escape')
    })
  }

  await test.step('an id opens its job, from the page and from the palette', async () => {
    await wear(page, LOOKS[0])
    await page.goto('/search')
    await box(page).fill(`case-${unique.toLowerCase()}`)
    await box(page).press('Enter')
    await expect(page).toHaveURL(`/jobs/${job.number}`)
    await page.keyboard.press('ControlOrMeta+k')
    const palette = page.getByRole('dialog', { name: 'Find or go to' })
    await palette.getByRole('combobox').fill(job.attempts[0]?.responseId ?? '')
    const found = palette.getByRole('option', { name: new RegExp(unique) })
    await expect(found).toBeVisible()
    // What was found for other words than stand there now is not offered: Enter would open it.
    const answer = Promise.withResolvers<void>()
    await page.route('**/api/v1/search?*', async (route) => {
      await answer.promise
      await route.continue()
    })
    await palette.getByRole('combobox').press('End')
    await palette.getByRole('combobox').press('0')
    await expect(found).toBeHidden()
    await palette.getByRole('combobox').press('Backspace')
    await expect(found).toBeVisible()
    answer.resolve()
    await palette.getByRole('option', { name: /^See all results/ }).click()
    await expect(page.getByRole('heading', { name: 'Exactly this' })).toBeVisible()
    await expect(titles(page)).toHaveCount(1)
  })

  await test.step('the view is renamed, unpinned and removed', async () => {
    await page.goto('/search')
    await page.getByRole('button', { name: `Take “To decide ${unique}” from the side bar` }).click()
    await expect(page.getByRole('navigation', { name: 'Main' }).getByText(`To decide ${unique}`)).toHaveCount(0)
    await page.getByRole('button', { name: `More to do with “To decide ${unique}”` }).click()
    await page.getByRole('menuitem', { name: 'Rename or share…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Rename or share' })
    await dialog.getByLabel('Name').fill(`Renamed ${unique}`)
    await dialog.getByRole('button', { name: 'Save' }).click()
    await expect(page.getByRole('link', { name: `Renamed ${unique}` })).toBeVisible()
    await page.getByRole('button', { name: `More to do with “Renamed ${unique}”` }).click()
    await page.getByRole('menuitem', { name: 'Remove…' }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click()
    await expect(page.getByRole('link', { name: `Renamed ${unique}` })).toHaveCount(0)
  })
})
