/** One letter to the mail server of the operator, by SMTP. */
import { Readable } from 'node:stream'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import { again, delivered, refused, type SendEnd } from '@/lib/deliveries/send-end'
import type { SmtpServer } from './smtp-url'

/** In milliseconds: how long a server may be silent, and how long the whole exchange may take. */
export type MailLimits = { silenceMs: number; longestMs: number }

/** A server that checks a message before it takes it may need a while. */
export const MAIL_LIMITS: MailLimits = { silenceMs: 60_000, longestMs: 180_000 }

export type Envelope = { from: string; to: string }

/**
 * Hands `bytes`, a whole message, to the server once. Nothing here throws for what a server or the network does.
 * Whether the server had begun to be given the message decides what a lost connection means: before that nothing was
 * taken; after it, it may have been.
 */
export function submit(
  server: SmtpServer,
  envelope: Envelope,
  bytes: Uint8Array,
  { silenceMs, longestMs }: MailLimits = MAIL_LIMITS,
): Promise<SendEnd> {
  const connection = new SMTPConnection({
    host: server.host,
    port: server.port,
    secure: server.isSecure,
    // A password is not said aloud, except on this machine, whose own server seldom has a certificate for that name.
    requireTLS: !server.isSecure && server.login !== null && !isThisMachine(server.host),
    ignoreTLS: isThisMachine(server.host),
    connectionTimeout: Math.min(silenceMs, 20_000),
    dnsTimeout: Math.min(silenceMs, 20_000),
    greetingTimeout: silenceMs,
    socketTimeout: silenceMs,
    logger: false,
  })
  let hasBegun = false
  const message = new Readable({
    // Read only once the server has said that it wants the message.
    read() {
      hasBegun = true
      this.push(bytes)
      this.push(null)
    },
  })
  return new Promise<SendEnd>((resolve) => {
    const timer = setTimeout(
      () => finish(hasBegun ? { kind: 'unknown', code: 'timeout' } : again('timeout')),
      longestMs,
    )
    const finish = (end: SendEnd) => {
      clearTimeout(timer)
      connection.close()
      resolve(end)
    }
    const failed = (error: unknown) => finish(endOf(error, hasBegun))
    const send = () => {
      const whole = { from: envelope.from, to: [envelope.to], size: bytes.byteLength }
      connection.send(whole, message, (error) => (error ? failed(error) : finish(delivered())))
    }
    connection.on('error', failed)
    connection.connect((error) => {
      if (error) return failed(error)
      if (server.login === null) return send()
      const { user, password } = server.login
      connection.login({ user, pass: password }, (refusal) => (refusal ? failed(refusal) : send()))
    })
  })
}

function isThisMachine(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\./.test(host)
}

type Failure = { code?: unknown; originalCode?: unknown; responseCode?: unknown; command?: unknown }

/** The replies of RFC 5321, 4.2.1: 4yz may pass by itself, 5yz does not; 503 is about the connection, not the letter. */
function endOf(error: unknown, hasBegun: boolean): SendEnd {
  const { code, originalCode, responseCode, command }: Failure =
    typeof error === 'object' && error !== null ? error : {}
  if (typeof responseCode === 'number' && responseCode >= 400) {
    if (code === 'EAUTH' && responseCode >= 500) return refused('smtp_login')
    if (code === 'ETLS' && responseCode >= 500) return refused('smtp_not_encrypted')
    const said = `smtp_${responseCode}`
    return responseCode >= 500 && responseCode !== 503 ? refused(said) : again(said)
  }
  const name = [originalCode, code].find((each) => typeof each === 'string')
  const said = typeof name === 'string' ? name.slice(0, 100) : 'connection_lost'
  if (hasBegun) return { kind: 'unknown', code: said }
  // Larger than the server says it takes, or an address that cannot be written into a command.
  if (code === 'EMESSAGE') return refused('too_large')
  if (code === 'EENVELOPE' && command === 'API') return refused('bad_address')
  return again(said)
}
