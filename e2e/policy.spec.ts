import type { Page } from '@playwright/test'
import type { Db } from '@/lib/store/db.server'
import { readBuiltins } from '@/lib/workflows/builtin.server'
import type { WorkflowDefinition } from '@/lib/workflows/definition'
import { publish } from '@/lib/workflows/store.server'
import { expect, expectAccessible, LOOKS, test, wear } from './fixtures'
import { jobToDecide } from './jobs'
import { holdBack, untilStill } from './settle'

let made = 0

/** Tests share a database: each edits a workflow of its own, made from the built-in report. */
async function ownWorkflow(db: Db, change: Partial<WorkflowDefinition> = {}): Promise<WorkflowDefinition> {
  const report = readBuiltins().find(({ key }) => key === 'report')
  if (report === undefined) throw new Error('There is no built-in report.')
  made += 1
  const key = `policy-${Date.now().toString(36)}-${made}`
  const review = { approvals: 1, requesterMayApprove: true, dueHours: 24, undoSeconds: 0 }
  const definition = { ...report, key, name: `Audited ${made}`, review, ...change }
  await publish(db, definition)
  return definition
}

async function choose(page: Page, field: string, option: string) {
  await page.getByRole('combobox', { name: field, exact: true }).click()
  await page.getByRole('option', { name: option, exact: true }).click()
  // What is pressed next stands still by then.
  await untilStill(page)
}

const policy = (page: Page) => page.getByRole('region', { name: 'Policy' })
const publishButton = (page: Page) => page.getByRole('button', { name: 'Publish as the next version' })

