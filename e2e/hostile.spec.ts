import type { Page } from '@playwright/test'
import { connect } from '@/lib/store/db.server'
import { builtins } from '@/lib/workflows/builtin'
import { publish } from '@/lib/workflows/store.server'
import { expect, follow, test } from './fixtures'
import {
  answer,
  answersOf,
  EVIL,
  giant,
  type Hostile,
  hostileFrom,
  itemsOf,
  reportOf,
  startHostileProvider,
} from './hostile-outputs'
import { LEASE, openTab, startJob } from './jobs'
import { withTools } from './permission-world'

// Without the policy that would stop what gets through: the pages must hold by themselves.
// No recording either: a picture of such a page at each step takes longer than the page.
test.use({ contextOptions: { bypassCSP: true }, trace: 'off', expectedErrors: [/evil\.example\/control/] })

type Case = {
  name: string
  workflow: string
  body: (hostile: Hostile) => Record<string, unknown>
  /** What is asked for; absent: `{ question }`. */
  input?: (question: string) => Record<string, unknown>
  /** Its words are never shown: codes are matched, and only codes that look like one are told. */
  isUnsaid?: true
}

const call = (hostile: Hostile, name: string) => ({
  type: 'function_call',
  call_id: `call_${name}`,
  name,
  arguments: JSON.stringify({
    tenant: hostile.text(),
    to: hostile.text(),
    text: hostile.text(),
    [hostile.text()]: hostile.text(),
  }),
  status: 'completed',
})

const CASES: readonly Case[] = [
  ...Array.from({ length: 5 }, (_, index) => ({
    name: `reports, ${index + 1}`,
    workflow: 'report',
    body: (hostile: Hostile) => ({
      output: [...itemsOf(hostile), answer(reportOf(hostile), { phase: 'final_answer' })],
    }),
  })),
  ...(
    [
      ['reply', (message) => ({ message, email: 'a@example.org' })],
      ['recommendation', (question) => ({ question, options: 'One\nTwo' })],
      ['action', (request) => ({ request, order: 'KC-1' })],
      ['extraction', (fields) => ({ fields })],
    ] satisfies [keyof typeof answersOf, NonNullable<Case['input']>][]
  ).map(([workflow, input]) => ({
    name: `an answer of ${workflow}`,
    workflow,
    input,
    body: (hostile: Hostile) => ({ output: [answer(answersOf[workflow](hostile))] }),
  })),
  {
    name: 'an answer in Markdown instead of JSON',
    workflow: 'report',
    body: (hostile) => ({
      output: [giant(hostile), answer(Array.from({ length: 20 }, () => hostile.text().slice(0, 900)).join('\n\n'))],
    }),
  },
  {
    name: 'a refusal',
    workflow: 'report',
    body: (hostile) => ({ output: [{ ...answer(''), content: [{ type: 'refusal', refusal: hostile.text() }] }] }),
  },
  {
    name: 'JSON that breaks off',
    workflow: 'report',
    body: (hostile) => ({
      status: 'incomplete',
      incomplete_details: { reason: 'max_output_tokens' },
      output: [answer(`{"title":${JSON.stringify(hostile.text())},"summary":"${hostile.text()}`)],
    }),
  },
  {
    name: 'an error',
    isUnsaid: true,
    workflow: 'report',
    body: (hostile) => ({ status: 'failed', error: { code: hostile.text(), message: hostile.text() }, output: [] }),
  },
  {
    name: 'calls that wait for a yes',
    workflow: 'deposits',
    body: (hostile) => ({
      output: [
        { type: 'reasoning', summary: [{ type: 'summary_text', text: hostile.text() }] },
        call(hostile, 'refund_deposit'),
        call(hostile, 'send_letter'),
        call(hostile, hostile.text()),
        {
          type: 'mcp_approval_request',
          id: 'mcpr_1',
          server_label: hostile.text(),
          name: hostile.text(),
          arguments: JSON.stringify({ a: hostile.text() }),
        },
      ],
    }),
  },
]

