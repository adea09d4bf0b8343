/**
 * What leaves when a result is accepted: where to, and the exact bytes. Pure: the same job, result and time give the same
 * bytes, so that what a person approved is what is sent.
 */
import { createHash } from 'node:crypto'
import path from 'node:path'
import { domainOf, isPlainAddress, parseSender } from '@/lib/mail/address'
import { composeMessage, LONGEST_SUBJECT, oneLine } from '@/lib/mail/message'
import type { DeliveryDefinition } from '@/lib/workflows/definition'
import { correctedBy, type SentBefore, sentOn } from './corrections'
import { type Found, textAt, valueAt } from './text-source'

export type SentKind = Exclude<DeliveryDefinition['kind'], 'none'>

export type DeliveryPlan = {
  kind: SentKind
  /** A URL, an address, the path of a file, or the first line of what somebody is to do. */
  destination: string
  bytes: Uint8Array
  mediaType: string
  /** Which earlier delivery of the job it corrects; null: nothing has left. */
  corrects: SentBefore | null
}

/** `plan` is null without a problem where the workflow delivers nothing. A problem is a sentence for people. */
export type Planned = { plan: DeliveryPlan | null; problem: null } | { plan: null; problem: string }

export type DeliveryContext = {
  job: { id: string; number: number; title: string; reference: string | null }
  workflow: { key: string; version: number; name: string }
  input: Record<string, unknown>
  /** The hash of the bytes of `text`; `json` is what they say, or null where they are no JSON. */
  result: { hash: string; text: string; json: unknown }
  /** When the round opened: the Date of an e-mail. */
  at: Date
  /** Whom an e-mail is from: HOLDPOINT_MAIL_FROM. */
  mailFrom: string
  /** The absolute folder below which files are written. */
  folder: string
  /** What of the job has left before, the newest first. */
  sent: readonly SentBefore[]
}

type Of<K extends SentKind> = Extract<DeliveryDefinition, { kind: K }>

/** Plans the delivery of one result. Nothing here throws, whatever a model or a customer wrote. */
export function planDelivery(delivery: DeliveryDefinition, context: DeliveryContext): Planned {
  try {
    return planOf(delivery, context)
  } catch (error) {
    // JSON can be read deeper than it can be written.
    if (!(error instanceof RangeError)) throw error
    return problem('The result is nested too deeply to be sent. Revise it, or request changes.')
  }
}

function planOf(delivery: DeliveryDefinition, context: DeliveryContext): Planned {
  switch (delivery.kind) {
    case 'none':
      return { plan: null, problem: null }
    case 'http':
      return httpPlan(delivery, context)
    case 'email':
      return emailPlan(delivery, context)
    case 'file':
      return filePlan(delivery, context)
    case 'by_hand':
      return byHandPlan(delivery, context)
  }
}

/**
 * What a decision binds of a delivery: the SHA-256, in hexadecimal, of its kind, destination and bytes, and of which
 * earlier delivery it corrects. The database computes the same.
 */
export function deliveryHash(plan: {
  kind: string
  destination: string
  bytesSha256: string
  corrects?: Pick<SentBefore, 'id'> | null
}): string {
  const { kind, destination, bytesSha256, corrects = null } = plan
  const lines = [kind, destination, bytesSha256, ...(corrects === null ? [] : [corrects.id])]
  return createHash('sha256')
    .update([`holdpoint-delivery:${corrects === null ? 1 : 2}`, ...lines].join('\n'))
    .digest('hex')
}

function httpPlan({ url, body }: Of<'http'>, { job, workflow, result, sent }: DeliveryContext): Planned {
  const address = URL.canParse(url) ? new URL(url) : null
  if (address === null || !/^https?:$/.test(address.protocol)) {
    return problem('The URL of the delivery cannot be read. Mend it in the workflow.')
  }
  if (address.username !== '' || address.password !== '') {
    return problem(
      'The URL of the delivery has a name or password in it, which is never sent. Use "secretHeader" in the workflow.',
    )
  }
  const destination = address.href
  const corrects = correctedBy(sent, { kind: 'http', destination })
  if (body === undefined) {
    const { id, number, title, reference } = job
    const { key, version } = workflow
    const envelope = {
      type: 'holdpoint.result.accepted',
      job: { id, number, title, reference },
      workflow: { key, version },
      ...(corrects === null ? {} : { corrects: correctedInEnvelope(corrects) }),
      resultHash: result.hash,
      result: result.json ?? result.text,
    }
    return { plan: { kind: 'http', destination, bytes: json(envelope), mediaType: JSON_TYPE, corrects }, problem: null }
  }
  const found = valueAt(result.json, body, 'The body of the request', 'the result')
  if (found.problem !== null) return problem(found.problem)
  return {
    plan: { kind: 'http', destination, bytes: json(found.value), mediaType: JSON_TYPE, corrects },
    problem: null,
  }
}

/** Which delivery its receiver should look for: by the `webhook-id` that it came under. */
function correctedInEnvelope({ messageId, number, resultHash, at, isKnown }: SentBefore) {
  return { webhookId: messageId, delivery: number, resultHash, at: at.toISOString(), arrived: isKnown ? true : null }
}

