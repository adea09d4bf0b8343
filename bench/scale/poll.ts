/** What a poll costs where nothing changed, beside drawing the page; and what many watching browsers ask of the database. */
import { type BrowserContext, chromium } from '@playwright/test'
import pg from 'pg'
import { findBrowser } from '@/e2e/browser'
import { giveCommand } from '@/lib/store/command.server'
import { everything, runningJob } from '../engine'
import { type Measured, measureOf } from '../measure'
import { cpuOf, postmasterOf, until } from '../processes'
import type { Bench, Reviewer } from '../store'
import { type Answer, read, signedIn, startWeb, TooBusy, type Web } from '../web'

const BLOCKS = 10
const POLLS = 200
const PAGES = 5
const TIMES_LESS = 20
/** Of a block. */
const MOST_CHANGED = 2

/** Milliseconds of processor of one request, the web server's and the database's: of blocks, one after another. */
export async function cpuMeasures(bench: Bench, web: Web, cookie: string): Promise<Measured[]> {
  const postmaster = postmasterOf(bench.dataDir)
  const used = () => cpuOf(web.pid) + cpuOf(postmaster)
  const list = `${web.url}/api/v1/jobs`
  const page = `${web.url}/jobs`
  for (let turn = 0; turn < 10; turn += 1) await read(page, { cookie })
  // A server that has just begun to listen for changes answers without a tag.
  await until('the list to have an ETag', async () => (await read(list, { cookie })).etag !== null)
  const each = async (count: number, request: () => Promise<void>) => {
    const before = used()
    for (let turn = 0; turn < count; turn += 1) await request()
    return (used() - before) / count
  }
  const polls: number[] = []
  const pages: number[] = []
  for (let block = 0; block < BLOCKS; block += 1) {
    let { etag } = await read(list, { cookie })
    let changed = 0
    polls.push(
      await each(POLLS, async () => {
        if (etag === null) throw new Error('the list has no ETag')
        const answer = await read(list, { cookie, 'if-none-match': etag })
        if (answer.status === 304) return
        // A claim that ran out, say: it counts, with the whole list that it costs.
        changed += 1
        etag = answer.etag
        if (changed > MOST_CHANGED)
          throw new Error(`${changed} polls where nothing changes were answered ${answer.status}`)
      }),
    )
    pages.push(await each(PAGES, async () => void (await read(page, { cookie }))))
  }
  return [
    measureOf('an unchanged poll of the list', polls, {
      unit: 'ms of CPU',
      statistic: 'median',
      theirs: pages,
      beside: 'drawing the page',
      target: { timesLess: TIMES_LESS },
    }),
  ]
}

const WATCH_SECONDS = 30
const COUNTS = [10, 100, 1_000] as const
/** Below one query a second, what the server asks for itself is most of it. */
const FLOOR = 1

/** What one browser that watches the list asks for, and how often: in milliseconds. */
type Habit = { path: string; everyMs: number }

export async function pollMeasures(bench: Bench): Promise<Measured[]> {
  const web = await startWeb(bench)
  try {
    const [reviewer] = bench.reviewers
    if (reviewer === undefined) throw new Error('there is no reviewer')
    const measures = await cpuMeasures(bench, web, await signedIn(web, reviewer))
    const running = await someRunning(bench)
    try {
      const habits = await habitsOf(web, await signedIn(web, reviewer))
      measures.push(...(await watchersMeasures(bench, web, habits)))
    } finally {
      for (const id of running) {
        await giveCommand(bench.db, everything, id, { command: 'abandon', note: 'Made by the bench.' }, 'api')
      }
    }
    return measures
  } finally {
    await web.stop()
  }
}

/** A few jobs that run: a list with them is asked for most often, and so is how the watch over them goes. */
async function someRunning({ db }: Bench): Promise<string[]> {
  const ids: string[] = []
  for (let made = 0; made < 5; made += 1) ids.push((await runningJob(db)).id)
  return ids
}

/** A real browser is watched for a while: what it asks for by itself is what the others ask for too. */
async function habitsOf(web: Web, cookie: string): Promise<Habit[]> {
  const browser = await chromium.launch({ executablePath: findBrowser() })
  try {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
    await giveCookie(context, web.url, cookie)
    const page = await context.newPage()
    await page.goto(`${web.url}/jobs`)
    await page.getByRole('table').first().waitFor()
    const asked = new Map<string, number>()
    page.on('request', (request) => {
      const { pathname, search, origin } = new URL(request.url())
      if (origin !== web.url || request.method() !== 'GET' || !pathname.startsWith('/api/')) return
      const path = `${pathname}${search}`
      asked.set(path, (asked.get(path) ?? 0) + 1)
    })
    await page.waitForTimeout(WATCH_SECONDS * 1_000)
    if (asked.size === 0) throw new Error('the page asked for nothing')
    return [...asked].map(([path, times]) => ({ path, everyMs: (WATCH_SECONDS * 1_000) / times }))
  } finally {
    await browser.close()
  }
}

export async function giveCookie(context: BrowserContext, url: string, cookie: string): Promise<void> {
  await context.addCookies(
    cookie
      .split('; ')
      .map((pair) => ({ name: pair.slice(0, pair.indexOf('=')), value: pair.slice(pair.indexOf('=') + 1), url })),
  )
}

