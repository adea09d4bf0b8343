/** Deliveries in words: where one stands, and why a try did not get through. Pure. */
import type { State } from '@/lib/lifecycle/table'
import type { DeliveryView } from './view'

/** Codes of our own and of the system: what happened, and what to do. */
const WORDS: Record<string, string> = {
  // An address that may not, or cannot, be reached.
  redirect: 'The receiver answered with a redirect, which is never followed. Correct the address in the workflow.',
  private_address:
    'The address is private. If deliveries may go there, the operator allows it with HOLDPOINT_ALLOW_PRIVATE.',
  bad_address: 'The address cannot be used as it stands. Correct it where it comes from, then have the job done again.',
  // Secrets.
  secret_missing:
    'The worker does not have the secret that the workflow names. Set it for the worker, then send again.',
  secret_unusable:
    'The secret for the header has characters that no header may carry. Correct the variable, then send again.',
  // Answers.
  answer_cut: 'The receiver has it. Its answer was very long: only the first 1 MiB was kept.',
  timeout: 'No answer came in time.',
  // E-mail.
  kept_in_folder: 'No mail server is set up: the letter is kept in the mail folder, and nothing left.',
  smtp_login:
    'The mail server did not take the name or the password. Correct them in HOLDPOINT_SMTP_URL, then send again.',
  smtp_not_encrypted:
    'The mail server offers no encryption, and a password is never sent without it. Use smtps:// in HOLDPOINT_SMTP_URL, or a server that offers STARTTLS.',
  too_large: 'The letter is larger than the mail server takes. Raise the limit there, or hand it over another way.',
  bad_mail_server: 'HOLDPOINT_SMTP_URL cannot be read. Correct it for the worker, then send again.',
  bad_message_id: 'The letter has an id that no file can be named after. Report this: it should not happen.',
  // Files.
  outside_folder:
    'The file would lie outside the folder for deliveries, or a link leads out of it. Look at HOLDPOINT_DELIVERY_DIR, then send again.',
  other_file: 'Something else stands under that name already, and is left alone. Move it away, then send again.',
  write_failed: 'The file could not be written. Look at the folder for deliveries.',
  // What the workflow and the outbox do not agree on.
  wrong_kind: 'Its workflow delivers in another way than this was planned for. Report this: it should not happen.',
  by_hand: 'It is handed over by a person, and never sent. Report this: it should not happen.',
  bytes_gone: 'The bytes that should be sent are no longer stored. Nothing was sent. Have the job done again.',
  // Ours.
  stopped: 'It had been tried without success when what allowed it was taken back. It is not tried again.',
  sender_gone: 'The worker that was sending it stopped before it could write down what became of it.',
  sender_suspended: 'The worker stood still just before it would have sent it. That try sent nothing.',
  connection_lost: 'The connection was lost.',
  // The network's.
  ECONNREFUSED: 'Nothing listens at the address, or it refused the connection. See that the receiver runs.',
  ECONNRESET: 'The receiver broke the connection off.',
  EPIPE: 'The receiver broke the connection off.',
  ECONNABORTED: 'The connection was broken off.',
  ETIMEDOUT: 'No connection could be made in time. See that the receiver can be reached from here.',
  ESOCKET: 'The connection could not be made, or was broken off.',
  ECONNECTION: 'The connection could not be made, or was broken off.',
  EHOSTUNREACH: 'There is no way to the receiver from here. Look at the network.',
  ENETUNREACH: 'There is no way to the receiver from here. Look at the network.',
  ENOTFOUND: 'The name in the address is not known. Correct it in the workflow, or in the name service.',
  EAI_AGAIN: 'The name in the address could not be looked up just now.',
  EDNS: 'The name of the server could not be looked up.',
  ETLS: 'No encrypted connection could be made.',
  EPROTO: 'The receiver does not speak the protocol of the address. Is it https where it should be http?',
  HPE_INVALID_CONSTANT: 'What answered does not speak HTTP. Correct the address in the workflow.',
  // Certificates.
  CERT_HAS_EXPIRED: 'The certificate of the receiver has expired. Whoever runs it must renew it.',
  CERT_NOT_YET_VALID: 'The certificate of the receiver is not valid yet. Look at the clocks of both machines.',
  ERR_TLS_CERT_ALTNAME_INVALID:
    'The certificate of the receiver is for another name. Correct the address, or the certificate.',
  DEPTH_ZERO_SELF_SIGNED_CERT:
    'The certificate of the receiver is its own. Name it in NODE_EXTRA_CA_CERTS, if it is trusted.',
  SELF_SIGNED_CERT_IN_CHAIN:
    'The certificate of the receiver is of an authority that is not known here. Name it in NODE_EXTRA_CA_CERTS, if it is trusted.',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'The certificate of the receiver could not be checked: its server does not send the whole chain.',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    'The certificate of the receiver is of an authority that is not known here. Name it in NODE_EXTRA_CA_CERTS, if it is trusted.',
  // The disk's.
  ENOSPC: 'There is no room left on the disk. Make room.',
  EDQUOT: 'The worker may use no more room on that disk. Make room.',
  EACCES: 'The worker may not write there. Give it the right to the folder for deliveries.',
  EPERM: 'The worker may not write there. Give it the right to the folder for deliveries.',
  EROFS: 'The disk can only be read. Look at HOLDPOINT_DELIVERY_DIR.',
  ENOENT: 'The folder is gone. Look at HOLDPOINT_DELIVERY_DIR.',
  ENOTDIR: 'A step of the way is no folder. Look at HOLDPOINT_DELIVERY_DIR.',
  EEXIST: 'Something else stands under that name already. Move it away.',
  ENAMETOOLONG: 'The name of the file is longer than the disk allows. Shorten the folder in the workflow.',
  EMFILE: 'The worker has too many files open.',
  EIO: 'The disk failed. Look at it.',
}

