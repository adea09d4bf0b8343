import { readFile } from 'node:fs/promises'
import { deflateRawSync } from 'node:zlib'
import { PDFDocument } from 'pdf-lib'
import { expect, test } from 'vitest'
import { extractText } from './extract.server'
import { cleanName, DocumentError, type DocumentErrorCode, MAX_FILE_BYTES } from './extracted'
import { readInThread } from './read-in-thread.server'

const utf8 = (text: string) => new TextEncoder().encode(text)
const sample = (name: string) => readFile(`public/samples/${name}`)

async function refused(name: string, bytes: Uint8Array): Promise<DocumentError> {
  const outcome = await extractText(name, bytes).catch((error: unknown) => error)
  expect(outcome).toBeInstanceOf(DocumentError)
  return outcome as DocumentError
}

test('a PDF is read by page, in paragraphs', async () => {
  const { mediaType, pages, characters } = await extractText('lease.pdf', await sample('lease.pdf'))
  expect(mediaType).toBe('application/pdf')
  expect(pages.map(({ page }) => page)).toEqual([1, 2, 3])
  expect(pages[0]?.text).toContain('Residential Lease Agreement\n\nThis agreement is made on 12 January 2026')
  expect(pages[1]?.text).toContain('which is 740\neuros')
  expect(characters).toBe(pages.reduce((sum, { text }) => sum + text.length, 0))
})

test('a Word document is read as one page', async () => {
  const { mediaType, pages } = await extractText('invoice.docx', await sample('invoice.docx'))
  expect(mediaType).toBe('application/vnd.openxmlformats-officedocument.wordprocessingml.document')
  expect(pages).toEqual([{ page: 1, text: expect.stringContaining('Invoice number: NF-2026-0318') }])
})

test.each<[string, Uint8Array, string, string]>([
  ['a.md', utf8('# Title\r\n\r\nText'), 'text/markdown', '# Title\n\nText'],
  ['a.csv', utf8('a;b\n1;2'), 'text/csv', 'a;b\n1;2'],
  ['a.json', utf8('{ "a": 1 }'), 'application/json', '{ "a": 1 }'],
  ['a.txt', utf8('\uFEFFplain'), 'text/plain', 'plain'],
  ['notes', utf8('no ending'), 'text/plain', 'no ending'],
  ['a.txt', Uint8Array.of(0xff, 0xfe, 0x48, 0, 0xe9, 0), 'text/plain', 'Hé'],
  ['a.txt', Uint8Array.of(0xfe, 0xff, 0, 0x48, 0, 0xe9), 'text/plain', 'Hé'],
])('%s is read as text', async (name, bytes, mediaType, text) => {
  expect(await extractText(name, bytes)).toEqual({ mediaType, pages: [{ page: 1, text }], characters: text.length })
})

const picture = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0)
const oldOffice = Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, ...new Uint8Array(600))
const lockedOffice = Buffer.concat([oldOffice, Buffer.from('EncryptedPackage', 'utf16le')])

test.each<[string, string, Uint8Array | Promise<Uint8Array>, DocumentErrorCode, RegExp]>([
  ['an empty file', 'a.txt', new Uint8Array(), 'empty', /is empty/],
  ['white space only', 'a.txt', utf8(' \n'), 'empty', /nothing in it but white space/],
  ['more than 20 MB', 'a.txt', new Uint8Array(MAX_FILE_BYTES + 1), 'too_large', /larger than 20 MB/],
  ['a PDF named as text', 'a.txt', sample('lease.pdf'), 'mislabelled', /named \.txt, but it is a PDF/],
  ['a PDF without an ending', 'lease', sample('lease.pdf'), 'mislabelled', /has no ending, but it is a PDF/],
  ['text named as PDF', 'a.pdf', utf8('hello'), 'mislabelled', /named \.pdf, but it is plain text/],
  ['text named as a picture', 'a.png', utf8('hello'), 'mislabelled', /named \.png, but it is plain text/],
  ['a Word document named as PDF', 'a.pdf', sample('invoice.docx'), 'mislabelled', /but it is a Word document/],
  ['text named as JSON', 'a.json', utf8('{ a: 1'), 'mislabelled', /not valid JSON/],
  ['a picture', 'a.png', picture, 'unsupported', /is a picture/],
  ['a picture named as PDF', 'a.pdf', picture, 'unsupported', /is a picture/],
  ['rich text', 'a.rtf', utf8('{\\rtf1 hello}'), 'unsupported', /rich text/],
  ['old Word', 'a.doc', oldOffice, 'unsupported', /old format/],
  ['a locked Word document', 'a.docx', lockedOffice, 'encrypted', /locked with a password/],
  ['a spreadsheet', 'a.xlsx', zip({ 'xl/workbook.xml': 'x' }), 'unsupported', /spreadsheet/],
  ['a presentation', 'a.pptx', zip({ 'ppt/presentation.xml': 'x' }), 'unsupported', /presentation/],
  ['some other ZIP', 'a.zip', zip({ 'a.txt': 'x' }), 'unsupported', /ZIP file/],
  ['bytes that are no text', 'a.txt', Uint8Array.of(0x80, 0x81, 0xfe, 0x00), 'unsupported', /not text in UTF-8/],
  ['text with NUL', 'a.txt', utf8('a\u0000b'), 'unsupported', /not text in UTF-8/],
  ['control characters', 'a.txt', utf8('\u0001\u0002\u0003abc'), 'unsupported', /not text in UTF-8/],
  ['Latin-1', 'a.csv', Uint8Array.of(0x63, 0x61, 0x66, 0xe9), 'unsupported', /Save it as UTF-8/],
  ['noise named as Word', 'a.docx', Uint8Array.of(0x80, 0x81, 0x82), 'damaged', /is damaged/],
  ['a PDF that is cut off', 'a.pdf', utf8('%PDF-1.7\nhello'), 'damaged', /is damaged/],
])('%s is refused with a sentence that names the file', async (_name, name, bytes, code, sentence) => {
  const error = await refused(name, await bytes)
  expect(error.code).toBe(code)
  expect(error.message).toMatch(sentence)
  expect(error.message.startsWith(`${name} `)).toBe(true)
})

