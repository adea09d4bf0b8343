import type { Locator, Page } from '@playwright/test'
import { connect } from '@/lib/store/db.server'
import { enter, expect, expectAccessible, LOOKS, makePerson, test, wear } from './fixtures'
import { openTab, readJob, startJob, untilState } from './jobs'
import { holdBack } from './settle'

/** What the sandbox fails with when it is asked to fail with a code that nobody knows. */
const UNKNOWN = 'sandbox_unheard_of'
/** The panel, not the list of its rules. */
const DRAFT = /^Draft: (?!\d+ rules)/
/** By its title: what was done before may still be said in a corner. */
const DIALOG = /^(Add a|Edit the) rule$/
const rehearsal = { behaviour: 'failed_unlisted', seconds: 0.2 } as const

async function choose(dialog: Locator, field: string, option: string) {
  await dialog.getByRole('combobox', { name: field }).click()
  await dialog.page().getByRole('option', { name: option }).click()
}

async function expectAccessibleInEachLook(page: Page) {
  for (const look of LOOKS) {
    await wear(page, look)
    await expectAccessible(page, look.rules)
  }
  await wear(page, LOOKS[0])
}

test('a lead gives a code that nobody mapped a rule: tried out, published with a note, and followed from then on', async ({
  ownProduct,
  openElsewhere,
}) => {
  // Rules count for everybody, so that this errand has a product of its own.
  const product = await ownProduct()
  const db = connect(product.databaseUrl, 2)
  const page = await openElsewhere(product.url)
  const lena = await makePerson(db, ['lead', 'requester'], 'Lena Ortiz')
  await enter(page, lena)
  const first = await startJob(page, { rehearsal })
  const held = await untilState(page, first.id, 'awaiting_review')
  expect(held.attempts[0]).toMatchObject({ failureClass: 'unclassified', failureCode: UNKNOWN, rulesVersion: 1 })

  await page.goto('/rules')
  const unclassified = page.getByRole('region', { name: 'Unclassified' })
  const draft = page.getByRole('region', { name: DRAFT })
  const dialog = page.getByRole('dialog', { name: DIALOG })

  await test.step('the code stands under unclassified, and one click makes a rule for it', async () => {
    const line = unclassified.getByRole('listitem').filter({ hasText: UNKNOWN })
    await expect(line).toContainText('1 time')
    await expect(line.getByRole('link', { name: `job #${first.number}, attempt 1` })).toBeVisible()
    await expectAccessibleInEachLook(page)
    const make = line.getByRole('button', { name: `Make a rule: Code ${UNKNOWN}` })
    await make.click()
    await expect(dialog.getByRole('textbox', { name: 'Value' })).toHaveValue(UNKNOWN)
    // As it is, it would never be tried again by itself, and says why.
    await expect(dialog.getByRole('checkbox', { name: /^Try again by itself/ })).toBeDisabled()
    await expect(dialog).toContainText('Nobody knows yet what this means')
    await choose(dialog, 'Class', 'infrastructure')
    await dialog.getByRole('textbox', { name: 'Attempts at most' }).fill('two')
    await dialog.getByRole('button', { name: 'Keep in the draft' }).click()
    await expect(dialog).toContainText('Write a whole number.')
    await dialog.getByRole('textbox', { name: 'Attempts at most' }).fill('2')
    await dialog.getByRole('textbox', { name: 'First delay (s)' }).fill('0')
    await dialog.getByRole('textbox', { name: /^What people read/ }).fill('The new region of OpenAI was away.')
    await expectAccessible(page)
    const answer = await holdBack(page, '**/rules', 'POST')
    await dialog.getByRole('button', { name: 'Keep in the draft' }).click()
    // It is on its way: it stays until it is answered, and what is changed meanwhile counts.
    await expect(dialog.getByRole('button', { name: 'Cancel' })).toBeDisabled()
    await dialog.getByRole('textbox', { name: 'Attempts at most' }).fill('3')
    await page.keyboard.press('Escape')
    await expect(dialog).toBeVisible()
    await answer()
    await expect(dialog).toBeHidden()
    await expect(make).toBeFocused()
    await expect(draft).toContainText(`Added: Code ${UNKNOWN}. infrastructure: Tried again by itself, at once`)
    await page.getByRole('button', { name: `Edit: Code ${UNKNOWN}` }).click()
    await expect(dialog.getByRole('textbox', { name: 'Attempts at most' })).toHaveValue('3')
    await dialog.getByRole('textbox', { name: 'Attempts at most' }).fill('2')
    await dialog.getByRole('button', { name: 'Keep in the draft' }).click()
    await expect(dialog).toBeHidden()
  })

  await test.step('the draft is kept while one reads elsewhere, and says why it cannot be published yet', async () => {
    await page.goto(`/jobs/${first.number}`)
    await page.goto('/rules')
    await expect(draft).toContainText('To publish it, first run it dry')
    await expect(draft.getByRole('button', { name: /^Publish/ })).toBeHidden()
  })

  await test.step('the dry run shows what would have gone otherwise, and another change asks for another one', async () => {
    await draft.getByRole('button', { name: 'Dry run' }).click()
    await expect(draft).toContainText('1 of 1 failure in the last 30 days would have gone otherwise.')
    const row = draft.getByRole('row', { name: new RegExp(UNKNOWN) })
    await expect(row).toContainText('unclassified, held for a person')
    await expect(row).toContainText('infrastructure, tried again by itself')
    await expect(row.getByRole('link', { name: `#${first.number}` })).toBeVisible()
    await expect(draft).toContainText('To publish it, write what you changed and why.')
    await expectAccessibleInEachLook(page)

    await page.getByRole('button', { name: 'Remove: Holdpoint stopped it: gone' }).click()
    await expect(draft).toContainText('The draft was changed after its dry run.')
    // What is said in a corner is not in the way of the palette.
    const palette = page.getByRole('dialog', { name: 'Find or go to' })
    await page.keyboard.press('ControlOrMeta+k')
    await expect(palette).toBeVisible()
    await page.keyboard.press('Escape')
    await expect(palette).toBeHidden()
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect(page.getByRole('button', { name: 'Undo' })).toBeHidden()
    await expect(draft).toContainText('1 of 1 failure')

    // Undoing brings back what was removed, and leaves alone what was changed since.
    await page.getByRole('button', { name: 'Remove: Holdpoint stopped it: gone' }).click()
    await page.getByRole('button', { name: 'Remove: Holdpoint stopped it: unreadable' }).click()
    await page.getByRole('button', { name: 'Undo' }).last().click()
    await expect(page.getByRole('button', { name: 'Undo' })).toHaveCount(1)
    await expect(draft).toContainText('1 added, 1 removed')
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect(draft).toContainText('1 of 1 failure')
  })

  await test.step('what a policy refused is never tried again by itself, and says why not', async () => {
    await page.getByRole('searchbox', { name: 'Search the rules' }).fill('invalid_prompt')
    await page.getByRole('button', { name: 'Edit: Code invalid_prompt' }).click()
    const again = dialog.getByRole('checkbox', { name: /^Try again by itself/ })
    await expect(again).toBeDisabled()
    await expect(dialog).toContainText('What a policy refused would be refused again')
    // Called infrastructure, it is refused by the server.
    await choose(dialog, 'Class', 'infrastructure')
    await expect(again).toBeChecked()
    await dialog.getByRole('button', { name: 'Keep in the draft' }).click()
    await expect(dialog).toContainText('It fits invalid_prompt. What a policy refused would be refused again')
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    await expect(dialog).toBeHidden()
    await page.getByRole('searchbox', { name: 'Search the rules' }).fill('')
  })

  await test.step('published with a note, it is in force, and the code is unclassified no more', async () => {
    await draft.getByRole('textbox', { name: 'What you changed and why' }).fill('A new region, not yet named.')
    const answer = await holdBack(page, '**/rules', 'POST')
    await draft.getByRole('button', { name: 'Publish as version 2' }).click()
    await expect(draft.getByRole('button', { name: 'Drop the draft' })).toBeDisabled()
    await expect(page.locator('[inert]').getByText('Code invalid_prompt').first()).toBeVisible()
    await answer()
    await expect(draft).toBeHidden()
    const newest = page.getByRole('region', { name: 'Versions' }).getByRole('listitem').first()
    await expect(newest).toContainText('Version 2in force')
    await expect(newest).toContainText('A new region, not yet named.')
    await expect(newest).toContainText('Lena Ortiz')
    await expect(unclassified).toContainText('Every failure of the last 30 days has a rule')
  })

  await test.step('the next such failure follows the rule, and its page says which version decided', async () => {
    const second = await startJob(page, { rehearsal })
    // The sandbox fails in every attempt: it is tried again once by itself, as the rule allows, and then failed.
    const done = await untilState(page, second.id, 'failed')
    expect(done.attempts.find(({ number }) => number === 1)).toMatchObject({
      failureClass: 'infrastructure',
      failureCode: UNKNOWN,
      rulesVersion: 2,
    })
    expect(done.attempts).toHaveLength(2)
    await page.goto(`/jobs/${second.number}`)
    const attempts = await openTab(page, 'Attempts')
    const failed = attempts.getByRole('region', { name: 'Attempt 1' })
    await expect(failed).toContainText('The new region of OpenAI was away.')
    await failed.getByRole('link', { name: 'version 2 of the failure rules' }).click()
    await expect(page.getByRole('heading', { name: /^Version 2: \d+ rules$/ })).toBeVisible()
    // What was decided before stays as it was decided.
    expect((await readJob(page, first.id)).attempts[0]).toMatchObject({ rulesVersion: 1, failureClass: 'unclassified' })
  })

  await db.$disconnect()
})

