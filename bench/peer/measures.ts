/** Beside pg-boss and its dashboard: same machine, same PostgreSQL, as many jobs. */
import { gzipSync } from 'node:zlib'
import { type Browser, chromium } from '@playwright/test'
import { findBrowser } from '@/e2e/browser'
import { startWorker } from '@/lib/engine/worker.server'
import { fileOf } from '@/lib/generate/material'
import { giveCommand } from '@/lib/store/command.server'
import { wake } from '@/lib/store/move.server'
import { atEnd } from '../cleanup'
import { BenchProvider, everything, runningJob } from '../engine'
import { interleaved, type Measured, measureOf, timed } from '../measure'
import { cpuOf, postmasterOf, startNode, until } from '../processes'
import { giveCookie } from '../scale/poll'
import { recoverySeconds } from '../scale/wake'
import type { Bench } from '../store'
import { read, signedIn, startWeb, type Web } from '../web'
import { type Boss, openBoss } from './boss'
import { type Dashboard, startDashboard } from './dashboard'

const PEER_NAME = 'pg-boss and its dashboard'
const AHEAD = { timesOfIt: 1 }
const ROUNDS = 25

export async function peerMeasures(bench: Bench): Promise<Measured[]> {
  const boss = await openBoss(bench)
  const measures: Measured[] = []
  const web = await startWeb(bench)
  try {
    const dashboard = await startDashboard(boss.url)
    try {
      const [reviewer] = bench.reviewers
      if (reviewer === undefined) throw new Error('there is no reviewer')
      const cookie = await signedIn(web, reviewer)
      measures.push(...(await pages(bench, web, cookie, dashboard)))
      measures.push(...(await polls(bench, web, cookie, dashboard)))
      measures.push(await scripts(web, cookie, dashboard))
      measures.push(await ages(bench, { web, cookie, dashboard, boss }))
    } finally {
      await dashboard.stop()
    }
  } finally {
    await web.stop()
  }
  measures.push(await addToStart(bench, boss))
  measures.push(await afterKill(bench, boss))
  await boss.close()
  return measures
}

/** What a person waits for: the document, as it is asked for in a browser, and the data behind it. */
async function pages({ jobs }: Bench, web: Web, cookie: string, dashboard: Dashboard): Promise<Measured[]> {
  const file = fileOf(Math.round(jobs / 2))
  const found = await read(`${web.url}/api/v1/jobs?q=${file}`, { cookie })
  const times = await interleaved(ROUNDS, {
    ourPage: () => read(`${web.url}/jobs`, { cookie }),
    theirPage: () => read(`${dashboard.url}/jobs?state=all`, {}),
    ourData: () => read(`${web.url}/api/v1/jobs`, { cookie }),
    theirData: () => read(`${dashboard.url}/jobs.data?state=all`, {}),
    ourFind: () => read(`${web.url}/api/v1/jobs?q=${file}`, { cookie }),
    theirFind: () => read(`${dashboard.url}/jobs.data?state=all&data.file=${file}`, {}),
  })
  const finds = found.text.includes(file) || (JSON.parse(found.text) as { items: unknown[] }).items.length > 0
  const common = { statistic: 'median', beside: PEER_NAME, target: AHEAD } as const
  return [
    measureOf('the first page of the list, as a document', times.ourPage, { ...common, theirs: times.theirPage }),
    measureOf('the first page of the list, its data', times.ourData, {
      ...common,
      theirs: times.theirData,
      note: 'Ours has 50 rows and a count, theirs 20.',
    }),
    ...(finds
      ? [
          measureOf('a job by a string in its payload', times.ourFind, {
            ...common,
            theirs: times.theirFind,
            note: 'Theirs is told the key and the whole value; ours any word.',
          }),
        ]
      : []),
  ]
}

const BLOCKS = 8
const POLLS = 100
const RELOADS = 10