test('a PDF with a password is told apart from a damaged one', async () => {
  const error = await refused('secret.pdf', lockedPdf())
  expect(error.code).toBe('encrypted')
  expect(error.message).toContain('secret.pdf is locked with a password')
})

test('a scanned PDF is told from one with text', async () => {
  const document = await PDFDocument.create()
  document.addPage().drawRectangle({ x: 10, y: 10, width: 100, height: 100 })
  const error = await refused('scan.pdf', await document.save())
  expect(error.code).toBe('no_text')
  expect(error.message).toContain('probably a scan')
})

test('a Word document that was damaged on its way is refused', async () => {
  const bytes = await sample('invoice.docx')
  expect((await refused('a.docx', bytes.subarray(0, 1_000))).code).toBe('damaged')
  const broken = Buffer.from(bytes)
  broken.fill(0x77, 60, 200)
  expect((await refused('a.docx', broken)).code).toBe('damaged')
  expect((await refused('a.docx', zip({ 'word/document.xml': '<oops' }))).code).toBe('damaged')
})

test('a ZIP bomb is refused before it is unpacked whole, whatever its directory says', async () => {
  const bomb = zip({ 'word/document.xml': Buffer.alloc(300 * 1024 * 1024) })
  expect(bomb.byteLength).toBeLessThan(1024 * 1024)
  const error = await refused('a.docx', bomb)
  expect(error.code).toBe('too_large')
  expect(error.message).toContain('unpacks to more than 200 MB')
  // The unpacking itself was stopped, not only measured at its end.
  expect(error.cause).toMatchObject({ cause: { code: 'ERR_BUFFER_TOO_LARGE' } })
})

test('a file that takes too long to read is given up', async () => {
  expect(await readInThread('pdf', await sample('lease.pdf'), 1)).toEqual({ kind: 'too_slow' })
})

test('many files at once are each read', async () => {
  const bytes = await sample('lease.pdf')
  const all = await Promise.all(Array.from({ length: 6 }, () => extractText('lease.pdf', bytes)))
  expect(new Set(all.map(({ characters }) => characters)).size).toBe(1)
})

test.each([
  ['../../etc/passwd', 'passwd'],
  ['C:\\Users\\me\\lease.pdf', 'lease.pdf'],
  ['a\u0000b\n.txt', 'ab.txt'],
  ['gpj.\u202Eexe', 'gpj.exe'],
  ['  ', 'document'],
  [`${'x'.repeat(300)}.pdf`, `${'x'.repeat(251)}.pdf`],
])('the name %j becomes %j', (name, clean) => {
  expect(cleanName(name)).toBe(clean)
})

/** A ZIP as small as one can be; sizes in its directory are those of the packed bytes. */
function zip(files: Record<string, string | Uint8Array>): Uint8Array {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const [name, content] of Object.entries(files)) {
    const packed = deflateRawSync(content)
    const local = Buffer.alloc(30)
    local.writeUInt32LE(0x04034b50, 0)
    local.writeUInt16LE(8, 8)
    local.writeUInt32LE(packed.length, 18)
    local.writeUInt16LE(name.length, 26)
    const entry = Buffer.alloc(46)
    entry.writeUInt32LE(0x02014b50, 0)
    entry.writeUInt16LE(8, 10)
    entry.writeUInt32LE(packed.length, 20)
    entry.writeUInt32LE(packed.length, 24)
    entry.writeUInt16LE(name.length, 28)
    entry.writeUInt32LE(offset, 42)
    parts.push(local, Buffer.from(name), packed)
    directory.push(entry, Buffer.from(name))
    offset += 30 + name.length + packed.length
  }
  const count = Object.keys(files).length
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(count, 8)
  end.writeUInt16LE(count, 10)
  end.writeUInt32LE(Buffer.concat(directory).length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...parts, ...directory, end])
}

/** The least that a reader takes for a PDF whose password it does not have. */
function lockedPdf(): Uint8Array {
  const zeros = '0'.repeat(64)
  const objects = [
    '1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n',
    '2 0 obj\n<< /Type /Pages /Kids [] /Count 0 >>\nendobj\n',
    `3 0 obj\n<< /Filter /Standard /V 1 /R 2 /O <${zeros}> /U <${zeros}> /P -4 >>\nendobj\n`,
  ]
  let body = '%PDF-1.4\n'
  const offsets = objects.map((object) => {
    const at = body.length
    body += object
    return `${String(at).padStart(10, '0')} 00000 n \n`
  })
  const trailer = `trailer\n<< /Size 4 /Root 1 0 R /Encrypt 3 0 R /ID [<00> <00>] >>\nstartxref\n${body.length}\n%%EOF\n`
  return utf8(`${body}xref\n0 4\n0000000000 65535 f \n${offsets.join('')}${trailer}`)
}