test('of two leads who change the rules at once, the second is told, and puts their change on top', async ({
  ownProduct,
  openElsewhere,
}) => {
  const product = await ownProduct()
  const db = connect(product.databaseUrl, 2)
  const open = async (name: string) => {
    const page = await openElsewhere(product.url)
    await enter(page, await makePerson(db, ['lead'], name))
    await page.goto('/rules')
    return page
  }
  const draftOf = (page: Page) => page.getByRole('region', { name: DRAFT })
  const [one, other] = [await open('Lena Ortiz'), await open('Sam Reyes')]

  async function add(page: Page, code: string) {
    await page.getByRole('button', { name: 'Add a rule' }).click()
    const dialog = page.getByRole('dialog', { name: DIALOG })
    await dialog.getByRole('textbox', { name: 'Value' }).fill(code)
    await dialog.getByRole('button', { name: 'Keep in the draft' }).click()
    await expect(dialog).toBeHidden()
  }
  async function publish(page: Page, version: number) {
    const draft = draftOf(page)
    await draft.getByRole('button', { name: 'Dry run' }).click()
    await draft.getByRole('textbox', { name: 'What you changed and why' }).fill('Known by now.')
    await draft.getByRole('button', { name: `Publish as version ${version}` }).click()
  }

  await add(one, 'first_code')
  await add(other, 'second_code')
  await publish(one, 2)
  await expect(draftOf(one)).toBeHidden()

  await publish(other, 2)
  await expect(draftOf(other)).toContainText('Lena Ortiz published version 2 meanwhile, so that nothing was published.')
  await draftOf(other).getByRole('button', { name: 'Put these changes on top of version 2' }).click()
  await expect(draftOf(other)).toContainText('Draft: 1 added')
  await publish(other, 3)
  await expect(draftOf(other)).toBeHidden()
  await expect(other.getByRole('heading', { name: /^Version 3: / })).toBeVisible()
  await expect(other.getByRole('button', { name: 'Edit: Code first_code' })).toBeVisible()
  await expect(other.getByRole('button', { name: 'Edit: Code second_code' })).toBeVisible()
  await db.$disconnect()
})

test('a reviewer reads the rules and changes none', async ({ page, signIn }) => {
  await signIn('reviewer')
  await page.goto('/rules')
  await expect(page.getByRole('heading', { name: 'Infrastructure' })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Add a rule' })).toBeHidden()
  await expect(page.getByRole('button', { name: /^(Edit|Remove|Make a rule):/ })).toHaveCount(0)
})
