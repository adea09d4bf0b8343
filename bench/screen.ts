/** What a reviewer sees of it: the next item after a keystroke, and how soon the page answers on a machine four times slower. */
import { chromium, type Page } from '@playwright/test'
import { findBrowser } from '@/e2e/browser'
import type { Product } from '@/e2e/product'
import { untilListening } from '@/e2e/settle'
import { decidable } from './decisions'
import { type Measured, measureOf } from './measure'
import { type Bench, PASSWORD } from './store'

const NEXT_TARGET_MS = 200
const INP_TARGET_MS = 100
const SLOWER = 4
const STEPS = 25
/** A person reads before the next keystroke; what comes next is read ahead meanwhile. */
const READING_MS = 900

export async function screenMeasures(bench: Bench, product: Product): Promise<Measured[]> {
  const [reviewer] = bench.reviewers
  const [first] = await decidable(bench, 1)
  if (reviewer === undefined || first === undefined) throw new Error('nobody reviews, or nothing waits')
  const browser = await chromium.launch({ executablePath: findBrowser() })
  try {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
    await context.addInitScript(OBSERVE)
    // What runs these scripts names functions by a helper of its own, which a page does not have.
    await context.addInitScript('globalThis.__name ??= (named) => named')
    untilListening(context)
    const page = await context.newPage()
    await signIn(page, product.url, reviewer.email)

    await openDesk(page, product.url, first.number)
    const next: number[] = []
    for (let step = 0; step < STEPS; step += 1) next.push(await nextItem(page))

    await slowDown(page)
    await openDesk(page, product.url, first.number)
    for (let step = 0; step < STEPS; step += 1) {
      await page.keyboard.press(step % 3 === 2 ? ']' : 'j')
      await page.waitForTimeout(READING_MS)
    }
    const desk = await interactions(page)

    await page.goto(`${product.url}/review`)
    await page.getByRole('table').first().waitFor()
    await page.waitForTimeout(READING_MS)
    for (let step = 0; step < STEPS; step += 1) {
      await page.keyboard.press(step % 5 === 4 ? 'x' : 'j')
      await page.waitForTimeout(READING_MS / 3)
    }
    const inbox = await interactions(page)
    return [
      measureOf('the next item on the screen', next, { target: NEXT_TARGET_MS }),
      measureOf(`an interaction at the desk, ${SLOWER}× slower`, desk, { target: INP_TARGET_MS }),
      measureOf(`an interaction in the inbox, ${SLOWER}× slower`, inbox, { target: INP_TARGET_MS }),
    ]
  } finally {
    await browser.close()
  }
}

async function signIn(page: Page, url: string, email: string): Promise<void> {
  await page.goto(`${url}/sign-in`)
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password').fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL((at) => !at.pathname.startsWith('/sign-in'))
}

async function openDesk(page: Page, url: string, number: number): Promise<void> {
  await page.goto(`${url}/review/${number}`)
  await page.getByRole('heading', { level: 1, name: new RegExp(`^#${number}\\b`) }).waitFor()
  await page.getByRole('region', { name: 'Decide' }).waitFor()
  await page.waitForTimeout(READING_MS * 2)
}

/** Presses J. @returns milliseconds from the keystroke, as the page got it, to the frame that shows another item. */
async function nextItem(page: Page): Promise<number> {
  // First it is listened, then pressed: a keystroke takes another way into the page, and overtakes a script.
  await page.evaluate(() => {
    const titleOf = () => document.querySelector('h1')?.textContent ?? ''
    const before = titleOf()
    const next = new Promise<number>((resolve, reject) => {
      const late = setTimeout(() => reject(new Error('no other item came within ten seconds')), 10_000)
      window.addEventListener(
        'keydown',
        ({ timeStamp }) => {
          const look = () => {
            const now = titleOf()
            if (now === before || !now.startsWith('#')) return requestAnimationFrame(look)
            // The frame after the one in which it was put there: by then it is painted.
            return requestAnimationFrame(() => {
              clearTimeout(late)
              resolve(performance.now() - timeStamp)
            })
          }
          requestAnimationFrame(look)
        },
        { once: true, capture: true },
      )
    })
    Object.assign(window, { benchNext: next })
  })
  await page.keyboard.press('j')
  const milliseconds = await page.evaluate(() => (window as unknown as { benchNext: Promise<number> }).benchNext)
  await page.waitForTimeout(READING_MS)
  return milliseconds
}

async function slowDown(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page)
  await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWER })
}

type Observed = { id: number; ms: number }

/** Keeps each interaction with its longest event, as INP counts them (web.dev/articles/inp). */
const OBSERVE = `
  window.benchInteractions = new Map()
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      if (!entry.interactionId) continue
      const before = window.benchInteractions.get(entry.interactionId) ?? 0
      window.benchInteractions.set(entry.interactionId, Math.max(before, entry.duration))
    }
  }).observe({ type: 'event', buffered: true, durationThreshold: 16 })
`

/** The interactions since the page was opened, in milliseconds; those under 16 ms are not told by the browser. */
async function interactions(page: Page): Promise<number[]> {
  const observed = await page.evaluate(() =>
    [...(window as unknown as { benchInteractions: Map<number, number> }).benchInteractions].map(
      ([id, ms]): Observed => ({ id, ms }),
    ),
  )
  if (observed.length === 0) throw new Error('the browser told of no interaction')
  return observed.map(({ ms }) => ms)
}
