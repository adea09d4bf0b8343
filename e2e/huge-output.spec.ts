import type { Locator, Page } from '@playwright/test'
import { expect, follow, test } from './fixtures'
import { answer, startHostileProvider } from './hostile-outputs'
import { LEASE, openTab, startJob } from './jobs'
import { holdBack } from './settle'

// A picture of such a page at each step takes longer than the page.
test.use({ trace: 'off' })

const LAST = 'the-very-last'
const elements = Array.from({ length: 100_000 }, (_, index) => ({
  name: index === 99_999 ? LAST : `element ${index}`,
  note: 'some words that make it as long as a line of a table is',
}))

type Case = {
  name: string
  text: string
  /** What a person does to get to the end of it. */
  reach: (page: Page, panel: Locator) => Promise<void>
}

const CASES: readonly Case[] = [
  {
    name: 'one line of 10 MB',
    text: `The beginning ${'word '.repeat(2_000_000)}${LAST}`,
    reach: async (_page, panel) => {
      await panel.getByRole('button', { name: 'Show the end' }).click()
      await expect(panel.getByText(LAST)).toBeVisible()
    },
  },
  {
    name: 'JSON of 100,000 elements',
    text: JSON.stringify({ elements }),
    reach: async (page, panel) => {
      const tree = panel.getByRole('region', { name: /^JSON, 100,00\d rows/ })
      await tree.focus()
      await page.keyboard.press('End')
      const last = tree.getByRole('button', { name: /99999: object of 2/ })
      await expect(last).toBeInViewport()
      await last.click()
      await tree.focus()
      await page.keyboard.press('End')
      await expect(tree.getByText(LAST)).toBeInViewport()
    },
  },
  {
    name: 'a list of 10,000 levels',
    text: `{"deep":${'['.repeat(10_000)}${']'.repeat(10_000)},"after":"${LAST}"}`,
    reach: async (page, panel) => {
      await expect(panel.getByText(LAST)).toBeVisible()
      // What comes after the first levels unfolds one by one, also by keyboard.
      const folded = panel.getByRole('button', { expanded: false, name: /0: list of 1/ })
      for (let level = 0; level < 30; level += 1) {
        await folded.focus()
        await page.keyboard.press('ArrowRight')
      }
      await expect(panel.getByText('level 30')).toBeVisible()
    },
  },
  {
    name: 'a million marks on one letter',
    text: `a${'\u0335\u0321\u0322\u0334'.repeat(250_000)} ${LAST}`,
    reach: async (_page, panel) => {
      await expect(panel.getByText(/^U\+0335 U\+0321 U\+0322 … ×19/)).toBeVisible()
      await panel.getByRole('button', { name: 'Show the end' }).click()
      await expect(panel.getByText(LAST)).toBeVisible()
    },
  },
  {
    name: 'a hidden character after each of a million letters',
    text: `${'a\u200b'.repeat(1_000_000)} ${LAST}`,
    reach: async (_page, panel) => {
      await panel.getByRole('button', { name: 'Show the end' }).click()
      await expect(panel.getByText(LAST)).toBeVisible()
      expect(await panel.evaluate((shown) => shown.textContent?.includes('\u200b'))).toBe(false)
    },
  },
  {
    name: 'a report of 100,000 findings',
    text: JSON.stringify({
      title: 'T',
      summary: 'S',
      findings: elements.map(({ name }) => ({ claim: name, citations: [] })),
      open_questions: [],
    }),
    reach: async (_page, panel) => {
      await panel.getByRole('button', { name: 'Show the last 100', exact: true }).click()
      await panel.getByText(LAST, { exact: true }).scrollIntoViewIfNeeded()
      await expect(panel.getByText(LAST, { exact: true })).toBeInViewport()
    },
  },
]

/** Of everything on the page: what is in sight, and what is a press away from it. */
const MOST_NODES = 6_000

test('outputs of 10 MB are folded, their end is reached, and the page stays a page', async ({
  ownProduct,
  openElsewhere,
}) => {
  const provider = await startHostileProvider(CASES.map(({ text }) => ({ output: [answer(text)] })))
  try {
    const product = await ownProduct({ OPENAI_BASE_URL: provider.url, OPENAI_API_KEY: 'test' })
    const page = await openElsewhere(product.url)
    await page.addInitScript(watchLongTasks)
    await follow(page, product.ownerLink)
    for (const [index, { name, reach }] of CASES.entries()) {
      await test.step(name, async () => {
        const { id, number } = await startJob(page, {
          title: name,
          input: { question: `Why? [case-${index}]` },
          documents: [{ name: 'lease.md', text: LEASE }],
          rehearsal: undefined,
        })
        await expect
          .poll(async () => (await (await page.request.get(`/api/v1/jobs/${id}`)).json()).result !== null, {
            timeout: 60_000,
          })
          .toBe(true)
        const release = await holdBack(page, `**/api/v1/jobs/${id}`, 'GET')
        await page.goto(`/jobs/${number}`)
        if (index === 0) {
          // Whoever left before it was read is offered nothing on what is not there yet when they come back.
          await expect(page.getByText('This is very large. Reading it…')).toBeVisible()
          await page.getByRole('link', { name: 'Jobs', exact: true }).first().click()
          await page.getByRole('link', { name }).first().click()
          await expect(page.getByText('This is very large. Reading it…')).toBeVisible()
          await expect(page.getByRole('button', { name: 'Approve…' })).toBeHidden()
        }
        await release()
        const panel = page.getByRole('tabpanel', { name: 'Result and evidence' })
        await expect(panel).toBeVisible()
        expect(await nodesOf(page), 'what is not in sight is not drawn').toBeLessThan(MOST_NODES)
        await reach(page, panel)
        expect(await nodesOf(page), 'nor is it at the end').toBeLessThan(MOST_NODES)
        expect(await isTooWide(page), 'nothing makes the page scroll sideways').toBe(false)
        // It still does what it is told.
        await openTab(page, 'History')
        await expect(page.getByRole('tabpanel', { name: 'History' })).toBeVisible()
        await openTab(page, 'Trace')
        expect(await nodesOf(page), 'the trace is folded too').toBeLessThan(MOST_NODES)
        const longest = await page.evaluate(() => window.longestTask)
        test.info().annotations.push({ type: 'longest task', description: `${name}: ${Math.round(longest)} ms` })
      })
    }
  } finally {
    await provider.close()
  }
})

declare global {
  interface Window {
    /** Milliseconds for which the page did not answer, at most. */
    longestTask: number
  }
}

function watchLongTasks() {
  window.longestTask = 0
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) window.longestTask = Math.max(window.longestTask, duration)
  }).observe({ type: 'longtask', buffered: true })
}

const nodesOf = (page: Page) => page.evaluate(() => document.querySelectorAll('body *').length)

const isTooWide = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth)