async function watchersMeasures(bench: Bench, web: Web, habits: Habit[]): Promise<Measured[]> {
  const counter = await countQueries(bench)
  try {
    const ratesOf = async (count: number) => {
      const { rates, polls } = await watched(count, { web, habits, reviewers: bench.reviewers, counter })
      return { rates: rates.map((rate) => Math.max(rate, FLOOR)), polls }
    }
    const { rates: few } = await ratesOf(COUNTS[0])
    const measures: Measured[] = []
    for (const count of COUNTS.slice(1)) {
      const { rates, polls } = await ratesOf(count)
      const share = Math.round((polls.unanswered / polls.asked) * 100)
      const unanswered =
        polls.unanswered === 0 ? 'All were answered.' : `${share} % found the machine too busy to answer.`
      measures.push(
        measureOf(`queries with ${count.toLocaleString('en')} watching browsers`, rates, {
          unit: 'queries/s',
          statistic: 'median',
          theirs: few,
          beside: `${COUNTS[0]} browsers`,
          target: { timesOfIt: 1.5 },
          note: `Each asks ${habits.map(({ path, everyMs }) => `${path.replace(/=.*/, '=…')} every ${(everyMs / 1_000).toFixed(1)} s`).join(', ')}. Less than ${FLOOR} a second counts as ${FLOOR}. ${unanswered}`,
        }),
      )
    }
    return measures
  } finally {
    await counter.close()
  }
}

type Counter = { total: () => Promise<number>; close: () => Promise<void> }

/** How many statements the store was asked, those of whoever counts left out. */
async function countQueries({ superuserUrl, url }: Bench): Promise<Counter> {
  const name = new URL(url).pathname.slice(1)
  const there = new pg.Client({ connectionString: superuserUrl })
  await there.connect()
  await there.query('CREATE EXTENSION IF NOT EXISTS pg_stat_statements')
  return {
    total: async () => {
      const { rows } = await there.query<{ calls: string }>(
        `SELECT coalesce(sum(calls), 0) AS calls FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid WHERE d.datname = $1`,
        [name],
      )
      return Number(rows[0]?.calls)
    },
    close: () => there.end(),
  }
}

const PART_SECONDS = 5
const WATCHED_PARTS = 4

/** How many polls were made, and how many of them the machine was too busy to answer. */
type Polls = { asked: number; unanswered: number }

/** Lets `count` browsers watch. @returns queries a second, of some seconds each. */
async function watched(
  count: number,
  { web, habits, reviewers, counter }: { web: Web; habits: Habit[]; reviewers: Reviewer[]; counter: Counter },
): Promise<{ rates: number[]; polls: Polls }> {
  const stop = new AbortController()
  const failures: unknown[] = []
  const polls: Polls = { asked: 0, unanswered: 0 }
  const watchers = Array.from({ length: count }, (_, index) =>
    Promise.all(
      habits.map((habit) =>
        follow(web, habit, { key: reviewers[index % reviewers.length]?.key ?? '', signal: stop.signal, polls }).catch(
          (error: unknown) => {
            failures.push(error)
          },
        ),
      ),
    ),
  )
  // Each has its answers in hand before anything counts.
  await pause(Math.max(...habits.map(({ everyMs }) => everyMs)) + 3_000)
  const rates: number[] = []
  for (let part = 0; part < WATCHED_PARTS; part += 1) {
    const before = await counter.total()
    const begun = performance.now()
    await pause(PART_SECONDS * 1_000)
    rates.push(((await counter.total()) - before) / ((performance.now() - begun) / 1_000))
  }
  stop.abort()
  await Promise.all(watchers)
  if (failures.length > 0) {
    const [first] = failures
    const why = first instanceof Error ? `${first.message}: ${String(first.cause ?? '')}` : String(first)
    throw new Error(`${failures.length} of ${count} watchers broke off (${why})`)
  }
  return { rates, polls }
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

const OF_THE_LINE = [
  'ECONNRESET',
  'ECONNREFUSED',
  'UND_ERR_SOCKET',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
]

const isOfTheLine = (error: unknown) =>
  error instanceof TypeError && OF_THE_LINE.includes((error.cause as NodeJS.ErrnoException | undefined)?.code ?? '')

/** One request again and again, as a browser does: at its own moment, with what it has in hand. */
async function follow(
  web: Web,
  { path, everyMs }: Habit,
  { key, signal, polls }: { key: string; signal: AbortSignal; polls: Polls },
): Promise<void> {
  await pause(Math.random() * everyMs)
  let etag: string | null = null
  while (!signal.aborted) {
    const begun = performance.now()
    const headers: Record<string, string> = { authorization: `Bearer ${key}` }
    if (etag !== null) headers['if-none-match'] = etag
    const answer: Answer | null = await read(`${web.url}${path}`, headers).catch((error: unknown) => {
      if (!isOfTheLine(error) && !(error instanceof TooBusy)) throw error
      return null
    })
    polls.asked += 1
    // Like a browser: where the line broke, or nobody answered in time, it asks again when it is time to.
    if (answer === null) polls.unanswered += 1
    else if (answer.etag !== null) etag = answer.etag
    await pause(Math.max(everyMs - (performance.now() - begun), 0))
  }
}
