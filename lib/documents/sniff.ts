/** What a file is, by its content and not by its name. Pure. */

export type Content = 'pdf' | 'zip' | 'compound' | 'picture' | 'rich_text' | 'utf16le' | 'utf16be' | 'other'

const SIGNATURES: [Content, number[]][] = [
  ['pdf', [0x25, 0x50, 0x44, 0x46, 0x2d]],
  ['zip', [0x50, 0x4b, 0x03, 0x04]],
  // A ZIP without files in it.
  ['zip', [0x50, 0x4b, 0x05, 0x06]],
  // OLE compound file: Word before 2007, and Office files with a password.
  ['compound', [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]],
  ['picture', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  ['picture', [0xff, 0xd8, 0xff]],
  ['picture', [0x47, 0x49, 0x46, 0x38]],
  ['picture', [0x49, 0x49, 0x2a, 0x00]],
  ['picture', [0x4d, 0x4d, 0x00, 0x2a]],
  ['rich_text', [0x7b, 0x5c, 0x72, 0x74, 0x66]],
  ['utf16le', [0xff, 0xfe]],
  ['utf16be', [0xfe, 0xff]],
]

/** What the first bytes of a file say that it is. `other` may be text. */
export function sniff(bytes: Uint8Array): Content {
  return SIGNATURES.find(([, signature]) => startsWith(bytes, signature))?.[0] ?? 'other'
}

function startsWith(bytes: Uint8Array, signature: number[]): boolean {
  return signature.every((byte, index) => bytes[index] === byte)
}

/** True where a PDF begins within the first KiB: readers of PDF allow other bytes before it. */
export function hasPdfHeader(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(0, 1024)).includes('%PDF-', 0, 'latin1')
}

/** True where a compound file is an Office file with a password: its one stream has this name, in UTF-16. */
export function isEncryptedOffice(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes('EncryptedPackage', 0, 'utf16le')
}

/**
 * The text of a file, by its byte-order mark or as UTF-8; null where it is neither. Text with NUL, or with more than
 * one other control character in a hundred, is not text.
 */
export function decodeText(bytes: Uint8Array, content: Content): string | null {
  const encoding = content === 'utf16le' ? 'utf-16le' : content === 'utf16be' ? 'utf-16be' : 'utf-8'
  let text: string
  try {
    text = new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch {
    // The only thing that a fatal decoder throws: bytes that are not of this encoding.
    return null
  }
  if (text.includes('\u0000')) return null
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is counted.
  const controls = text.match(/[\u0001-\u0008\u000B\u000E-\u001A\u001C-\u001F\u007F]/g)?.length ?? 0
  return controls * 100 > text.length ? null : text
}
