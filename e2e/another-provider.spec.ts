import { type Received, startScriptedServer } from '@/lib/provider/scripted-server'
import { builtins } from '@/lib/workflows/builtin'
import { expect, follow, test } from './fixtures'
import { LEASE, nextAction, openCommand, openTab, QUESTION, readJob, standing, untilState } from './jobs'

/** One statement that the lease carries, and one that nothing does. `<b>` and the image are what a model may write. */
const ANSWER = {
  title: 'Rent <b>and</b> pets',
  summary: 'The rent is due on the third working day. ![x](https://evil.example/pixel.png)',
  findings: [
    {
      claim: 'The rent is due on the third working day of each month.',
      citations: [{ document: 'd1', quote: 'is due on the third working day of each month' }],
    },
    { claim: 'Pets are welcome.', citations: [] },
  ],
  open_questions: [],
}

const isCreate = ({ method, path }: Received) => method === 'POST' && path === '/v1/responses'

test('with another server of the Responses API the main errand is the same, and nothing can be rehearsed', async ({
  ownProduct,
  openElsewhere,
}) => {
  const server = await startScriptedServer(0.5, JSON.stringify(ANSWER))
  const creates = () =>
    server.received.filter(isCreate).map(({ headers, body }) => ({ headers, body: JSON.parse(body) }))
  try {
    const product = await ownProduct({ OPENAI_BASE_URL: server.baseUrl, OPENAI_API_KEY: 'test' })
    expect(product.sandboxUrl).toBeNull()
    const page = await openElsewhere(product.url)
    const asked: string[] = []
    page.on('request', (request) => asked.push(new URL(request.url()).host))
    await follow(page, product.ownerLink)

    await test.step('a job is asked for on the form, which offers no rehearsal', async () => {
      await page.goto('/jobs/new?workflow=report')
      await page.getByRole('textbox', { name: /^Question/ }).fill(QUESTION)
      await page.getByRole('button', { name: 'Paste text' }).click()
      await page.getByRole('textbox', { name: /^Text/ }).fill(LEASE)
      await page.getByRole('textbox', { name: 'Name of the document' }).fill('lease')
      await page.getByRole('button', { name: 'Add as a document' }).click()
      await expect(page.getByText('Ready to start.')).toBeVisible()
      await expect(page.getByRole('heading', { name: 'Rehearse' })).toBeHidden()
      await expect(page.getByText('no model is called')).toBeHidden()
      await page.getByRole('button', { name: 'Start job' }).click()
      await expect(page).toHaveURL(/\/jobs\/1$/)
      await expect(standing(page, 'awaiting_review')).toBeVisible({ timeout: 60_000 })
    })

    const { id, attempts, reviews } = await readJob(page, 1)
    await test.step('what arrived is one background call, stored, named and with a strict schema', async () => {
      expect(creates()).toHaveLength(1)
      const [create] = creates()
      expect(create?.headers.authorization).toBe('Bearer test')
      expect(create?.headers).not.toHaveProperty('x-holdpoint-rehearsal')
      const report = builtins.find(({ key }) => key === 'report')
      expect(create?.body).toMatchObject({
        model: report?.model,
        background: true,
        store: true,
        metadata: { job_id: id, attempt_id: expect.stringMatching(/^[0-9a-f-]{36}$/) },
        text: { format: { type: 'json_schema', name: 'report', strict: true, schema: report?.output.schema } },
      })
      expect(create?.body.stream ?? false).toBe(false)
      expect(create?.body.input).toContain('The deposit of 2,220 euros')
      expect(create?.body.input).toContain(QUESTION)
      expect(server.received.filter(({ method }) => method === 'GET').length).toBeGreaterThanOrEqual(1)
      expect(attempts[0]?.provider).toBe(new URL(server.baseUrl).host)
      expect(reviews[0]?.kind).toBe('result')
    })

    await test.step('the claim without a passage is called so; what the model wrote is only text', async () => {
      const main = page.getByRole('main')
      await expect(main.getByText('Rent <b>and</b> pets')).toBeVisible()
      await expect(main.locator('article img')).toHaveCount(0)
      const bare = main.getByRole('button', { name: /Pets are welcome\..*Nothing in the documents carries this/ })
      await bare.click()
      const evidence = page.getByRole('region', { name: 'Evidence for 2 of 2' })
      await expect(evidence).toContainText('Nothing in the documents carries this')
      await main.getByRole('button', { name: /third working day of each month/ }).click()
      await expect(page.locator('mark[data-active]')).toHaveText('is due on the third working day of each month')
      await expect(main.getByRole('heading', { name: /1 failed/ })).toBeVisible()
      const shown = await openTab(page, 'Attempts')
      await expect(shown).toContainText('10, 4 of them reasoning')
      expect(new Set(asked)).toEqual(new Set([new URL(product.url).host]))
    })

    await test.step('another attempt is another call, with the guidance, and then it is approved', async () => {
      const retry = await openCommand(page, 'Retry')
      await retry.getByRole('textbox', { name: 'What should be different' }).fill('Leave the pets out.')
      await retry.getByRole('button', { name: 'Retry', exact: true }).click()
      await expect(retry).toBeHidden()
      const again = await untilState(page, id, 'awaiting_review')
      expect(again.attempts).toHaveLength(2)
      expect(creates()).toHaveLength(2)
      expect(creates()[1]?.body.input).toContain('Leave the pets out.')
      const names = creates().map(({ body }) => body.metadata?.attempt_id)
      expect(new Set(names).size, 'exactly one create an attempt').toBe(2)

      await expect(nextAction(page)).toContainText('Decide on this report.')
      const approve = await openCommand(page, 'Approve')
      await expect(approve).toContainText('Nothing in the documents carries: “Pets are welcome.”')
      // Accepting it all the same says why.
      await approve.getByRole('textbox', { name: 'Note' }).fill('The pets are left out of the letter.')
      await approve.getByRole('button', { name: 'Approve', exact: true }).click()
      await expect(standing(page, 'completed')).toBeVisible()
    })
  } finally {
    await server.close()
  }
})
