import { createHmac } from 'node:crypto'
import { connect } from '@/lib/store/db.server'
import { builtins } from '@/lib/workflows/builtin'
import { publish } from '@/lib/workflows/store.server'
import { expect, expectLooks, follow, test } from './fixtures'
import { LEASE, nextAction, openTab, QUESTION, readJob, standing, startJob, untilState } from './jobs'
import { CALLS, startCallingProvider, startToolServer, WHY, withTools } from './permission-world'

const REPORT = JSON.stringify({
  title: 'Deposit',
  summary: 'The deposit was refunded.',
  findings: [
    {
      claim: 'The deposit is returned within six weeks.',
      citations: [{ document: 'd1', quote: 'is returned within six weeks after the keys are handed back' }],
    },
  ],
  open_questions: [],
})
const ANSWER = [
  {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    status: 'completed',
    content: [{ type: 'output_text', text: REPORT, annotations: [] }],
  },
]

const SIGNING = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'

test('a reviewer edits and allows one call, denies another, and exactly one signed request leaves', async ({
  ownProduct,
  openElsewhere,
}) => {
  const [provider, tools] = await Promise.all([startCallingProvider([CALLS, ANSWER, CALLS]), startToolServer()])
  try {
    const product = await ownProduct({
      OPENAI_BASE_URL: provider.url,
      OPENAI_API_KEY: 'test',
      HOLDPOINT_ALLOW_PRIVATE: '127.0.0.1',
      REFUNDS_TOKEN: 'Bearer of-the-refunds',
      REFUNDS_SIGNING_SECRET: SIGNING,
    })
    const db = connect(product.databaseUrl, 2)
    const report = builtins.find(({ key }) => key === 'report')
    if (report === undefined) throw new Error('there is no report')
    await publish(db, withTools(report, tools.url))
    await db.$disconnect()

    const page = await openElsewhere(product.url)
    const asked: string[] = []
    page.on('request', (request) => asked.push(new URL(request.url()).host))
    await follow(page, product.ownerLink)
    const { id, number } = await startJob(page, {
      workflow: 'deposits',
      input: { question: QUESTION },
      documents: [{ name: 'lease.md', text: LEASE }],
      rehearsal: undefined,
    })
    await untilState(page, id, 'awaiting_review')
    await page.goto(`/jobs/${number}`)
    const refund = page.getByRole('region', { name: /refund_deposit/ })
    const letter = page.getByRole('region', { name: /send_letter/ })

    await test.step('the calls are shown with what they touch, where they go, why, and their arguments', async () => {
      await expect(nextAction(page)).toContainText('Answer the tool calls that wait.')
      await expect(refund).toContainText('Changes something')
      await expect(refund).toContainText('Moves money from the escrow account to the tenant.')
      await expect(refund).toContainText(`${new URL(tools.url).host}/refund`)
      await expect(refund).toContainText(WHY)
      await expect(refund).toContainText('Dana <i>Whitfield</i>')
      await expect(refund).toContainText('2,220')
      await expect(refund.locator('b, i, img')).toHaveCount(0)
      expect(tools.received).toEqual([])
      await expectLooks(page, 'permission, calls that wait', { fullPage: false })
    })

    await test.step('nothing is sent while an answer is missing, or a denial has no reason', async () => {
      await page.getByRole('button', { name: 'Answer…' }).click()
      await expect(refund).toContainText('Choose what becomes of this call.')
      await expect(refund.getByRole('radio').first()).toBeFocused()
      // By the keyboard: the second of the choices.
      await page.keyboard.press('ArrowDown')
      await expect(refund.getByRole('radio', { name: /Edit the arguments/ })).toBeChecked()
      await refund.getByRole('textbox', { name: /^Amount/ }).fill('1850.5')
      await letter.getByRole('radio', { name: /^Deny/ }).check()
      await page.getByRole('button', { name: 'Answer…' }).click()
      await expect(letter).toContainText('Give a reason: it goes back to the model.')
      await expect(letter.getByRole('textbox', { name: 'Reason' })).toBeFocused()
      await letter.getByRole('textbox', { name: 'Reason' }).fill('We tell her by telephone.')
    })

    const dialog = page.getByRole('dialog', { name: `Answer #${number}` })
    await test.step('what the tool’s schema refuses is said at its field', async () => {
      await refund.getByRole('textbox', { name: /^Amount/ }).fill('-3')
      await page.getByRole('button', { name: 'Answer…' }).click()
      await expect(refund).toContainText('Amount must be at least 0.')
      await expect(dialog, 'nothing to confirm before it fits').toBeHidden()
      await refund.getByRole('textbox', { name: /^Amount/ }).fill('1850.5')
    })

    await test.step('what leaves is shown to the letter before it does', async () => {
      await page.getByRole('button', { name: 'Answer…' }).click()
      await expect(dialog).toContainText('Allowed, with your arguments: refund_deposit')
      await expect(dialog).toContainText('"amount": 1850.5')
      await expect(dialog).toContainText('You changed Amount: the model asked for 2220, and 1850.5 leaves.')
      await expect(dialog).toContainText('Denied: send_letter')
      await expectLooks(page, 'permission, confirmation', { fullPage: false })
      expect(tools.received).toEqual([])
      await dialog.getByRole('button', { name: 'Allow 1, deny 1' }).click()
      await expect(dialog).toBeHidden()
    })

    await test.step('the tool got one signed request with the edited arguments', async () => {
      await untilState(page, id, 'awaiting_review')
      expect(tools.received).toHaveLength(1)
      const [arrived] = tools.received
      expect(JSON.parse(arrived?.body ?? '')).toMatchObject({
        tool: 'refund_deposit',
        arguments: { tenant: 'Dana <i>Whitfield</i>', amount: 1850.5, reason: 'Keys handed back.' },
        job: { id, number },
      })
      expect(arrived?.headers.authorization).toBe('Bearer of-the-refunds')
      const signed = `${arrived?.headers['webhook-id']}.${arrived?.headers['webhook-timestamp']}.${arrived?.body}`
      const key = Buffer.from(SIGNING.slice('whsec_'.length), 'base64')
      const signature = createHmac('sha256', key).update(signed).digest('base64')
      expect(arrived?.headers['webhook-signature']).toBe(`v1,${signature}`)
    })

    await test.step('the run went on from the response that asked, with both answers', async () => {
      expect(provider.creates).toHaveLength(2)
      const { attempts } = await readJob(page, id)
      expect(provider.creates[1]).toMatchObject({ previous_response_id: attempts[1]?.responseId })
      const outputs = provider.creates[1]?.input as { call_id: string; output: string }[]
      expect(outputs.map(({ call_id }) => call_id)).toEqual(['call_refund', 'call_letter'])
      expect(outputs[0]?.output).toContain('A reviewer changed the arguments of this call.')
      expect(outputs[0]?.output).toContain('R-2207')
      expect(outputs[1]?.output).toContain('We tell her by telephone.')
    })

    await test.step('who allowed what, what left and what came back stand with the attempt', async () => {
      await page.goto(`/jobs/${number}`)
      const attempts = await openTab(page, 'Attempts')
      await expect(attempts).toContainText('with edited arguments, made, and answered with HTTP 200.')
      await expect(attempts).toContainText('It was not made.')
      await attempts.getByRole('button', { name: 'Show the details of refund_deposit' }).click()
      await expect(attempts).toContainText('The model asked for:')
      await expect(attempts).toContainText('Paid <script>alert(1)</script>')
      await expectLooks(page, 'permission, calls made', { fullPage: false })
    })

    await test.step('a retry asks again, says what was made, and repeats nothing by itself', async () => {
      const answer = await page.request.post(`/api/v1/jobs/${id}/commands`, { data: { command: 'retry' } })
      expect(answer.status()).toBe(200)
      await expect.poll(async () => (await readJob(page, id)).attempts.length).toBe(3)
      await untilState(page, id, 'awaiting_review')
      await page.goto(`/jobs/${number}`)
      await expect(refund).toContainText('This tool was already called, with other arguments')
      await expect(refund).toContainText('1,850.5')
      expect(tools.received).toHaveLength(1)
    })

    await test.step('on the desk, what was filled in is kept while another item is read', async () => {
      const other = await startJob(page, {
        workflow: 'deposits',
        input: { question: QUESTION },
        documents: [{ name: 'lease.md', text: LEASE }],
        rehearsal: undefined,
      })
      await untilState(page, other.id, 'awaiting_review')
      await page.goto(`/review/${number}`)
      await refund.getByRole('radio', { name: /^Allow it/ }).check()
      await letter.getByRole('radio', { name: /^Deny/ }).check()
      await letter.getByRole('textbox', { name: 'Reason' }).fill('Not by post.')
      await page.getByRole('button', { name: 'Answer…' }).click()
      await dialog.getByRole('textbox', { name: 'Note' }).fill('She was told.')
      await dialog.getByRole('button', { name: 'Back' }).click()
      const items = page.getByRole('navigation', { name: 'Items that wait' })
      for (const item of [other.number, number]) {
        await items.getByRole('button', { name: new RegExp(`^#${item}\\b`) }).click()
        await expect(page.getByRole('heading', { level: 1, name: new RegExp(`^#${item}\\b`) })).toBeVisible()
      }
      await expect(letter.getByRole('textbox', { name: 'Reason' })).toHaveValue('Not by post.')
      await page.getByRole('button', { name: 'Answer…' }).click()
      await expect(dialog.getByRole('textbox', { name: 'Note' })).toHaveValue('She was told.')
      await page.goto(`/jobs/${number}`)
    })

    await test.step('whoever is too late is told who was faster', async () => {
      const { calls, reviews } = await readJob(page, id)
      // The page does not refresh before the press: else the dialog would say so itself.
      const refresh = Promise.withResolvers<void>()
      await page.route('**/api/v1/jobs/**', async (route) => {
        await refresh.promise
        await route.continue()
      })
      await refund.getByRole('radio', { name: /^Allow it/ }).check()
      await letter.getByRole('radio', { name: /^Allow it/ }).check()
      await page.getByRole('button', { name: 'Answer…' }).click()
      await expect(dialog).toBeVisible()
      const round = reviews.at(-1)?.number
      const answers = calls
        .filter((call) => call.round === round)
        .map((call) => ({ callId: call.id, allow: false, argumentsHash: call.argumentsHash, reason: 'No more.' }))
      const faster = await page.request.post(`/api/v1/jobs/${id}/commands`, {
        data: { command: 'answer', params: { answers } },
      })
      expect(faster.status(), await faster.text()).toBe(200)
      await dialog.getByRole('button', { name: 'Allow all 2' }).click()
      refresh.resolve()
      await expect(dialog.getByRole('alert')).toContainText(/changed nothing|not possible now/)
      await expect(dialog.getByRole('alert')).toContainText('It is now')
      expect(tools.received).toHaveLength(1)
    })

    expect(new Set(asked)).toEqual(new Set([new URL(product.url).host]))
    await expect(standing(page, 'completed')).toBeHidden()
  } finally {
    await provider.close()
    await tools.close()
  }
})