/** Of receivers: what their status asks for. */
const STATUS_WORDS: Record<string, string> = {
  400: 'It does not take what was sent: look at its answer.',
  401: 'It did not take the signature or the secret. Compare both sides, then send again.',
  403: 'It does not allow this. Ask whoever runs it, then send again.',
  404: 'There is nothing at the address. Correct it in the workflow.',
  405: 'The address does not take a POST. Correct it in the workflow.',
  408: 'It took too long.',
  410: 'It says that the address is gone for good. Correct it in the workflow.',
  413: 'It does not take as much at once. Raise the limit there, then send again.',
  415: 'It does not take JSON.',
  422: 'It does not take what was sent: look at its answer.',
  429: 'It asked to be asked less often.',
  500: 'It failed by itself: whoever runs it must look.',
  502: 'What stands before it could not reach it.',
  503: 'It is not available just now.',
  504: 'What stands before it had no answer in time.',
}

/** Why a delivery did not get through, by its code: what happened and what to do. */
export function deliveryCodeWords(code: string | null): string {
  if (code === null) return ''
  if (Object.hasOwn(WORDS, code)) return WORDS[code] ?? ''
  if (/^http_\d{3}$/.test(code)) {
    const status = code.slice('http_'.length)
    return `The receiver answered with status ${status}. ${STATUS_WORDS[status] ?? ''}`.trim()
  }
  if (/^smtp_\d{3}$/.test(code)) return mailServerWords(Number(code.slice('smtp_'.length)))
  return `The reason it gave, or the network’s, is “${code}”.`
}

/** RFC 5321, 4.2.1 and 4.2.3. */
function mailServerWords(reply: number): string {
  const said = `The mail server answered with ${reply}.`
  if (reply === 452 || reply === 552) return `${said} It has no room for the letter, or for this address.`
  if (reply === 550 || reply === 551 || reply === 553)
    return `${said} It does not take letters to this address: see whether it is right.`
  if (reply === 450 || reply === 451) return `${said} It cannot take the letter just now.`
  if (reply === 421 || reply === 503) return `${said} It ended the connection.`
  if (reply === 554) return `${said} It refused the letter: look at its log.`
  return reply >= 500
    ? `${said} It does not take the letter: look at its log.`
    : `${said} It may take the letter later.`
}

