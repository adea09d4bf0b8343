/** A letter that a person sends to themself, to see whether letters arrive. */
import { isPlaceholderEmail } from '@/lib/access/placeholder-email'
import type { SendEnd } from '@/lib/deliveries/send-end'
import { deliveryCodeWords } from '@/lib/jobs/delivery-words'
import { sendMail } from '@/lib/mail/send-mail.server'
import type { MailEnvironment } from '@/lib/mail/set-up'
import type { Tx } from '@/lib/store/db.server'
import { readAddress } from './address.server'

/** Sends it now, and says in a sentence what came of it. */
export async function sendTestMail(
  tx: Tx,
  environment: MailEnvironment,
  { userId, now }: { userId: string; now: Date },
): Promise<{ ok: boolean; sentence: string }> {
  const { email } = await tx.user.findUniqueOrThrow({ where: { id: userId }, select: { email: true } })
  if (isPlaceholderEmail(email)) return { ok: false, sentence: 'You have no e-mail yet. Enter it under Account.' }
  const address = await readAddress(tx)
  const text = [
    `You asked for this letter at ${now.toISOString()}, to see whether notices of Holdpoint reach you.`,
    address === null
      ? 'Nobody has entered the address of this installation yet, so letters have no link.'
      : `Open: ${address}/jobs`,
  ].join('\n\n')
  const end = await sendMail(environment, { to: email, subject: 'A test from Holdpoint', text: `${text}\n` })
  return { ok: end.kind === 'delivered', sentence: endSentence(end, email) }
}

function endSentence(end: SendEnd, email: string): string {
  switch (end.kind) {
    case 'delivered':
      return end.code === 'kept_in_folder'
        ? 'No mail server is set up: the letter was written into the mail folder, and nothing left.'
        : `The mail server took a letter to ${email}. If it does not arrive, look into the junk folder, then ask the operator.`
    case 'unknown':
      return `Nobody knows whether the letter to ${email} arrived: the connection was lost after it was handed over.`
    default:
      return `The letter to ${email} was not taken. ${deliveryCodeWords(end.code)}`.trim()
  }
}
