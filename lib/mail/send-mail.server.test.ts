import { mkdtempSync, readdirSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { readableBytes } from '@/lib/deliveries/readable'
import { parseEnv } from '@/lib/env.server'
import { mailServer } from '@/lib/testing/mail-server'
import { sendMail } from './send-mail.server'
import { mailSetUp } from './set-up'

function environment(over: Record<string, string> = {}) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'holdpoint-mail-'))
  return parseEnv({ HOLDPOINT_DATA_DIR: folder, HOLDPOINT_MAIL_FROM: 'Holdpoint <desk@example.com>', ...over })
}

const mail = {
  to: 'dana@example.com',
  subject: 'Job 1042 waits for you',
  text: 'Have a look:\nhttps://example.com/jobs/1042',
}

test('a notice arrives, and says that nobody wrote it', async () => {
  await using server = await mailServer()
  const set = environment({ HOLDPOINT_SMTP_URL: server.url })
  expect(mailSetUp(set)).toMatchObject({ smtp: true, from: 'Holdpoint <desk@example.com>' })
  expect(await sendMail(set, mail)).toMatchObject({ kind: 'delivered', code: null })
  const [received] = server.received
  expect(received).toMatchObject({ from: 'desk@example.com', to: ['dana@example.com'] })
  const { headers, text } = readableBytes('email', received?.bytes ?? new Uint8Array())
  expect(Object.fromEntries(headers ?? [])).toMatchObject({
    From: 'Holdpoint <desk@example.com>',
    To: 'dana@example.com',
    Subject: 'Job 1042 waits for you',
    'Auto-Submitted': 'auto-generated',
    'Message-ID': expect.stringMatching(/^<[0-9a-f-]{36}@example\.com>$/),
  })
  expect(text).toBe(mail.text)
})

test('a subject that somebody made up becomes no header, and a long one is cut', async () => {
  await using server = await mailServer()
  const set = environment({ HOLDPOINT_SMTP_URL: server.url })
  const subject = `Job “x\r\nBcc: eve@example.com\r\n\r\n${'y'.repeat(10_000)}”`
  await sendMail(set, { ...mail, subject })
  expect(server.received.map(({ to }) => to)).toEqual([['dana@example.com']])
  const { headers } = readableBytes('email', server.received[0]?.bytes ?? new Uint8Array())
  const said = Object.fromEntries(headers ?? [])
  expect(said).not.toHaveProperty('Bcc')
  expect(said.Subject).toMatch(/^Job “x Bcc: eve@example\.com y{200,}…$/)
  expect(said.Subject).toHaveLength(250)
})

test('without a mail server each notice is a file, and nothing leaves', async () => {
  const set = environment()
  const { smtp, folder } = mailSetUp(set)
  expect(smtp).toBe(false)
  for (const _ of [1, 2]) {
    expect(await sendMail(set, mail)).toMatchObject({ kind: 'delivered', code: 'kept_in_folder' })
  }
  expect(readdirSync(folder).filter((name) => /^notice-[0-9a-f-]{36}\.eml$/.test(name))).toHaveLength(2)
})

test('what is no plain address gets nothing', async () => {
  await using server = await mailServer()
  const set = environment({ HOLDPOINT_SMTP_URL: server.url })
  for (const to of ['dana', 'dana@example.com, eve@example.com', 'dana@example.com\r\nBcc: eve@example.com']) {
    expect(await sendMail(set, { ...mail, to })).toMatchObject({ kind: 'refused', code: 'bad_address' })
  }
  expect(server.received).toEqual([])
})