/** Theirs never polls: what is shown there is as new as the last reload. So a reload of its data is what stands beside. */
async function polls(bench: Bench, web: Web, cookie: string, dashboard: Dashboard): Promise<Measured[]> {
  const postmaster = postmasterOf(bench.dataDir)
  const list = `${web.url}/api/v1/jobs`
  const reload = `${dashboard.url}/jobs.data?state=all`
  const { etag } = await read(list, { cookie })
  if (etag === null) throw new Error('the list has no ETag')
  const each = async (pid: number, count: number, request: () => Promise<unknown>) => {
    const used = () => cpuOf(pid) + cpuOf(postmaster)
    const before = used()
    for (let turn = 0; turn < count; turn += 1) await request()
    return (used() - before) / count
  }
  const ours: number[] = []
  const theirs: number[] = []
  for (let block = 0; block < BLOCKS; block += 1) {
    ours.push(await each(web.pid, POLLS, () => read(list, { cookie, 'if-none-match': etag })))
    theirs.push(await each(dashboard.pid, RELOADS, () => read(reload, {})))
  }
  const bytes = await Promise.all([wireBytes(list, { cookie, 'if-none-match': etag }), wireBytes(reload, {})])
  const common = { statistic: 'median', beside: `${PEER_NAME}, reloaded`, target: AHEAD } as const
  return [
    measureOf('processor of an unchanged poll', ours, { ...common, unit: 'ms of CPU', theirs }),
    measureOf('bytes of an unchanged poll', [bytes[0]], { ...common, unit: 'bytes', theirs: [bytes[1]] }),
  ]
}

/** Headers and body of an answer, as they come: about what goes over the wire. */
async function wireBytes(url: string, headers: Record<string, string>): Promise<number> {
  const response = await fetch(url, { headers: { ...headers, 'accept-encoding': 'identity' } })
  const body = gzipSync(Buffer.from(await response.arrayBuffer())).length
  const head = [...response.headers].reduce((sum, [name, value]) => sum + name.length + value.length + 4, 0)
  return head + (response.status === 304 ? 0 : body)
}

/** Everything that a browser is sent as script until the list stands and nothing more comes, each packed by gzip. */
async function scripts(web: Web, cookie: string, dashboard: Dashboard): Promise<Measured> {
  const browser = await chromium.launch({ executablePath: findBrowser() })
  try {
    const ours = await scriptBytes(browser, `${web.url}/jobs`, cookie)
    const theirs = await scriptBytes(browser, `${dashboard.url}/jobs?state=all`, null)
    return measureOf('JavaScript of the list page, gzip', [ours / 1_000], {
      unit: 'KB',
      statistic: 'median',
      theirs: [theirs / 1_000],
      beside: PEER_NAME,
      target: AHEAD,
    })
  } finally {
    await browser.close()
  }
}

export async function scriptBytes(browser: Browser, url: string, cookie: string | null): Promise<number> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  try {
    if (cookie !== null) await giveCookie(context, url, cookie)
    const page = await context.newPage()
    const bodies: Promise<number>[] = []
    page.on('response', (response) => {
      if (response.request().resourceType() !== 'script') return
      bodies.push(response.body().then((body) => gzipSync(body, { level: 9 }).length))
    })
    await page.goto(url, { waitUntil: 'networkidle' })
    await page.getByRole('table').first().waitFor()
    return (await Promise.all(bodies)).reduce((sum, bytes) => sum + bytes, 0)
  } finally {
    await context.close()
  }
}

const CHANGES = 5
/** Longer than any of our polls. */
const WAITED_MS = 40_000

