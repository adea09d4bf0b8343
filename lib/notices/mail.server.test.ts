import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { writePreference } from '@/lib/preferences/preferences.server'
import { testDatabase } from '@/lib/testing/database'
import { completed, REPORT, reportJob, saw, testEngine } from '@/lib/testing/engine'
import { mailServer, reply } from '@/lib/testing/mail-server'
import { person } from '@/lib/testing/people'
import { publishBuiltins } from '@/lib/workflows/store.server'
import { saveAddress } from './address.server'
import { leaveNotices } from './leave.server'
import { markRead, readNotices } from './list.server'
import { sendDueMail } from './mail.server'
import { notify } from './notify.server'
import { tellWaits } from './tell.server'

// The engine's own clock begins at the present: what it leaves must be due by the times here.
const START = Date.now()
const at = (minutes: number) => new Date(START + minutes * 60_000)

async function world(behaviour?: Parameters<typeof mailServer>[0]) {
  const database = await testDatabase()
  const { db } = database
  await publishBuiltins(db)
  const ada = await person(db, ['requester'], 'Ada')
  const rob = await person(db, ['reviewer'], 'Rob')
  const lena = await person(db, ['lead'], 'Lena')
  const job = await reportJob(db, ada, { title: 'The lease of Ada' })
  const server = await mailServer(behaviour)
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'holdpoint-mail-'))
  const printed: string[] = []
  const environment = {
    HOLDPOINT_SMTP_URL: server.url as string | undefined,
    HOLDPOINT_MAIL_FROM: 'Holdpoint <desk@example.com>',
    HOLDPOINT_DATA_DIR: folder,
  }
  const send = (minutes: number, over: Partial<typeof environment> = {}) =>
    sendDueMail({
      db,
      environment: { ...environment, ...over },
      now: () => at(minutes),
      log: (line) => printed.push(line),
    })
  /** Ada is mentioned. */
  const mention = (minutes: number) =>
    leaveNotices(db, {
      to: { ids: [ada.userId] },
      job,
      kind: 'mentioned',
      detail: { by: rob.userId },
      now: at(minutes),
    })
  const letters = () => server.received.map(({ to, bytes }) => ({ to, text: bytes.toString().replace(/=\r\n/g, '') }))
  const states = async () =>
    (await db.notice.findMany({ orderBy: { at: 'asc' } })).map(({ emailState, emailCode }) => [emailState, emailCode])
  return {
    db,
    ada,
    rob,
    lena,
    job,
    folder,
    printed,
    send,
    mention,
    letters,
    states,
    async [Symbol.asyncDispose]() {
      fs.rmSync(folder, { recursive: true, force: true })
      await server[Symbol.asyncDispose]()
      await database[Symbol.asyncDispose]()
    },
  }
}

test('a notice waits a minute, and then arrives once, whichever of two workers sends it', async () => {
  await using w = await world()
  await saveAddress(w.db, 'https://holdpoint.example.org')
  await w.mention(0)
  expect(await w.send(0.9)).toBe(0)
  await Promise.all([w.send(1), w.send(1), w.send(1), w.send(1)])
  await w.send(2)
  const [letter, ...more] = w.letters()
  expect(more).toEqual([])
  expect(letter?.to).toEqual([w.ada.email])
  expect(letter?.text).toContain(`Subject: Rob mentioned you at job ${w.job.number}`)
  expect(letter?.text).toContain('The lease of Ada (Report)')
  expect(letter?.text.match(/https?:\/\/\S+/g)).toEqual([`https://holdpoint.example.org/jobs/${w.job.number}`])
  expect(letter?.text).toContain('under Settings, Notices')
  expect(await w.states()).toEqual([['sent', null]])
})

test('many notices that are due for one person go in one letter, each sent once by many workers', async () => {
  await using w = await world()
  for (let minutes = 0; minutes < 5; minutes += 1) await w.mention(minutes)
  await Promise.all(Array.from({ length: 6 }, () => w.send(10)))
  expect(w.letters()).toHaveLength(1)
  expect(w.letters()[0]?.text).toContain('Subject: 5 notices from Holdpoint')
  expect((await w.states()).every(([state]) => state === 'sent')).toBe(true)
})

test('where no address is known the letter says where to look', async () => {
  await using w = await world()
  await w.mention(0)
  await w.send(1)
  expect(w.letters()[0]?.text).toContain(`Open Holdpoint and look for job ${w.job.number}.`)
  expect(w.letters()[0]?.text).not.toMatch(/https?:/)
})

test('what was read in the app before it was due is not sent', async () => {
  await using w = await world()
  await w.mention(0)
  await markRead(w.db, w.ada.userId, { all: true }, at(0.5))
  expect(await w.send(1)).toBe(0)
  expect(w.letters()).toEqual([])
  expect(await w.states()).toEqual([['skipped', 'read']])
})