test('300 hostile outputs are read without a request leaving, a script running or a word missing', async ({
  ownProduct,
  openElsewhere,
}) => {
  const hostiles = CASES.map((_, index) => hostileFrom(index * 1_000))
  const provider = await startHostileProvider(CASES.map(({ body }, index) => body(hostiles[index] as Hostile)))
  expect(hostiles.reduce((sum, { marks }) => sum + marks.length, 0)).toBeGreaterThanOrEqual(300)
  try {
    const product = await ownProduct({ OPENAI_BASE_URL: provider.url, OPENAI_API_KEY: 'test' })
    const db = connect(product.databaseUrl, 2)
    const report = builtins.find(({ key }) => key === 'report')
    if (report === undefined) throw new Error('there is no report')
    await publish(db, withTools(report, 'https://tools.example.org'))
    await db.$disconnect()

    const page = await openElsewhere(product.url)
    const caught = await setTraps(page, product.url)
    await follow(page, product.ownerLink)
    const jobs = await Promise.all(
      CASES.map(({ workflow, input = (question) => ({ question }) }, index) =>
        startJob(page, {
          workflow,
          title: `case ${index}`,
          input: input(`Why? [case-${index}]`),
          documents: [{ name: 'lease.md', text: LEASE }],
          rehearsal: undefined,
        }),
      ),
    )
    for (const [index, { name, isUnsaid }] of CASES.entries()) {
      await test.step(name, async () => {
        const { id, number } = jobs[index] as (typeof jobs)[number]
        await expect
          .poll(async () => (await (await page.request.get(`/api/v1/jobs/${id}`)).json()).attempts[0]?.endedAt ?? null)
          .not.toBeNull()
        const seen = { read: new Set<string>(), raw: new Set<string>() }
        await page.goto(`/jobs/${number}`)
        await readAll(page, seen)
        await openTab(page, 'Trace')
        await readAll(page, seen)
        await openTab(page, 'Attempts')
        await readAll(page, seen)
        expect(await page.evaluate(() => window.caught), 'no script ran').toEqual([])
        expect(caught, 'no request left').toEqual([])
        expect(page.context().pages(), 'no window opened').toHaveLength(1)
        expect(page.frames(), 'no frame').toHaveLength(1)
        expect(new URL(page.url()).pathname, 'the page stayed').toBe(`/jobs/${number}`)
        const marks = isUnsaid ? [] : (hostiles[index]?.marks ?? [])
        // What is no address of the web is not set for reading.
        const unread = marks.filter((mark) => mark.startsWith('tx') && !seen.read.has(mark))
        expect(unread, `every text of ${name} is set for reading`).toEqual([])
        const lost = marks.filter((mark) => !seen.read.has(mark) && !seen.raw.has(mark))
        expect(lost, `nothing of ${name} is dropped`).toEqual([])
      })
    }

    // The same at the reviewers' desk: a report, and a letter that would leave.
    for (const index of [0, 5]) {
      await test.step(`${CASES[index]?.name}, at the desk`, async () => {
        const { number } = jobs[index] as (typeof jobs)[number]
        await page.goto(`/review/${number}`)
        await expect(page.getByRole('main').getByRole('heading', { level: 1 })).toBeVisible()
        await expectHarmless(page)
        expect(await page.evaluate(() => window.caught), 'no script ran').toEqual([])
        expect(caught, 'no request left').toEqual([])
      })
    }

    await test.step('the traps work', async () => {
      await page.evaluate((evil) => {
        document.body.insertAdjacentHTML('beforeend', `<img src="https://${evil}/control" onerror="trap('control')">`)
      }, EVIL)
      await expect.poll(() => page.evaluate(() => window.caught)).toEqual(['control'])
      expect(caught).toEqual([`https://${EVIL}/control`])
    })
  } finally {
    await provider.close()
  }
})

declare global {
  interface Window {
    caught: unknown[]
    trap: (what: unknown) => void
  }
}

