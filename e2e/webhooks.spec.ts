import { randomBytes } from 'node:crypto'
import { type Received, sendJson, startScriptedServer } from '@/lib/provider/scripted-server'
import { parseSecrets, sign } from '@/lib/webhooks/signature'
import { expect, expectAccessible, follow, LOOKS, test, wear } from './fixtures'
import { LEASE, openTab, QUESTION, readJob, standing, startJob, untilState } from './jobs'

const ANSWER = {
  title: 'Rent',
  summary: 'The rent is due on the third working day.',
  findings: [
    {
      claim: 'The rent is due on the third working day of each month.',
      citations: [{ document: 'd1', quote: 'is due on the third working day of each month' }],
    },
  ],
  open_questions: [],
}

const newSecret = () => `whsec_${randomBytes(24).toString('base64')}`

/** A webhook as OpenAI sends it. */
function post(url: string, about: string, secret: string, id = `evt_${randomBytes(12).toString('hex')}`) {
  const at = new Date()
  const event = {
    id,
    object: 'event',
    type: 'response.completed',
    created_at: Math.floor(at.getTime() / 1_000),
    data: { id: about },
  }
  const body = new TextEncoder().encode(JSON.stringify(event))
  const [key] = parseSecrets(secret).keys
  if (key === undefined) throw new Error('this secret cannot be used')
  const headers = { 'content-type': 'application/json', ...sign(body, key, id, at) }
  return fetch(`${url}/api/webhooks/openai`, { method: 'POST', headers, body })
}