export type Standing = Pick<DeliveryView, 'state' | 'kind'> & {
  code: string | null
  reference: string | null
  /** Who is sending it right now. */
  workerId: string | null
  tries: number
  /** Where its job stands: only what is accepted leaves. Absent: it is accepted. */
  jobState?: State
  /** Another result was accepted since: what this one let leave does not leave any more. */
  isReplaced?: boolean
}

/** Where a delivery stands. */
export function deliverySentence(standing: Standing): string {
  const { state, kind, code, reference, tries, jobState = 'completed' } = standing
  switch (state) {
    case 'pending':
      if (jobState !== 'completed') return 'It is held back while its job is not accepted.'
      return kind === 'by_hand'
        ? 'Somebody hands it over, then confirms that here.'
        : tries > 0
          ? 'It is about to be sent again, with the same bytes and under the same id.'
          : 'It waits to be sent.'
    case 'sending':
      return sendingWords(standing)
    case 'delivered':
      if (code === 'kept_in_folder') return deliveryCodeWords(code)
      if (reference !== null) {
        return kind === 'by_hand'
          ? 'Somebody confirmed that it was handed over.'
          : 'Somebody confirmed that it arrived.'
      }
      return code === 'answer_cut' ? deliveryCodeWords(code) : RECEIVED[kind]
    case 'unknown':
      return `Nobody knows whether it arrived. ${deliveryCodeWords(code)} A second try could be a second letter, so it is not sent again by itself.`
    case 'failed':
      return `It could not be delivered. ${deliveryCodeWords(code)}`.trim()
    case 'withdrawn':
      return tries === 0
        ? 'It was withdrawn: nothing was sent, or will be.'
        : 'It was withdrawn after it had been tried: it will not be sent again.'
  }
}

const RECEIVED: Record<DeliveryView['kind'], string> = {
  http: 'The receiver has it.',
  email: 'The mail server has it.',
  file: 'The file is written.',
  by_hand: 'It was handed over.',
}

function sendingWords({ workerId, tries, code, jobState = 'completed', isReplaced = false }: Standing): string {
  const since = PAUSED[jobState] ?? (isReplaced ? 'another result was accepted' : null)
  if (workerId !== null) {
    return since === null ? 'It is being sent.' : `It was being sent when ${since}; it may still arrive.`
  }
  const failed = `${tries === 1 ? 'One try' : `${tries} tries`} did not get through. ${deliveryCodeWords(code)}`.trim()
  if (since === null) return `${failed} It is tried again by itself.`
  return jobState === 'awaiting_review'
    ? `${failed} It is not tried again while the job is looked at.`
    : `${failed} It is not tried again.`
}

/** What happened to a job that was accepted, and is no longer. */
const PAUSED: Partial<Record<State, string>> = {
  awaiting_review: 'the job was reopened',
  queued: 'another attempt was asked for',
  running: 'another attempt was asked for',
  expired: 'its deadline passed',
  abandoned: 'the job was abandoned',
  failed: 'another attempt was asked for',
}

/** What became of a delivery, before where it went: "Sent", "Being sent" … Null where nothing left. */
export function whatLeft({
  state,
  kind,
  tries,
  code,
}: Pick<DeliveryView, 'state' | 'kind' | 'tries' | 'code'>): string | null {
  if (code === 'kept_in_folder') return null
  switch (state) {
    case 'delivered':
      return kind === 'by_hand' ? 'Handed over' : 'Sent'
    case 'sending':
      return 'Sent, with no word yet whether it arrived,'
    case 'unknown':
      return 'Sent, and nobody knows whether it arrived,'
    case 'failed':
      return tries > 0 ? 'Tried without success' : null
    // Of an unknown letter that somebody withdrew, nobody knows more than before.
    case 'withdrawn':
      return tries > 0 ? 'Tried, and withdrawn' : null
    case 'pending':
      return tries > 0 ? 'Tried without success' : null
  }
}
