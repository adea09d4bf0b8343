import { type AddressInfo, createServer, type Socket } from 'node:net'
import type { SMTPServerOptions } from 'smtp-server'
import { expect, test } from 'vitest'
import { mailServer, reply } from '@/lib/testing/mail-server'
import { composeMessage } from './message'
import { submit } from './smtp.server'
import { parseSmtpUrl } from './smtp-url'

const BYTES = composeMessage({
  from: { name: 'The desk', address: 'desk@example.com' },
  to: 'dana@example.com',
  subject: 'Your deposit',
  text: 'Dear Dana,\n.\n..two dots\nRCPT TO:<eve@example.com>\n',
  date: new Date('2026-03-02T10:00:00Z'),
  messageId: '<1@example.com>',
})
const ENVELOPE = { from: 'desk@example.com', to: 'dana@example.com' }

function letterTo(url: string, silenceMs = 10_000, longestMs = 10_000, envelope = ENVELOPE) {
  const server = parseSmtpUrl(url)
  if (server === null) throw new Error('The address of the test server cannot be read.')
  return submit(server, envelope, BYTES, { silenceMs, longestMs })
}

const again = (code: string) => ({ kind: 'again', code, httpStatus: null, answer: null, retryAfterMs: null })
const refused = (code: string) => ({ kind: 'refused', code, httpStatus: null, answer: null })

test('a letter arrives once, byte for byte, at the one address of its envelope', async () => {
  await using server = await mailServer()
  expect(await letterTo(server.url)).toEqual({ kind: 'delivered', httpStatus: null, answer: null, code: null })
  expect(server.received).toEqual([{ from: 'desk@example.com', to: ['dana@example.com'], bytes: Buffer.from(BYTES) }])
})

type Behaviour = (drop: () => void) => SMTPServerOptions
const refusals: [what: string, behaviour: Behaviour, end: ReturnType<typeof again> | ReturnType<typeof refused>][] = [
  ['the recipient is not known', () => ({ onRcptTo: (_to, _session, done) => done(reply(550)) }), refused('smtp_550')],
  ['the recipient is greylisted', () => ({ onRcptTo: (_to, _session, done) => done(reply(451)) }), again('smtp_451')],
  [
    'the sender is not allowed',
    () => ({ onMailFrom: (_from, _session, done) => done(reply(553)) }),
    refused('smtp_553'),
  ],
  ['the server is confused', () => ({ onMailFrom: (_from, _session, done) => done(reply(503)) }), again('smtp_503')],
  ['the server is busy', () => ({ onConnect: (_session, done) => done(reply(421)) }), again('smtp_421')],
  ['the message is larger than the server takes', () => ({ size: 50 }), refused('too_large')],
  [
    'the whole message is refused',
    () => ({ onData: (stream, _session, done) => void stream.resume().on('end', () => done(reply(554))) }),
    refused('smtp_554'),
  ],
  [
    'the whole message is put off',
    () => ({ onData: (stream, _session, done) => void stream.resume().on('end', () => done(reply(451))) }),
    again('smtp_451'),
  ],
]

test.each(refusals)('where %s, the reply decides whether it is tried again', async (_what, behaviour, end) => {
  await using server = await mailServer(behaviour)
  expect(await letterTo(server.url)).toEqual(end)
  expect(server.received).toEqual([])
})

const early: [when: string, behaviour: Behaviour][] = [
  ['at the greeting', (drop) => ({ onConnect: () => drop() })],
  ['at the recipient', (drop) => ({ onRcptTo: () => drop() })],
  ['before the server has asked for the message', (drop) => ({ onData: () => drop() })],
]

test.each(early)('a connection that is lost %s can be tried again', async (_when, behaviour) => {
  await using server = await mailServer(behaviour)
  expect(await letterTo(server.url)).toMatchObject({ kind: 'again' })
})

test('a server that says nothing is left, and can be tried again', async () => {
  await using server = await mailServer(() => ({ onConnect: () => {} }))
  expect(await letterTo(server.url, 300)).toEqual(again('ETIMEDOUT'))
})

test('where nobody listens, it can be tried again', async () => {
  let url = ''
  {
    await using server = await mailServer()
    url = server.url
  }
  expect(await letterTo(url)).toMatchObject({ kind: 'again' })
})

