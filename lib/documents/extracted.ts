/** The text of a document, and why some have none. Pure. */
import type { DocumentPage } from '@/lib/evidence/types'
import { sanitiseText } from '@/lib/store/sanitise'

export const MAX_FILE_BYTES = 20 * 1024 * 1024

export type MediaType =
  | 'text/plain'
  | 'text/markdown'
  | 'text/csv'
  | 'application/json'
  | 'application/pdf'
  | 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'

/** What was read from a document. `characters` are UTF-16 units of all pages. Only PDF has more than one page. */
export type Extracted = { mediaType: MediaType; pages: DocumentPage[]; characters: number }

export type DocumentErrorCode =
  | 'empty'
  | 'too_large'
  | 'mislabelled'
  | 'encrypted'
  | 'no_text'
  | 'damaged'
  | 'unsupported'
  | 'too_slow'

/** A document that cannot be used. The message is a sentence or two that names the file, the reason and what to do. */
export class DocumentError extends Error {
  override name = 'DocumentError'
  constructor(
    readonly code: DocumentErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options)
  }
}

/** Pages whose text the database, the model and the browser take alike: LF line ends, no NUL, no lone surrogate. */
export function extracted(mediaType: MediaType, texts: string[]): Extracted {
  const pages = texts.map((text, index) => ({ page: index + 1, text: sanitiseText(text.replaceAll(/\r\n?/g, '\n')) }))
  return { mediaType, pages, characters: pages.reduce((sum, page) => sum + page.text.length, 0) }
}

/** A file name that is safe to show and to offer for download: no folders, no control characters, at most 255 units. */
export function cleanName(name: string): string {
  const last = name.toWellFormed().split(/[/\\]/).at(-1) ?? ''
  const plain = last.replaceAll(/[\p{Cc}\u202A-\u202E\u2066-\u2069]/gu, '').trim()
  if (plain === '') return 'document'
  if (plain.length <= 255) return plain
  const extension = /\.[^.]{1,10}$/.exec(plain)?.[0] ?? ''
  return `${plain.slice(0, 255 - extension.length).toWellFormed()}${extension}`
}
