/** What every browser test stands on: people who are signed in, and pages that may not print errors. */
import { randomBytes } from 'node:crypto'
import AxeBuilder from '@axe-core/playwright'
import { type BrowserContext, test as base, expect, type Page } from '@playwright/test'
import { createKey } from '@/lib/access/keys.server'
import { createUser } from '@/lib/access/people.server'
import type { Role } from '@/lib/lifecycle/table'
import type { Counters } from '@/lib/sandbox/store.server'
import { connect, type Db } from '@/lib/store/db.server'
import { launchOwn, type OwnProduct } from './product'
import { untilListening, untilStill } from './settle'

export { expect }

export type Person = { id: string; name: string; email: string; password: string; roles: readonly Role[] }

export type Fixtures = {
  /** Messages of the browser's console that the test provokes on purpose, such as /409/. */
  expectedErrors: RegExp[]
  /** Makes a person with these roles. Nobody is signed in by it. */
  newPerson: (roles: Role | readonly Role[], name?: string) => Promise<Person>
  /** Makes a person with these roles and signs `page` in as them. */
  signIn: (roles: Role | readonly Role[], name?: string) => Promise<Person>
  /** A second browser, in which a person with these roles is signed in. */
  signInElsewhere: (roles: Role | readonly Role[], name?: string) => Promise<{ page: Page; person: Person }>
  /** A second browser in which nobody is signed in, at the product under test or at `url`. */
  openElsewhere: (url?: string) => Promise<Page>
  /** An API key of a service. */
  apiKey: (roles: Role | readonly Role[]) => Promise<string>
  /** A product of the test's own, with `extra` in its environment. It goes with the test. */
  ownProduct: (extra?: Record<string, string>) => Promise<OwnProduct>
  /** As `ownProduct`, on a machine on which it was never started. */
  firstProduct: () => Promise<OwnProduct>
  /** What the sandbox has counted: how often each attempt and each job was really sent. */
  sandboxCounters: () => Promise<Counters>
}

type WorkerFixtures = {
  /** The database of the product under test, as the application's role. */
  db: Db
}

export const test = base.extend<Fixtures, WorkerFixtures>({
  expectedErrors: [[], { option: true }],

  db: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures from the pattern.
    async ({}, use) => {
      const db = connect(required('HOLDPOINT_E2E_DATABASE_URL'), 3)
      await use(db)
      await db.$disconnect()
    },
    { scope: 'worker' },
  ],

  context: async ({ context, expectedErrors }, use) => {
    untilListening(context)
    const printed = watch(context)
    await use(context)
    expectQuiet(printed, expectedErrors)
  },

  newPerson: async ({ db }, use) => {
    await use((roles, name) => makePerson(db, roles, name))
  },

  signIn: async ({ page, newPerson }, use) => {
    await use(async (roles, name) => {
      const person = await newPerson(roles, name)
      await enter(page, person)
      return person
    })
  },

  openElsewhere: async ({ browser, expectedErrors, contextOptions }, use) => {
    const opened: { context: BrowserContext; printed: string[] }[] = []
    await use(async (url = required('HOLDPOINT_E2E_URL')) => {
      const context = await browser.newContext({ ...contextOptions, baseURL: url })
      untilListening(context)
      opened.push({ context, printed: watch(context) })
      return context.newPage()
    })
    for (const { context, printed } of opened) {
      await context.close()
      expectQuiet(printed, expectedErrors)
    }
  },

  signInElsewhere: async ({ openElsewhere, newPerson }, use) => {
    await use(async (roles, name) => {
      const person = await newPerson(roles, name)
      const page = await openElsewhere()
      await enter(page, person)
      return { page, person }
    })
  },

  apiKey: async ({ db }, use) => {
    await use(async (roles) => {
      const { key } = await createKey(db, { name: 'e2e', roles: [roles].flat(), userId: null, createdBy: null })
      return key
    })
  },

  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures from the pattern.
  ownProduct: async ({}, use) => {
    await withProducts(use, (extra?: Record<string, string>) => launchOwn(extra))
  },

  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures from the pattern.
  firstProduct: async ({}, use) => {
    await withProducts(use, () => launchOwn({}, ''))
  },

  sandboxCounters: async ({ request }, use) => {
    await use(async () => {
      const answer = await request.get(`${required('HOLDPOINT_E2E_SANDBOX_URL')}/sandbox/counters`)
      return (await answer.json()) as Counters
    })
  },
})

function required(name: string): string {
  const value = process.env[name]
  if (!value) throw new Error(`${name} is not set: the global setup did not run.`)
  return value
}

