/** Plain notices by e-mail. */
import { randomUUID } from 'node:crypto'
import { refused, type SendEnd } from '@/lib/deliveries/send-end'
import { domainOf, parseSender } from './address'
import { composeMessage, LONGEST_SUBJECT, oneLine } from './message'
import { postLetter } from './post-letter.server'
import type { MailEnvironment } from './set-up'

export type Mail = { to: string; subject: string; text: string }

/**
 * Sends one notice, now and once: a notice that may have arrived (`unknown`) is not worth a second. A subject that is
 * too long is cut.
 */
export async function sendMail(environment: MailEnvironment, { to, subject, text }: Mail): Promise<SendEnd> {
  const from = parseSender(environment.HOLDPOINT_MAIL_FROM)
  if (from === null) return refused('bad_address')
  const id = randomUUID()
  const bytes = composeMessage({
    from,
    to,
    subject: shortened(oneLine(subject)),
    text,
    date: new Date(),
    messageId: `<${id}@${domainOf(from.address)}>`,
    isAutomatic: true,
  })
  return postLetter(environment, { id: `notice-${id}`, to, bytes })
}

function shortened(subject: string): string {
  return subject.length <= LONGEST_SUBJECT ? subject : `${subject.slice(0, LONGEST_SUBJECT - 1).toWellFormed()}…`
}