test('a lead edits a policy, sees what changes, and publishes it; what waits keeps what it was asked under', async ({
  page,
  signIn,
  db,
}) => {
  await signIn(['lead', 'requester'], 'Lena Lead')
  const { key } = await ownWorkflow(db)
  const job = await jobToDecide(page, { workflow: key })

  await page.goto(`/workflows/${key}`)
  await expect(policy(page)).toContainText('One person')
  await policy(page).getByRole('link', { name: 'Edit policy' }).click()
  await expect(page.getByText('Nothing was changed yet.')).toBeVisible()
  await expect(publishButton(page)).toBeHidden()

  await choose(page, 'How many people', 'Two different people')
  await choose(page, 'Who', 'Named roles, in their order')
  await choose(page, 'Approval 2', 'Lead')
  await page.getByRole('checkbox', { name: 'Whoever asked for the job may approve it' }).uncheck()
  await page.getByRole('textbox', { name: 'Due after, in hours' }).fill('1.5')
  await choose(page, 'When it is overdue', 'The leads are told, and it waits on')

  await page.getByRole('button', { name: 'Add a rule' }).click()
  await page.getByRole('textbox', { name: 'Why more is asked' }).fill('A statement stands in no document')
  await choose(page, 'It applies when', 'A claim stands in no document')
  await choose(page, 'How it stands out', 'High risk')
  await page.getByRole('region', { name: 'When more is asked' }).getByText('Each result is decided by itself').click()
  await page.getByRole('button', { name: 'Done' }).click()
  await choose(page, 'What happens', 'Somebody hands it over')
  await page.getByRole('textbox', { name: 'What somebody does with it' }).fill('Print it and sign it.')

  const words = page.getByRole('region', { name: 'In words' })
  await expect(words).toContainText('One person')
  await expect(words).toContainText('A reviewer, then a lead; not whoever asked for it')
  await expect(words).toContainText('If a statement stands in no document: each result by itself; high risk')
  await expect(words).toContainText('due after 90 minutes, then the leads are told; 24 hours later it expires')
  await expect(words).toContainText('By hand: Print it and sign it.')
  await expect(page.getByText('One job waits under version 1 and keeps its policy.')).toBeVisible()
  await page.getByRole('textbox', { name: /What you changed and why/ }).fill('Four eyes from now on.')
  const answer = await holdBack(page, '**/policy', 'POST')
  await publishButton(page).click()
  // What is published is what stands there: nothing can be changed meanwhile.
  await expect(page.locator('[inert]').getByText('Due after, in hours')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Drop the changes' })).toBeDisabled()
  await answer()

  await expect(page).toHaveURL(`/workflows/${key}?version=2`)
  await expect(policy(page)).toContainText('A reviewer, then a lead; not whoever asked for it')
  await expect(policy(page)).toContainText('If a statement stands in no document')
  await expect(policy(page)).toContainText('By hand: Print it and sign it.')
  await expect(page.getByRole('region', { name: 'Versions' })).toContainText('Four eyes from now on.')
  await page.getByRole('link', { name: 'Compare version 1 with this one' }).click()
  await expect(page.getByRole('region', { name: 'What that means for the policy' })).toContainText('One person')

  const round = await db.reviewRound.findFirstOrThrow({ where: { jobId: job.id } })
  expect([round.approvals, round.requesterMayApprove]).toEqual([1, true])
})

test('what is wrong is told at its field, and nothing is published before it is put right', async ({
  page,
  signIn,
  db,
}) => {
  await signIn('lead')
  const { key } = await ownWorkflow(db)
  await page.goto(`/workflows/${key}/policy`)

  const due = page.getByRole('textbox', { name: 'Due after, in hours' })
  await due.fill('1,5')
  await expect(due).toHaveAccessibleDescription(/Write a number from 0.01 to 8,760. Write it without commas/)
  await due.fill('2')
  await expect(due).toHaveAccessibleDescription('')

  await page.getByRole('button', { name: 'Add a rule' }).click()
  await publishButton(page).click()
  const why = page.getByRole('textbox', { name: 'Why more is asked' })
  await expect(why).toBeFocused()
  await expect(why).toHaveAccessibleDescription(/Write why more is asked/)
  await expect(page.getByRole('alert').filter({ hasText: '2 things are to be put right.' })).toBeVisible()
  await page.getByRole('button', { name: 'Remove: Rule 1' }).click()

  await choose(page, 'What happens', 'A signed request')
  const address = page.getByRole('textbox', { name: 'Address' })
  const secret = page.getByRole('textbox', { name: /Variable with the secret/ })
  await address.fill('ftp://files.example.org')
  await expect(address).toHaveAccessibleDescription(/must be an address that begins with http/)
  await address.fill('https://api.example.org/reports')
  await secret.fill('OPENAI_API_KEY')
  await expect(secret).toHaveAccessibleDescription(/opens Holdpoint itself, and no delivery carries it/)
  await publishButton(page).click()
  await expect(secret).toBeFocused()
  expect(await db.workflowVersion.count({ where: { key } })).toBe(1)

  await secret.fill('')
  await expect(page.getByRole('region', { name: 'In words' })).toContainText(
    'Signed request to https://api.example.org/reports',
  )
  await publishButton(page).click()
  await expect(page).toHaveURL(`/workflows/${key}?version=2`)
})

test('a rule looks at what the answers of its workflow have, and the first of several counts', async ({
  page,
  signIn,
  db,
}) => {
  await signIn('lead')
  const { key } = await ownWorkflow(db)
  await page.goto(`/workflows/${key}/policy`)
  for (const [why, value] of [
    ['It speaks of money', 'euros?'],
    ['It speaks of a notice', 'notice'],
  ] as const) {
    await page.getByRole('button', { name: 'Add a rule' }).click()
    await page.getByRole('textbox', { name: 'Why more is asked' }).fill(why)
    await page.getByRole('combobox', { name: 'What stands at' }).click()
    await page.getByRole('combobox', { name: 'Search the answer' }).fill('claim')
    await page.getByRole('option', { name: '/findings/*/claim', exact: true }).click()
    await page.getByRole('combobox', { name: 'Comparison' }).click()
    await expect(page.getByRole('option', { name: 'is more than' })).toBeHidden()
    await page.getByRole('option', { name: 'matches the pattern' }).click()
    await page.getByRole('textbox', { name: 'Pattern' }).fill(value)
    await choose(page, 'How many people then', 'Two different people')
    await page.getByRole('button', { name: 'Done' }).click()
  }
  await page.getByRole('button', { name: 'Move up: It speaks of a notice' }).click()
  const words = page.getByRole('region', { name: 'In words' })
  await expect(words).toContainText(/notice: two different people.*money: two different people/)
  await publishButton(page).click()
  await expect(policy(page).getByRole('listitem')).toHaveText([
    /^If it speaks of a notice.*any \/findings\/\*\/claim matches notice$/,
    /^If it speaks of money.*any \/findings\/\*\/claim matches euros\?$/,
  ])
})

test('a lead who was overtaken is told, and compares with what is current before publishing', async ({
  page,
  signIn,
  db,
}) => {
  await signIn('lead')
  const definition = await ownWorkflow(db)
  const { key, review } = definition
  await page.goto(`/workflows/${key}/policy`)
  await choose(page, 'How many people', 'Two different people')
  await publish(db, { ...definition, review: { ...review, dueHours: 12 } })
  await publishButton(page).click()

  await expect(page.getByText('This was begun from version 1, and version 2 is current by now.')).toBeVisible()
  await expect(publishButton(page)).toBeHidden()
  await page.getByRole('button', { name: 'Compare with version 2' }).click()
  await expect(page.getByRole('region', { name: 'In words' })).toContainText('due after 12 hours')
  await publishButton(page).click()
  await expect(page).toHaveURL(`/workflows/${key}?version=3`)
  await expect(policy(page)).toContainText('Two different people')
})

test('a reviewer reads a policy and cannot edit it', async ({ page, signIn, db }) => {
  await signIn('reviewer')
  const { key } = await ownWorkflow(db)
  await page.goto(`/workflows/${key}`)
  await expect(policy(page)).toContainText('One person')
  await expect(page.getByRole('link', { name: 'Edit policy' })).toBeHidden()
  await page.goto(`/workflows/${key}/policy`)
  await expect(page.getByText('This page is for leads and owners')).toBeVisible()
  await expect(publishButton(page)).toBeHidden()
})

test('whoever leaves with changes is asked first', async ({ page, signIn, db }) => {
  await signIn('lead')
  const { key } = await ownWorkflow(db)
  await page.goto(`/workflows/${key}/policy`)
  await choose(page, 'How many people', 'Nobody, once every check passes')
  await page.getByRole('textbox', { name: /^Sample, in percent/ }).fill('5')
  await page.getByRole('link', { name: 'Back to the workflow' }).click()
  const dialog = page.getByRole('alertdialog', { name: 'Leave without publishing?' })
  // The palette is for the page, not for what stands above it.
  await page.keyboard.press('ControlOrMeta+k')
  await expect(page.getByRole('dialog', { name: 'Find or go to' })).toBeHidden()
  await dialog.getByRole('button', { name: 'Stay here' }).click()
  await expect(dialog).toBeHidden()
  await page.keyboard.press('ControlOrMeta+k')
  const palette = page.getByRole('dialog', { name: 'Find or go to' })
  await palette.getByRole('combobox').fill('queues')
  await palette.getByRole('option', { name: 'Queues', exact: true }).click()
  await expect(dialog).toBeVisible()
  await dialog.getByRole('button', { name: 'Stay here' }).click()
  await expect(page.getByRole('region', { name: 'In words' })).toContainText('5\u00a0% are held as a sample')
  await page.getByRole('button', { name: 'Drop the changes' }).click()
  await page.getByRole('link', { name: 'Back to the workflow' }).click()
  await expect(page).toHaveURL(`/workflows/${key}`)
})

test('the policy and its form read well in every look', async ({ page, signIn, db }, info) => {
  await signIn('lead')
  const { key } = await ownWorkflow(db)
  await page.goto(`/workflows/${key}/policy`)
  await choose(page, 'How many people', 'Two different people')
  await choose(page, 'Who', 'Named roles, in their order')
  await page.getByRole('button', { name: 'Add a rule' }).click()
  await page.getByRole('textbox', { name: 'Why more is asked' }).fill('A statement stands in no document')
  await choose(page, 'What happens', 'An e-mail')
  await publishButton(page).click()
  await expect(page.getByRole('alert').filter({ hasText: 'things are to be put right.' })).toBeVisible()
  for (const look of LOOKS) {
    await wear(page, look)
    await expectAccessible(page, look.rules)
    await page.screenshot({ path: info.outputPath(`policy, ${look.name}.png`), fullPage: true })
  }
})

test('a policy with everything in it reads well in every look', async ({ page, signIn, db }, info) => {
  await signIn('lead')
  const { key } = await ownWorkflow(db, {
    review: {
      approvals: 0,
      samplePercent: 5,
      requesterMayApprove: false,
      dueHours: 24,
      atDeadline: 'escalates',
      undoSeconds: 10,
      byRisk: [
        {
          id: 'long',
          label: 'It speaks of money',
          when: { if: 'value', at: '/findings/*/claim', is: { be: 'matching', pattern: 'euros?' } },
          risk: 'high',
          ask: { approvals: 2, roles: ['reviewer', 'lead'], blind: true, dueHours: 4 },
        },
        { id: 'unsupported', label: 'A statement stands in no document', when: { if: 'claims_unsupported' }, ask: {} },
      ],
    },
    delivery: { kind: 'http', url: 'https://api.example.org/reports', body: '/findings' },
  })
  await page.goto(`/workflows/${key}`)
  await expect(policy(page)).toContainText('Nobody, once every check passes; 5\u00a0% are held as a sample')
  await expect(policy(page)).toContainText('None was held yet')
  for (const look of LOOKS) {
    await wear(page, look)
    await expectAccessible(page, look.rules)
    await policy(page).screenshot({ path: info.outputPath(`read, ${look.name}.png`) })
  }
})
