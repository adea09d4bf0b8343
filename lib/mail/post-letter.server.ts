/** A letter on its way: to the mail server where there is one, else into a folder. */
import path from 'node:path'
import { delivered, refused, type SendEnd } from '@/lib/deliveries/send-end'
import { writeOnce } from '@/lib/deliveries/write-once.server'
import { isPlainAddress, parseSender } from './address'
import { type MailEnvironment, mailSetUp } from './set-up'
import { type MailLimits, submit } from './smtp.server'
import { parseSmtpUrl } from './smtp-url'

/** `id` names the file of a letter that is kept: letters, digits, - and _. */
export type Posting = { id: string; to: string; bytes: Uint8Array; limits?: MailLimits }

/** Sends `bytes`, a whole message, to one address. The end of a letter that is only kept has the code kept_in_folder. */
export async function postLetter(environment: MailEnvironment, posting: Posting): Promise<SendEnd> {
  const { id, to, bytes, limits } = posting
  const { from, folder } = mailSetUp(environment)
  const sender = parseSender(from)
  if (sender === null || !isPlainAddress(to)) return refused('bad_address')
  const { HOLDPOINT_SMTP_URL: url } = environment
  if (url === undefined) return keep(folder, id, bytes)
  const server = parseSmtpUrl(url)
  return server === null ? refused('bad_mail_server') : submit(server, { from: sender.address, to }, bytes, limits)
}

async function keep(folder: string, id: string, bytes: Uint8Array): Promise<SendEnd> {
  if (!/^[A-Za-z0-9_-]{1,100}$/.test(id)) return refused('bad_message_id')
  const end = await writeOnce(folder, path.join(folder, `${id}.eml`), bytes)
  return end.kind === 'delivered' ? delivered('kept_in_folder') : end
}
