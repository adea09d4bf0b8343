/** What a person waits for without thinking of it: a page that listens, and one on which nothing moves any more. */
import type { BrowserContext, Page, Route } from '@playwright/test'

/**
 * From now on a page of `context` that is opened or loaded again is gone on with only once it listens. What is pressed or
 * typed before that is lost, and how long it takes depends on what else the machine does.
 */
export function untilListening(context: BrowserContext) {
  context.on('page', (page) => {
    const goto = page.goto.bind(page)
    const reload = page.reload.bind(page)
    page.goto = async (...args) => {
      const answer = await goto(...args)
      await whenListening(page)
      return answer
    }
    page.reload = async (...args) => {
      const answer = await reload(...args)
      await whenListening(page)
      return answer
    }
  })
}

/** In milliseconds. By time and not by frame: of two pages in one window only one draws frames. */
const polling = 50

async function whenListening(page: Page) {
  const listens = async () => {
    // Only pages of ours: each says in its HTML that scripts take it over.
    if (!('__next_f' in window)) return true
    const isTakenOver = () =>
      [...document.querySelectorAll('button, a[href], input, select, textarea')].every((control) =>
        Object.keys(control).some((key) => key.startsWith('__reactProps$')),
      )
    if (!isTakenOver()) return false
    // What listens to keys is set up just after the page was taken over: once the browser has nothing left to do.
    await new Promise((done) => requestIdleCallback(done, { timeout: 5_000 }))
    return isTakenOver()
  }
  await page.waitForFunction(listens, undefined, { polling })
}

/**
 * Waits until the page has done what it was told: it wears the colours of `scheme`, and nothing fades or slides. What
 * never ends, such as the pulse of a dot, is not waited for.
 */
export async function untilStill(page: Page, scheme?: 'light' | 'dark') {
  // Before the first page there is nothing that could move.
  if (page.url() === 'about:blank') return
  const rests = async (wanted: typeof scheme) => {
    const isWorn = () => {
      const followsSystem = (localStorage.getItem('theme') ?? 'system') === 'system'
      return wanted === undefined || !followsSystem || document.documentElement.classList.contains(wanted)
    }
    const isStill = () =>
      // While something closes, what lies under it is hidden from screen readers, the focus with it.
      document.querySelector('[data-ending-style]') === null &&
      document
        .getAnimations()
        .every(
          ({ effect, playState }) =>
            playState !== 'running' || effect?.getTiming().iterations === Number.POSITIVE_INFINITY,
        )
    if (!isWorn() || !isStill()) return false
    // What was just told to close begins with the next frame, and what depends on the width is drawn anew then.
    await new Promise((drawn) => {
      requestAnimationFrame(() => requestAnimationFrame(drawn))
      setTimeout(drawn, 500)
    })
    await new Promise((done) => requestIdleCallback(done, { timeout: 1_000 }))
    return isWorn() && isStill()
  }
  await page.waitForFunction(rests, scheme, { polling })
}

/** Holds back what is asked of `url`, such as what a button sends, until the function that it returns is called. */
export async function holdBack(page: Page, url: string | RegExp, method: 'GET' | 'POST'): Promise<() => Promise<void>> {
  let release = () => {}
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  const handler = async (route: Route) => {
    if (route.request().method() === method) await released
    await route.fallback()
  }
  await page.route(url, handler)
  return async () => {
    release()
    await page.unroute(url, handler)
  }
}
