/** From an uploaded file to its text, or to a sentence that says why there is none. */
import path from 'node:path'
import {
  DocumentError,
  type DocumentErrorCode,
  type Extracted,
  extracted,
  MAX_FILE_BYTES,
  type MediaType,
} from './extracted'
import { type ReadOutcome, readInThread } from './read-in-thread.server'
import { type Content, decodeText, hasPdfHeader, isEncryptedOffice, sniff } from './sniff'
import { checkUnpackedSize, ZipDamaged, type ZipEntry, ZipTooLarge, zipEntries } from './zip'

const DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'
/** Far more than the text and styles of any document: 20 MB of ZIP can hold 20 GB of zeros. */
const MAX_UNPACKED_BYTES = 200 * 1024 * 1024

const TEXT_TYPES: Record<string, MediaType> = {
  '.md': 'text/markdown',
  '.markdown': 'text/markdown',
  '.csv': 'text/csv',
  '.json': 'application/json',
}
/** Endings that promise something else than text. */
const NOT_TEXT = new Set([
  '.pdf',
  '.docx',
  '.doc',
  '.xlsx',
  '.xls',
  '.pptx',
  '.zip',
  '.png',
  '.jpg',
  '.jpeg',
  '.gif',
  '.tif',
  '.tiff',
])

/**
 * Reads the text of a file. What it is, its content says; a name that says something else is refused, because somebody
 * chose the wrong file.
 * @throws {DocumentError} whose message names the file, the reason and what to do.
 */
export async function extractText(name: string, bytes: Uint8Array): Promise<Extracted> {
  if (bytes.byteLength === 0) throw failure('empty', `${name} is empty. Choose a file with text in it.`)
  if (bytes.byteLength > MAX_FILE_BYTES) throw tooLarge(name)
  const ending = path.extname(name).toLowerCase()
  const content = ending === '.pdf' && hasPdfHeader(bytes) ? 'pdf' : sniff(bytes)
  switch (content) {
    case 'pdf':
      return extractPdf(name, ending, bytes)
    case 'zip':
      return extractZip(name, ending, bytes)
    case 'compound':
      throw isEncryptedOffice(bytes)
        ? failure('encrypted', `${name} is locked with a password. Save it without one, then add it again.`)
        : failure('unsupported', `${name} is in the old format of Office. Save it as .docx or PDF, then add it again.`)
    case 'picture':
      throw failure(
        'unsupported',
        `${name} is a picture, and only text can be read. Add a PDF or text file with its text.`,
      )
    case 'rich_text':
      throw failure('unsupported', `${name} is rich text (RTF). Save it as .docx or .txt, then add it again.`)
    default:
      return extractPlain(name, ending, bytes, content)
  }
}

/** A file over the limit, said before it was read whole. */
export function tooLarge(name: string): DocumentError {
  return failure('too_large', `${name} is larger than ${MAX_FILE_BYTES / 1024 / 1024} MB. Split it or make it smaller.`)
}

async function extractPdf(name: string, ending: string, bytes: Uint8Array): Promise<Extracted> {
  if (ending !== '.pdf') throw mislabelled(name, ending, 'a PDF', '.pdf')
  const texts = textsOf(name, 'PDF', await readInThread('pdf', bytes))
  const result = extracted('application/pdf', texts)
  if (texts.every((text) => text.trim() === '')) {
    throw failure(
      'no_text',
      `${name} has no text, only pictures of its pages: it is probably a scan. Run text recognition (OCR) on it, then add it again.`,
    )
  }
  return result
}