async function withProducts<A extends unknown[]>(
  use: (start: (...args: A) => Promise<OwnProduct>) => Promise<void>,
  launchOne: (...args: A) => Promise<OwnProduct>,
) {
  const products: OwnProduct[] = []
  await use(async (...args) => {
    const product = await launchOne(...args)
    products.push(product)
    return product
  })
  for (const product of products) expect(await product.close(), product.printed()).toBe(0)
}

/** Makes a person in `db` with a password of their own. */
export async function makePerson(db: Db, roles: Role | readonly Role[], name = 'Dana Whitfield'): Promise<Person> {
  const unique = randomBytes(5).toString('hex')
  const person = { name, email: `${unique}@example.org`, password: `pass-${unique}-word`, roles: [roles].flat() }
  return { ...person, ...(await createUser(db, person)) }
}

/** Signs `page` in, as its browser would after the form was sent. */
export async function enter(page: Page, { email, password }: Person) {
  const answer = await page.request.post('/api/auth/sign-in/email', { data: { email, password } })
  expect(answer.status(), 'the person can sign in').toBe(200)
}

/** Opens a sign-in link in `page` and presses its button. */
export async function follow(page: Page, link: string | null) {
  await page.goto(link ?? '')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page).toHaveURL(/\/jobs$/)
}

function watch(context: BrowserContext): string[] {
  const printed: string[] = []
  context.on('console', (message) => {
    if (message.type() === 'error') printed.push(`${message.text()} (${message.location().url})`)
  })
  context.on('weberror', (error) => printed.push(String(error.error())))
  return printed
}

function expectQuiet(printed: readonly string[], expected: readonly RegExp[]) {
  const stray = printed.filter((line) => !expected.some((pattern) => pattern.test(line)))
  expect(stray, 'the page prints no error').toEqual([])
}

const ALL_RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
const COLOUR_RULES = ['color-contrast', 'link-in-text-block']

/**
 * Fails with what axe finds on the page as it is now: WCAG 2.2 A and AA, and its best practices; or only what it finds
 * of the colours.
 */
export async function expectAccessible(page: Page, rules: 'all' | 'colours' = 'all') {
  await untilStill(page)
  const axe = new AxeBuilder({ page })
    // In the page itself: there are no frames here, and a blank page for each analysis takes longer than the analysis.
    .setLegacyMode()
    // Of what is in order it would otherwise work out selectors, too.
    .options({ resultTypes: ['violations'] })
  const { violations } = await (rules === 'all' ? axe.withTags(ALL_RULES) : axe.withRules(COLOUR_RULES)).analyze()
  const found = violations.map(({ id, help, nodes }) => ({ id, help, at: nodes.map((node) => node.target.join(' ')) }))
  expect(found, 'axe finds nothing').toEqual([])
}

/**
 * The looks in which every page is tried. A theme changes nothing but colours, so each width and each theme is tried once
 * with all rules of axe, and the other two with those of colours.
 */
export const LOOKS = [
  { name: 'light, wide', colorScheme: 'light', viewport: { width: 1440, height: 900 }, rules: 'all' },
  { name: 'dark, wide', colorScheme: 'dark', viewport: { width: 1440, height: 900 }, rules: 'colours' },
  { name: 'light, narrow', colorScheme: 'light', viewport: { width: 375, height: 812 }, rules: 'colours' },
  { name: 'dark, narrow', colorScheme: 'dark', viewport: { width: 375, height: 812 }, rules: 'all' },
] as const

type Look = (typeof LOOKS)[number]

/** Shows `page` in one of the `LOOKS`, without loading it again, and waits until it wears it. */
export async function wear(page: Page, look: Look) {
  await page.emulateMedia({ colorScheme: look.colorScheme })
  await page.setViewportSize(look.viewport)
  await untilStill(page, look.colorScheme)
}

/**
 * Looks at the page as it stands in each of `looks`: axe finds nothing, nothing is cut off, and a picture is kept under
 * `name`. It wears the first of all looks afterwards.
 */
export async function expectLooks(
  page: Page,
  name: string,
  { looks = LOOKS, fullPage = true }: { looks?: readonly Look[]; fullPage?: boolean } = {},
) {
  for (const look of looks) {
    await wear(page, look)
    await expectAccessible(page, look.rules)
    const beyond = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
    expect(beyond, `${name} fits its width (${look.name})`).toBeLessThanOrEqual(0)
    await page.screenshot({ path: `test-results/screens/${name} (${look.name}).png`, fullPage })
  }
  await wear(page, LOOKS[0])
}
