/** A letter as the bytes that are sent: RFC 5322, text only. The same letter always has the same bytes. */
import MailComposer from 'nodemailer/lib/mail-composer'
import { encodeWord } from 'nodemailer/lib/mime-funcs'
import * as qp from 'nodemailer/lib/qp'
import type { Sender } from './address'

export type Letter = {
  from: Sender
  /** One plain address. */
  to: string
  subject: string
  text: string
  date: Date
  /** With its brackets. */
  messageId: string
  /** The ids, with their brackets, of the letter that it answers or corrects, and of those before. */
  inReplyTo?: string
  references?: readonly string[]
  /** Written by nobody: programs that answer letters must not answer this one (RFC 3834). */
  isAutomatic?: boolean
}

/** In UTF-16 units: more is no subject. */
export const LONGEST_SUBJECT = 250

/**
 * The bytes of a letter. What stands in it cannot become another header or another recipient: line breaks and control
 * characters are taken out of the subject, and the text is encoded.
 */
export function composeMessage(letter: Letter): Uint8Array {
  const { from, to, subject, text, date, messageId, inReplyTo, references, isAutomatic } = letter
  const content = cleanText(text).replaceAll('\n', '\r\n')
  const message = new MailComposer({
    from: { name: from.name ?? '', address: from.address },
    to: { name: '', address: to },
    date,
    messageId,
    ...(inReplyTo === undefined ? {} : { inReplyTo }),
    ...(references === undefined ? {} : { references: [...references] }),
    // Only for the headers that go with it: the composer encodes a content of its own by way of a stream.
    text: 'x',
    ...(isAutomatic ? { headers: { 'Auto-Submitted': 'auto-generated' } } : {}),
    disableFileAccess: true,
    disableUrlAccess: true,
  }).compile()
  // Where most of it is ASCII, also people who see the bytes can read it.
  const isReadable = Buffer.byteLength(content) < content.length * 1.5
  message.setHeader('Subject', subjectHeader(oneLine(subject)))
  message.setHeader('Content-Transfer-Encoding', isReadable ? 'quoted-printable' : 'base64')
  const body = isReadable ? qp.wrap(qp.encode(content)) : base64Lines(content)
  return new TextEncoder().encode(`${message.buildHeaders()}\r\n\r\n${body}\r\n`)
}

/** What looks like an encoded word is encoded: it would be read as what it stands for. */
function subjectHeader(subject: string) {
  if (!subject.includes('=?')) return subject
  return { prepared: true, foldLines: true, value: encodeWord(subject, 'B', 52) }
}

/** What of `text` can stand in one line that people read: no breaks, no controls, nothing that turns the order of letters. */
export function oneLine(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .replace(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '')
    .replace(/ {2,}/g, ' ')
    .trim()
}

/** Lines end with \n; what no letter can carry is shown as U+FFFD. */
export function cleanText(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?|[\u2028\u2029]/g, '\n')
    .replace(/(?![\t\n])\p{Cc}/gu, '\ufffd')
}

/** RFC 2045: lines of at most 76 characters. */
function base64Lines(text: string): string {
  return Buffer.from(text, 'utf8')
    .toString('base64')
    .replace(/.{76}(?=.)/g, '$&\r\n')
}