/** What a script or a request that gets through is caught by. Gives the addresses that were asked for. */
async function setTraps(page: Page, own: string): Promise<string[]> {
  const caught: string[] = []
  await page.addInitScript(() => {
    window.caught = []
    window.trap = (what) => window.caught.push(what)
  })
  page.on('dialog', (dialog) => {
    caught.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  const { host } = new URL(own)
  await page.context().route(
    (url) => url.host !== host,
    (route) => {
      caught.push(route.request().url())
      return route.abort()
    },
  )
  return caught
}

type Seen = { read: Set<string>; raw: Set<string> }

/** Unfolds everything in the open tab, checks what it is made of, and adds the marks that a person can read there. */
async function readAll(page: Page, seen: Seen) {
  // The one before it may still be leaving.
  await expect(page.locator('[role=tabpanel]')).toHaveCount(1)
  for (const mark of await page.evaluate(marksWhenUnfolded, false)) seen.read.add(mark)
  await expectHarmless(page)
  for (const mark of await page.evaluate(marksWhenUnfolded, true)) seen.raw.add(mark)
  await expectHarmless(page)
}

/**
 * In the page: presses everything that shows more, each claim and each of its passages, and gives the marks that could be
 * read then. `isRaw`: also what shows a step as it came.
 */
async function marksWhenUnfolded(isRaw: boolean): Promise<string[]> {
  const marks = new Set<string>()
  const main = document.querySelector('main')
  if (main === null) throw new Error('there is no page of a job')
  const isRawView = (button: HTMLElement) => /^Raw view/.test(button.textContent ?? '')
  const all = (selector: string) => [...document.querySelectorAll<HTMLElement>(`main ${selector}`)]
  const press = async (buttons: readonly HTMLElement[]) => {
    for (const button of buttons) button.click()
    if (buttons.length > 0) await new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)))
  }
  const see = () => {
    // biome-ignore lint/performance/useDomNodeTextContent: what can be read, not what is there
    for (const [mark] of main.innerText.matchAll(/[at]x\d+x/g)) marks.add(mark)
  }
  if (isRaw) await press(all('[role=tabpanel] button').filter(isRawView))
  // Some levels of it: what is nested deeper goes on in the same way.
  for (let level = 0; level < 6; level += 1) {
    const folded = all('[role=tabpanel] button').filter(
      (button) => /^Show /.test(button.textContent ?? '') || (button.ariaExpanded === 'false' && !isRawView(button)),
    )
    if (folded.length === 0) break
    await press(folded)
  }
  see()
  for (const claim of isRaw ? [] : all('[data-claim]')) {
    await press([claim])
    see()
    for (const passage of all('ul[aria-label=Passages] button')) {
      await press([passage])
      see()
    }
  }
  return [...marks]
}

/** What the page is made of: nothing that loads or runs, and each link says its host. */
async function expectHarmless(page: Page) {
  const faults = await page.evaluate((evil) => {
    const found: string[] = []
    const active =
      'iframe, frame, object, embed, portal, base, form[action], video, audio, source, math, meta[http-equiv], foreignObject, image, [srcdoc], [srcset], [ping], [background], [formaction]'
    for (const element of document.querySelectorAll(`main :is(${active})`))
      found.push(`an element: ${element.outerHTML.slice(0, 200)}`)
    for (const element of document.querySelectorAll('main script, main style, main link, main img'))
      found.push(`an element: ${element.outerHTML.slice(0, 200)}`)
    for (const element of document.querySelectorAll('main *')) {
      for (const { name, value } of element.attributes) {
        if (name.startsWith('on')) found.push(`a handler: ${name}=${value.slice(0, 100)}`)
        if (name === 'src' || name === 'xlink:href' || (name === 'style' && value.includes('url(')))
          found.push(`${name}=${value.slice(0, 100)}`)
      }
    }
    for (const link of document.querySelectorAll<HTMLAnchorElement>('main a[href]')) {
      const isOwn = link.host === location.host && link.protocol === location.protocol
      if (isOwn) {
        if (/[at]x\d+x/.test(link.href)) found.push(`a link into the product: ${link.href}`)
        continue
      }
      if (!['http:', 'https:', 'mailto:'].includes(link.protocol)) found.push(`a link: ${link.href.slice(0, 100)}`)
      const host = link.protocol === 'mailto:' ? (link.pathname.split('@')[1] ?? '') : link.host
      if (!link.textContent.includes(host))
        found.push(`a link that hides its host: ${link.href} as ${link.textContent}`)
      if (!/noopener/.test(link.rel) || !/noreferrer/.test(link.rel)) found.push(`a link that tells: ${link.href}`)
    }
    if (document.title.includes(evil)) found.push(`the title: ${document.title}`)
    if (({} as { polluted?: string }).polluted !== undefined) found.push('a prototype that was changed')
    return found
  }, EVIL)
  expect(faults, 'the page is made of nothing that loads or runs').toEqual([])
}