/** From the commit of a change to the moment at which a page that stands open shows it. */
async function ages(
  { db }: Bench,
  { web, cookie, dashboard, boss }: { web: Web; cookie: string; dashboard: Dashboard; boss: Boss },
): Promise<Measured> {
  const browser = await chromium.launch({ executablePath: findBrowser() })
  const queue = await boss.fresh()
  try {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
    await giveCookie(context, web.url, cookie)
    const page = await context.newPage()
    const ours: number[] = []
    for (let turn = 0; turn < CHANGES; turn += 1) {
      const job = await runningJob(db)
      await page.goto(`${web.url}/jobs`)
      const row = page.getByRole('row').filter({ hasText: `#${job.number}` })
      await row.getByText('Running').first().waitFor()
      await giveCommand(db, everything, job.id, { command: 'abandon', note: 'Made by the bench.' }, 'api')
      ours.push((await timed(() => row.getByText('Abandoned').first().waitFor())) / 1_000)
    }
    const theirs = await browser.newPage()
    const id = `shown-${Date.now()}`
    await theirs.goto(`${dashboard.url}/jobs?state=all&queues=${queue}`)
    await boss.send(queue, { id })
    const isShown = await theirs
      .getByRole('cell', { name: queue })
      .first()
      .waitFor({ timeout: WAITED_MS })
      .then(() => true)
      .catch(() => false)
    return measureOf('how old a shown state can be', ours, {
      unit: 's',
      theirs: isShown ? [0] : [WAITED_MS / 1_000],
      beside: PEER_NAME,
      target: AHEAD,
      note: isShown
        ? null
        : `Theirs was not shown within ${WAITED_MS / 1_000} s, when waiting ended: a page is as old as its last reload. Ours asks every 3 s while something young runs, and every 30 s at the most where all is settled.`,
    })
  } finally {
    await browser.close()
    await boss.drop(queue)
  }
}

const STARTS = 60

/** From putting a job in to the first line of its work. */
async function addToStart({ db, url }: Bench, boss: Boss): Promise<Measured> {
  const begun = new Map<string, () => void>()
  const taken = (id: string) => begun.get(id)?.()
  const jobs = await db.job.findMany({ where: { state: 'completed' }, take: STARTS, select: { id: true } })
  const worker = await startWorker({
    db,
    databaseUrl: url,
    provider: new BenchProvider(true),
    pollMs: 2_000,
    retryMs: 2_000,
    version: 'bench',
    onWake: taken,
  })
  const stop = atEnd(() => worker.stop())
  const queue = await boss.fresh()
  try {
    await boss.work(queue, ({ id }) => taken(id ?? ''))
    const taking = async (id: string, ask: () => Promise<unknown>) => {
      const start = performance.now()
      const end = new Promise<number>((resolve) => begun.set(id, () => resolve(performance.now())))
      await ask()
      return (await end) - start
    }
    const ours: number[] = []
    const theirs: number[] = []
    for (const [index, { id }] of jobs.entries()) {
      const one = await taking(id, () => wake(db, id, new Date()))
      const other = await taking(`theirs-${index}`, () => boss.send(queue, { id: `theirs-${index}` }))
      if (index < 10) continue
      ours.push(one)
      theirs.push(other)
    }
    return measureOf('from adding to the start of work', ours, {
      statistic: 'median',
      theirs,
      beside: 'pg-boss at its best',
      target: AHEAD,
      note: 'pg-boss with LISTEN/NOTIFY, which is not how it comes.',
    })
  } finally {
    await boss.drop(queue)
    await stop.now()
  }
}

const KILLS = 2

async function afterKill(bench: Bench, boss: Boss): Promise<Measured> {
  const ours: number[] = []
  const theirs: number[] = []
  for (let turn = 0; turn < KILLS; turn += 1) {
    ours.push(await recoverySeconds(bench))
    theirs.push(await theirRecovery(boss, turn))
  }
  return measureOf('work taken up again after kill -9', ours, {
    unit: 's',
    statistic: 'median',
    theirs,
    beside: 'pg-boss at its best',
    target: AHEAD,
    note: 'pg-boss with heartbeats of 10 s, the shortest that it takes; as it comes, it waits for fifteen minutes.',
  })
}

async function theirRecovery(boss: Boss, turn: number): Promise<number> {
  const queue = await boss.fresh()
  const id = `killed-${turn}`
  const doomed = startNode(['--import', 'tsx', 'bench/peer/hanging-boss.ts', queue], { DATABASE_URL: boss.url })
  await boss.send(queue, { id })
  await until('pg-boss to hold the job', () => doomed.printed().includes(`holds ${id}`), 90)
  let takenAt: number | null = null
  await boss.work(queue, () => {
    takenAt ??= performance.now()
  })
  const killedAt = performance.now()
  doomed.kill('SIGKILL')
  await until('pg-boss to take the job up again', () => takenAt !== null, 180)
  await doomed.stop()
  await boss.drop(queue)
  return ((takenAt ?? killedAt) - killedAt) / 1_000
}