const lost: [what: string, behaviour: Behaviour, silenceMs: number][] = [
  ['in the middle of the message', (drop) => ({ onData: (stream) => void stream.once('data', drop) }), 10_000],
  [
    'when it has the whole message',
    (drop) => ({ onData: (stream) => void stream.resume().on('end', () => drop()) }),
    10_000,
  ],
  ['by silence after the message', () => ({ onData: (stream) => void stream.resume() }), 300],
]

test.each(lost)(
  'a letter whose answer is lost %s may have arrived: it is unknown',
  async (_what, behaviour, silenceMs) => {
    await using server = await mailServer(behaviour)
    expect(await letterTo(server.url, silenceMs)).toMatchObject({ kind: 'unknown', code: expect.any(String) })
  },
)

const withLogin: Behaviour = () => ({
  authOptional: false,
  onAuth: ({ username, password }, _session, done) =>
    password === 'p@ss:word' ? done(null, { user: username }) : done(reply(535)),
})

test('a password with special characters opens the server', async () => {
  await using server = await mailServer(withLogin)
  expect(await letterTo(`smtp://desk%40example.com:p%40ss%3Aword@127.0.0.1:${server.port}`)).toMatchObject({
    kind: 'delivered',
  })
  expect(server.received).toHaveLength(1)
})

test('a wrong password is for a person to mend, and no letter', async () => {
  await using server = await mailServer(withLogin)
  expect(await letterTo(`smtp://desk:wrong@127.0.0.1:${server.port}`)).toEqual(refused('smtp_login'))
  expect(await letterTo(server.url)).toEqual(refused('smtp_530'))
  expect(server.received).toEqual([])
})

test('a password is never said to another machine without encryption', async () => {
  const logins: string[] = []
  await using server = await mailServer(() => ({
    onAuth: ({ username = '' }, _session, done) => {
      logins.push(username)
      done(null, { user: username })
    },
  }))
  // Leads to this machine, though its name does not say so.
  expect(await letterTo(`smtp://desk:secret@0.0.0.0:${server.port}`)).toEqual(refused('smtp_not_encrypted'))
  expect(logins).toEqual([])
  expect(server.received).toEqual([])
})

test('a server on this machine needs no certificate, and another is not believed without a good one', async () => {
  // With the certificate that the test server brings, which is nobody's.
  await using server = await mailServer(() => ({ disabledCommands: [] }))
  // Leads to this machine, though its name does not say so.
  expect(await letterTo(`smtp://0.0.0.0:${server.port}`)).toMatchObject({ kind: 'again' })
  expect(server.received).toEqual([])
  expect(await letterTo(server.url)).toMatchObject({ kind: 'delivered' })
  await using encrypted = await mailServer(() => ({ secure: true }))
  expect(await letterTo(`smtps://127.0.0.1:${encrypted.port}`)).toMatchObject({ kind: 'again' })
  expect(encrypted.received).toEqual([])
})

test('an address that would end its command is refused before anything is said', async () => {
  await using server = await mailServer()
  const to = 'dana@example.com>\r\nRCPT TO:<eve@example.com'
  expect(await letterTo(server.url, 10_000, 10_000, { ...ENVELOPE, to })).toEqual(refused('bad_address'))
  expect(server.received).toEqual([])
})

/** Says yes to everything; `last` is what it does when it has the message. */
async function babbler(last: (socket: Socket) => void) {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.write('220 hello\r\n')
    socket.on('data', (chunk) => {
      const said = chunk.toString()
      if (said.includes('\r\n.\r\n')) last(socket)
      else socket.write(said.startsWith('DATA') ? '354 go\r\n' : '250 yes\r\n')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  return {
    url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

test('an answer that means nothing is no reason to send again what may have been taken', async () => {
  await using server = await babbler((socket) => socket.write('what?\r\n'))
  expect(await letterTo(server.url)).toMatchObject({ kind: 'unknown' })
})

test('a server that never comes to an end is left, and the letter may have been taken', async () => {
  await using server = await babbler((socket) => {
    const timer = setInterval(() => socket.write('250-and another thing\r\n'), 20)
    socket.on('close', () => clearInterval(timer))
  })
  expect(await letterTo(server.url, 10_000, 300)).toEqual({ kind: 'unknown', code: 'timeout' })
})
