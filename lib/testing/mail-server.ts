/** A real SMTP server on loopback, at which letters really arrive, and which behaves as badly as a test asks. */
import type { AddressInfo, Socket } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'

export type ReceivedMail = { from: string; to: string[]; bytes: Buffer }

/** What a server answers with `code`. */
export function reply(responseCode: number): Error {
  return Object.assign(new Error('so says the test'), { responseCode })
}

/**
 * Takes every letter, without a login, unless `behaviour` says otherwise. `drop` ends all connections at once, without a
 * word.
 */
export async function mailServer(behaviour: (drop: () => void) => SMTPServerOptions = () => ({})) {
  const received: ReceivedMail[] = []
  const sockets = new Set<Socket>()
  const drop = () => {
    for (const socket of sockets) socket.destroy()
  }
  const server = new SMTPServer({
    // The certificate that it brings is nobody's.
    disabledCommands: ['STARTTLS'],
    authOptional: true,
    allowInsecureAuth: true,
    logger: false,
    // In milliseconds: nobody is waited for when the test is over.
    closeTimeout: 1,
    onData(stream, session, callback) {
      buffer(stream).then((bytes) => {
        const { mailFrom, rcptTo } = session.envelope
        received.push({ from: mailFrom ? mailFrom.address : '', to: rcptTo.map(({ address }) => address), bytes })
        callback()
      }, callback)
    },
    ...behaviour(drop),
  })
  // A client that leaves in the middle is what some tests are about.
  server.on('error', () => {})
  server.server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  const { port } = server.server.address() as AddressInfo
  return {
    port,
    url: `smtp://127.0.0.1:${port}`,
    received,
    // It ends its connections itself: to destroy a socket beneath its TLS brings the whole process down.
    async [Symbol.asyncDispose]() {
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}