function emailPlan({ to, subject, text }: Of<'email'>, context: DeliveryContext): Planned {
  const { job, input, result, at, mailFrom, sent } = context
  const sources = { input, result: result.json }
  const from = parseSender(mailFrom)
  if (from === null)
    return problem('HOLDPOINT_MAIL_FROM is no e-mail address. Set it to one, such as desk@example.com.')
  const address = plainAddress(textAt(to, sources, 'The address of the e-mail'))
  if (address.problem !== null) return problem(address.problem)
  const title = subjectOf(textAt(subject, sources, 'The subject of the e-mail'))
  if (title.problem !== null) return problem(title.problem)
  const content = textAt(text, sources, 'The text of the e-mail')
  if (content.problem !== null) return problem(content.problem)
  const corrects = correctedBy(sent, { kind: 'email', destination: address.value })
  // The same result may leave again: another letter, which no mail program may take for the first.
  const own = `${job.id}.${result.hash.slice(0, 32)}${corrects === null ? '' : `.${corrects.number + 1}`}`
  const earlier = corrects?.letter ?? null
  const bytes = composeMessage({
    from,
    to: address.value,
    subject: corrects === null ? title.value : `Correction: ${title.value}`,
    text: corrects === null ? content.value : `${correctionLine(corrects)}\n\n${content.value}`,
    date: at,
    messageId: `<${own}@${domainOf(from.address)}>`,
    ...(earlier === null
      ? {}
      : { inReplyTo: earlier.messageId, references: [...earlier.references, earlier.messageId] }),
  })
  return {
    plan: { kind: 'email', destination: address.value, bytes, mediaType: 'message/rfc822', corrects },
    problem: null,
  }
}

/** The first line of a letter that takes the place of another. */
function correctionLine({ at, isKnown, letter }: SentBefore): string {
  const which = letter === null || letter.subject === '' ? '' : `, “${letter.subject}”`
  const before = `This letter takes the place of our letter of ${sentOn(at)}${which}`
  return isKnown ? `${before}.` : `${before}, if it reached you.`
}

function plainAddress(found: Found<string>): Found<string> {
  if (found.problem !== null) return found
  const address = found.value.trim()
  if (isPlainAddress(address)) return { value: address, problem: null }
  const shown = oneLine(address).slice(0, 100).toWellFormed()
  return {
    value: null,
    problem: `The e-mail would go to “${shown}”, which is not one plain address such as dana@example.com. Mend it where it comes from, then try again.`,
  }
}

function subjectOf(found: Found<string>): Found<string> {
  if (found.problem !== null) return found
  const subject = oneLine(found.value)
  if (subject === '') {
    return {
      value: null,
      problem: 'The subject of the e-mail has nothing that can be read. Mend it where it comes from.',
    }
  }
  if (subject.length > LONGEST_SUBJECT) {
    return {
      value: null,
      problem: `The subject of the e-mail has ${subject.length} characters, and at most ${LONGEST_SUBJECT} fit. Shorten it where it comes from.`,
    }
  }
  return { value: subject, problem: null }
}

function filePlan({ folder, content }: Of<'file'>, { job, result, folder: root, sent }: DeliveryContext): Planned {
  const corrects = correctedBy(sent, { kind: 'file', destination: null })
  // The name of the file that it corrects begins with the same number, and has that hash.
  const named = corrects === null ? '' : `-corrects-${corrects.resultHash.slice(0, 12)}`
  const name = `${job.number}-${result.hash.slice(0, 12)}${named}`
  const file = (end: string) => path.join(root, folder, `${name}.${end}`)
  if (content === undefined && result.json !== null) {
    return {
      plan: { kind: 'file', destination: file('json'), bytes: prettyJson(result.json), mediaType: JSON_TYPE, corrects },
      problem: null,
    }
  }
  const found: Found<string> =
    content === undefined
      ? { value: result.text, problem: null }
      : textAt({ result: content }, { input: {}, result: result.json }, 'The text of the file')
  if (found.problem !== null) return problem(found.problem)
  const bytes = new TextEncoder().encode(found.value)
  return { plan: { kind: 'file', destination: file('txt'), bytes, mediaType: TEXT_TYPE, corrects }, problem: null }
}

function byHandPlan({ instructions }: Of<'by_hand'>, { result, sent }: DeliveryContext): Planned {
  const [first = ''] = instructions.trim().split(/[\r\n\u2028\u2029]/)
  const corrects = correctedBy(sent, { kind: 'by_hand', destination: null })
  const what = oneLine(first)
  const destination =
    corrects === null
      ? what
      : `Correct what was handed over on ${sentOn(corrects.at)} (delivery ${corrects.number}): ${what}`
  if (what === '') return problem('The workflow does not say what is to be done by hand. Mend it there.')
  const isJson = result.json !== null
  const bytes = isJson ? prettyJson(result.json) : new TextEncoder().encode(result.text)
  return {
    plan: { kind: 'by_hand', destination, bytes, mediaType: isJson ? JSON_TYPE : TEXT_TYPE, corrects },
    problem: null,
  }
}

const JSON_TYPE = 'application/json'
const TEXT_TYPE = 'text/plain; charset=utf-8'

const problem = (sentence: string): Planned => ({ plan: null, problem: sentence })
const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))
const prettyJson = (value: unknown) => new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`)