test('a server that puts a letter off is asked again later, five times, and then no more', async () => {
  let isReady = false
  await using w = await world(() => ({
    onRcptTo: (_to, _session, done) => (isReady ? done() : done(reply(451))),
  }))
  await w.mention(0)
  await w.send(1)
  expect(await w.states()).toEqual([['due', 'smtp_451']])
  expect(await w.send(1.9), 'not at once').toBe(0)
  isReady = true
  expect(await w.send(2)).toBe(1)
  expect(w.letters()).toHaveLength(1)
  expect(await w.states()).toEqual([['sent', null]])

  isReady = false
  await w.mention(100)
  for (let tries = 0; tries < 6; tries += 1) await w.send(101 + tries * 1_000)
  expect((await w.states())[1]).toEqual(['failed', 'smtp_451'])
  isReady = true
  await w.send(100_000)
  expect(w.letters()).toHaveLength(1)
  expect((await w.db.notice.findMany({ orderBy: { at: 'asc' } })).map(({ emailTries }) => emailTries)).toEqual([2, 6])
})

test('a letter that is refused is not sent again', async () => {
  await using w = await world(() => ({ onRcptTo: (_to, _session, done) => done(reply(550)) }))
  await w.mention(0)
  await w.send(1)
  await w.send(1_000)
  expect(await w.states()).toEqual([['failed', 'smtp_550']])
  expect(w.printed).toEqual(['A letter with a notice did not get through: smtp_550.'])
})

test('a letter that may have arrived is not sent again, nor one whose worker died with it', async () => {
  await using w = await world((drop) => ({ onData: (stream) => void stream.resume().on('end', () => drop()) }))
  await w.mention(0)
  await w.send(1)
  expect((await w.states())[0]?.[0]).toBe('unknown')
  await w.db.notice.updateMany({ data: { emailState: 'sending' } })
  expect(await w.send(1_000)).toBe(0)
  expect((await w.states())[0]?.[0]).toBe('sending')
})

test('whoever may not see the job any more, chose otherwise or is gone gets nothing', async () => {
  await using w = await world()
  const tellLena = (minutes: number) =>
    w.db.$transaction((tx) =>
      notify(tx, {
        to: 'leads',
        job: w.job,
        kind: 'job_stopped',
        detail: { code: `c${minutes}`, class: 'policy' },
        now: at(minutes),
      }),
    )
  await tellLena(0)
  await w.db.user.update({ where: { id: w.lena.userId }, data: { roles: ['requester'] } })
  await w.send(1)
  await w.db.user.update({ where: { id: w.lena.userId }, data: { roles: ['lead'] } })
  await tellLena(2)
  await writePreference(w.db, w.lena.userId, 'notices', { job_stopped: { email: false } })
  await w.send(3)
  await w.mention(4)
  await w.db.user.update({ where: { id: w.ada.userId }, data: { deactivatedAt: at(4) } })
  await w.send(5)
  expect(w.letters()).toEqual([])
  expect(await w.states()).toEqual([
    ['skipped', 'may_not_see'],
    ['skipped', 'not_wanted'],
    ['skipped', 'gone'],
  ])
})

test('who chose no e-mail gets none; who chose only e-mail finds nothing in the app', async () => {
  await using w = await world()
  await writePreference(w.db, w.ada.userId, 'notices', { job_failed: { email: false }, job_done: { app: false } })
  await leaveNotices(w.db, { to: { ids: [w.ada.userId] }, job: w.job, kind: 'job_failed', now: at(0) })
  await leaveNotices(w.db, { to: { ids: [w.ada.userId] }, job: w.job, kind: 'job_done', now: at(0) })
  const { items } = await readNotices(w.db, w.ada)
  expect(items.map(({ kind }) => kind)).toEqual(['job_failed'])
  await markRead(w.db, w.ada.userId, { all: true }, at(0))
  await w.send(1)
  expect(await w.db.notice.findMany({ orderBy: { kind: 'asc' }, select: { kind: true, emailState: true } })).toEqual([
    { kind: 'job_failed', emailState: null },
    // The job is not done any more at the moment of sending.
    { kind: 'mail:job_done', emailState: 'skipped' },
  ])
})

test('of what is new in the inbox there is one unread notice a workflow, and one letter an hour', async () => {
  await using w = await world()
  const engine = await testEngine(w.db)
  engine.provider.onLook = (id) => saw(completed(id, REPORT))
  const held = (jobId: string) => engine.stepUntil(jobId, ({ state }) => state === 'awaiting_review')
  await held(w.job.id)
  const others = [await reportJob(w.db, w.ada), await reportJob(w.db, w.ada)]
  await Promise.all(others.map(({ id }) => held(id)))
  const unread = async () => (await readNotices(w.db, w.rob)).unread
  expect(await unread()).toBe(1)
  expect((await readNotices(w.db, w.lena)).unread, 'a lead watches the queues').toBe(0)
  expect(await w.send(100)).toBe(1)
  await markRead(w.db, w.rob.userId, { all: true }, at(101))
  await w.db.$transaction((tx) => tellWaits(tx, w.job, { role: 'reviewer', except: [], now: at(101) }))
  expect(await unread()).toBe(1)
  expect(await w.send(159)).toBe(0)
  expect(await w.send(160)).toBe(1)
  expect(w.letters().map(({ text }) => /Subject: (.*)\r/.exec(text)?.[1])).toEqual(
    Array.from({ length: 2 }, () => 'Report: something waits for review'),
  )
})

test('of many that race to be told of, one notice is left', async () => {
  await using w = await world()
  const waits = () => w.db.$transaction((tx) => tellWaits(tx, w.job, { role: 'reviewer', except: [], now: at(0) }))
  await Promise.all(Array.from({ length: 8 }, waits))
  expect(await w.db.notice.count({ where: { kind: 'review_waits' } })).toBe(1)
})