test('a lead sets webhooks up, proves the way in, and sees what came and what was forged', async ({
  ownProduct,
  openElsewhere,
}) => {
  const secret = newSecret()
  const server = await startScriptedServer(0.5, JSON.stringify(ANSWER))
  try {
    const product = await ownProduct({
      OPENAI_BASE_URL: server.baseUrl,
      OPENAI_API_KEY: 'test',
      OPENAI_WEBHOOK_SECRET: secret,
    })
    const page = await openElsewhere(product.url)
    await follow(page, product.ownerLink)
    const main = page.getByRole('main')

    await test.step('the page says which way is in use, and what is missing', async () => {
      await page.goto('/settings/transport')
      await expect(main.getByRole('heading', { name: 'Holdpoint looks by itself' })).toBeVisible()
      await expect(main).toContainText('none about a response has come yet')
      await expect(main.getByRole('heading', { name: /The secret.*one is set/ })).toBeVisible()
      await expect(main).not.toContainText(secret)
    })

    await test.step('a test that does not get through says where it stopped', async () => {
      const address = main.getByRole('textbox', { name: 'Public address' })
      await address.fill('https://holdpoint.example.org/other')
      await expect(main).toContainText('Leave /other out')
      await expect(main.getByRole('button', { name: 'Send a test' })).toBeDisabled()
      await address.fill('http://127.0.0.1:1')
      await main.getByRole('button', { name: 'Send a test' }).click()
      await expect(main.getByText(/The connection failed|Nobody listens there/)).toBeVisible()
      await address.fill(new URL(server.baseUrl).origin)
      await main.getByRole('button', { name: 'Send a test' }).click()
      await expect(main.getByText('Something else answered')).toBeVisible()
    })

    await test.step('one that does shows that the way in is open', async () => {
      await main.getByRole('textbox', { name: 'Public address' }).fill(product.url)
      await expect(main.locator('code').getByText(`${product.url}/api/webhooks/openai`)).toBeVisible()
      await main.getByRole('button', { name: 'Send a test' }).click()
      await expect(main.getByText(/^It arrived, after/)).toBeVisible()
      await expect(main.getByRole('heading', { name: /The public address.*leads here/ })).toBeVisible()
    })

    await test.step('a forged one is refused and counted; one of another type is kept', async () => {
      expect((await post(product.url, 'resp_x', newSecret())).status).toBe(400)
      expect((await post(product.url, 'resp_of_others', secret)).status).toBe(200)
      await expect(async () => {
        await main.getByRole('button', { name: 'Check again' }).click()
        await expect(main.getByText(/^forged, altered, or signed with a secret that is not set here/)).toBeVisible()
        // By a worker, which finds within a second that no call of ours misses its answer.
        await expect(main.getByText('about a response of somebody else')).toBeVisible({ timeout: 1_000 })
      }).toPass()
    })

    await test.step('a lost answer is adopted once a webhook names it', async () => {
      let lost = { id: '', metadata: {} as unknown }
      server.next((response, { body }: Received) => {
        lost = { id: `resp_${randomBytes(12).toString('hex')}`, metadata: JSON.parse(body).metadata }
        response.destroy()
      })
      const { id, number } = await startJob(page, { rehearsal: undefined, input: { question: QUESTION } })
      expect((await untilState(page, id, 'awaiting_review')).nextAction.kind).toBe('resolve_unknown')
      const answer = (response: Parameters<typeof sendJson>[0]) =>
        sendJson(response, 200, {
          id: lost.id,
          object: 'response',
          status: 'completed',
          created_at: Math.floor(Date.now() / 1_000) - 2,
          completed_at: Math.floor(Date.now() / 1_000),
          metadata: lost.metadata,
          output: [
            {
              type: 'message',
              role: 'assistant',
              content: [{ type: 'output_text', text: JSON.stringify(ANSWER), annotations: [] }],
            },
          ],
        })
      for (let times = 0; times < 3; times += 1) server.next(answer)
      expect((await post(product.url, lost.id, secret, 'evt_that_names_it')).status).toBe(200)
      expect((await post(product.url, lost.id, secret, 'evt_that_names_it')).status).toBe(200)
      await expect.poll(async () => (await readJob(page, id)).nextAction.kind).toBe('decide')
      await page.goto(`/jobs/${number}`)
      await expect(standing(page, 'awaiting_review')).toBeVisible()
      const history = await openTab(page, 'History')
      await expect(history).toContainText('The lost answer was found, and the job went on with it.')
      await expect(history).toContainText('Webhook came (attempt 1): completed')
      await expect(history).toContainText('It came 2 times')
      const creates = server.received.filter(({ method, path }) => method === 'POST' && path === '/v1/responses')
      expect(creates).toHaveLength(1)
    })

    await test.step('the page reads well in every look', async () => {
      await page.goto('/settings/transport')
      await expect(main.getByText('named a lost answer, which was adopted')).toBeVisible()
      await main.getByText('To change the secret later without a gap').click()
      for (const look of LOOKS) {
        await wear(page, look)
        await expectAccessible(page, look.rules)
        const shot = await page.screenshot({ fullPage: true })
        await test.info().attach(`transport, ${look.name}`, { body: shot, contentType: 'image/png' })
        const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
        expect(wider, 'nothing is wider than the page').toBeLessThanOrEqual(0)
      }
    })
  } finally {
    await server.close()
  }
})

test('who does not lead a team is told who does', async ({ page, signIn }) => {
  await signIn('reviewer')
  await page.goto('/settings/account')
  await expect(page.getByRole('navigation', { name: 'Settings' }).getByRole('link', { name: 'Transport' })).toBeHidden()
  await page.goto('/settings/transport')
  await expect(page.getByText('This page is for leads and owners')).toBeVisible()
})

test('the sandbox’s own webhooks are seen to arrive, and nothing has to be set up', async ({ page, signIn }) => {
  await signIn(['lead', 'requester'])
  const { id, number } = await startJob(page, { documents: [{ name: 'lease.md', text: LEASE }] })
  await untilState(page, id, 'awaiting_review')
  await page.goto('/settings/transport')
  const main = page.getByRole('main')
  await expect(main).toContainText('The sandbox sends its webhooks here by itself')
  await expect(async () => {
    await main.getByRole('button', { name: 'Check again' }).click()
    await expect(main.getByRole('link', { name: `#${number}`, exact: true }).first()).toBeVisible({ timeout: 1_000 })
  }).toPass()
})