async function extractZip(name: string, ending: string, bytes: Uint8Array): Promise<Extracted> {
  const entries = entriesOf(name, bytes)
  const has = (folder: string) => entries.some((entry) => entry.name.startsWith(folder))
  if (has('xl/')) throw failure('unsupported', `${name} is a spreadsheet. Save it as CSV, then add it again.`)
  if (has('ppt/')) throw failure('unsupported', `${name} is a presentation. Save it as PDF, then add it again.`)
  if (!entries.some((entry) => entry.name === 'word/document.xml')) {
    throw failure('unsupported', `${name} is a ZIP file, not a document. Unpack it and add the files in it.`)
  }
  if (ending !== '.docx') throw mislabelled(name, ending, 'a Word document', '.docx')
  await refuseBomb(name, bytes, entries)
  const [text = ''] = textsOf(name, 'Word document', await readInThread('docx', bytes))
  if (text.trim() === '') throw failure('no_text', `${name} has no text in it. Choose a file with text.`)
  return extracted(DOCX, [text])
}

function entriesOf(name: string, bytes: Uint8Array): ZipEntry[] {
  try {
    return zipEntries(bytes)
  } catch (cause) {
    if (!(cause instanceof ZipDamaged)) throw cause
    throw failure(
      'damaged',
      `${name} is damaged: what it says of the files in it does not hold. Save it anew, or get a new copy of it.`,
      cause,
    )
  }
}

async function refuseBomb(name: string, bytes: Uint8Array, entries: ZipEntry[]): Promise<void> {
  try {
    await checkUnpackedSize(bytes, entries, MAX_UNPACKED_BYTES)
  } catch (cause) {
    if (cause instanceof ZipDamaged) throw damaged(name, 'Word document', cause)
    if (!(cause instanceof ZipTooLarge)) throw cause
    const limit = MAX_UNPACKED_BYTES / 1024 / 1024
    throw failure(
      'too_large',
      `${name} unpacks to more than ${limit} MB. Take the pictures out, or save it as PDF.`,
      cause,
    )
  }
}

function textsOf(name: string, what: string, outcome: ReadOutcome): string[] {
  if (outcome.kind === 'read') return outcome.texts
  if (outcome.kind === 'too_slow') {
    throw failure('too_slow', `${name} took too long to read. Save it anew as PDF or text, or split it.`)
  }
  // The name of pdf.js for "needs a password".
  if (outcome.name === 'PasswordException') {
    throw failure('encrypted', `${name} is locked with a password. Save it without one, then add it again.`)
  }
  throw damaged(name, what, outcome.name)
}

function extractPlain(name: string, ending: string, bytes: Uint8Array, content: Content): Extracted {
  const text = decodeText(bytes, content)
  if (text === null) {
    throw NOT_TEXT.has(ending)
      ? failure('damaged', `${name} is damaged: it is not what ${ending} promises. Get a new copy of it.`)
      : failure(
          'unsupported',
          `${name} is not text in UTF-8 or UTF-16. Save it as UTF-8 text, PDF or .docx, then add it again.`,
        )
  }
  if (text.trim() === '')
    throw failure('empty', `${name} has nothing in it but white space. Choose a file with text in it.`)
  if (NOT_TEXT.has(ending)) throw mislabelled(name, ending, 'plain text', '.txt')
  if (ending === '.json') refuseBrokenJson(name, text)
  return extracted(TEXT_TYPES[ending] ?? 'text/plain', [text])
}

function refuseBrokenJson(name: string, text: string): void {
  try {
    JSON.parse(text)
  } catch (cause) {
    throw failure(
      'mislabelled',
      `${name} is named .json, but it is not valid JSON. Mend it, or rename it to .txt.`,
      cause,
    )
  }
}

function mislabelled(name: string, ending: string, what: string, right: string): DocumentError {
  const named = ending === '' ? 'has no ending' : `is named ${ending}`
  return failure(
    'mislabelled',
    `${name} ${named}, but it is ${what}. Rename it to end in ${right} if it is the right file.`,
  )
}

function damaged(name: string, what: string, cause: unknown): DocumentError {
  return failure('damaged', `${name} is damaged: it cannot be read as a ${what}. Get a new copy of it.`, cause)
}

function failure(code: DocumentErrorCode, message: string, cause?: unknown): DocumentError {
  return new DocumentError(code, message, cause === undefined ? undefined : { cause })
}
