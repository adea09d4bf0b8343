import { deflateRawSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { extractText } from './extract.server'
import { ZipDamaged, zipEntries } from './zip'

type Craft = {
  /** Names, in the order of the directory. */
  names?: string[]
  /** 16 or 32 bits of the end record, by their place in it. */
  end16?: Record<number, number>
  end32?: Record<number, number>
  /** The same, of the last header of the directory. */
  entry16?: Record<number, number>
  entry32?: Record<number, number>
  before?: Buffer
  /** Between the directory and its end record. */
  between?: Buffer
  comment?: string
}

/** A ZIP that is whole, but for what is asked for. */
function craft({
  names = ['word/document.xml', 'b.xml'],
  end16 = {},
  end32 = {},
  entry16 = {},
  entry32 = {},
  before = Buffer.alloc(0),
  between = Buffer.alloc(0),
  comment = '',
}: Craft = {}): Uint8Array {
  const packed = deflateRawSync('text')
  const files = Buffer.concat(names.map((name) => Buffer.concat([localHeader(name, packed.length), packed])))
  const headers = names.map((name, index) => header(name, packed.length, index * (30 + name.length + packed.length)))
  const last = headers.at(-1)
  if (last !== undefined) write(last, entry16, entry32)
  const directory = Buffer.concat(headers)
  const end = Buffer.alloc(22)
  const counts = { 8: names.length, 10: names.length, 20: comment.length }
  write(end, { ...counts, ...end16 }, { 0: 0x06054b50, 12: directory.length, 16: files.length, ...end32 })
  return Buffer.concat([before, files, directory, between, end, Buffer.from(comment)])
}

function localHeader(name: string, size: number): Buffer {
  const bytes = Buffer.alloc(30)
  write(bytes, { 8: 8, 26: name.length }, { 0: 0x04034b50, 18: size })
  return Buffer.concat([bytes, Buffer.from(name)])
}

function header(name: string, size: number, offset: number): Buffer {
  const bytes = Buffer.alloc(46)
  write(bytes, { 10: 8, 28: name.length }, { 0: 0x02014b50, 20: size, 24: size, 42: offset })
  return Buffer.concat([bytes, Buffer.from(name)])
}

function write(bytes: Buffer, by16: Record<number, number>, by32: Record<number, number>): void {
  for (const [at, value] of Object.entries(by16)) bytes.writeUInt16LE(value, Number(at))
  for (const [at, value] of Object.entries(by32)) bytes.writeUInt32LE(value, Number(at))
}

test.each([
  ['as it should be', craft()],
  ['with a comment', craft({ comment: 'Made by hand.' })],
])('a ZIP %s is read', (_how, bytes) => {
  expect(zipEntries(bytes).map(({ name }) => name)).toEqual(['word/document.xml', 'b.xml'])
})

test.each([
  ['that counts fewer files than it has', craft({ end16: { 8: 1, 10: 1 } })],
  ['that counts none of its files', craft({ end16: { 8: 0, 10: 0 } })],
  ['that counts more files than it has', craft({ end16: { 8: 3, 10: 3 } })],
  ['of which this part has fewer files', craft({ end16: { 8: 1 } })],
  ['that has bytes before it', craft({ before: Buffer.alloc(100) })],
  ['that has bytes behind its directory', craft({ between: Buffer.alloc(100) })],
  ['whose directory begins elsewhere', craft({ end32: { 16: 0 } })],
  ['whose directory is longer', craft({ end32: { 12: 1_000 } })],
  ['on the last disk that there can be', craft({ end16: { 4: 0xffff } })],
  ['whose directory is on the last disk that there can be', craft({ end16: { 6: 0xffff } })],
  ['on a second disk', craft({ end16: { 4: 1, 6: 1 } })],
  ['whose count stands elsewhere', craft({ end16: { 8: 0xffff, 10: 0xffff } })],
  ['whose size stands elsewhere', craft({ end32: { 12: 0xffffffff } })],
  ['whose offset stands elsewhere', craft({ end32: { 16: 0xffffffff } })],
  ['with a file whose packed size stands elsewhere', craft({ entry32: { 20: 0xffffffff } })],
  ['with a file whose size stands elsewhere', craft({ entry32: { 24: 0xffffffff } })],
  ['with a file whose place stands elsewhere', craft({ entry32: { 42: 0xffffffff } })],
  ['with a file on another disk', craft({ entry16: { 34: 0xffff } })],
  ['whose last header reaches into its end record', craft({ entry16: { 30: 10 } })],
  ['with a name twice', craft({ names: ['word/document.xml', 'word/document.xml'] })],
  ['without an end', craft().subarray(0, -22)],
])('a ZIP %s is refused: another reader could find other files in it', async (_how, bytes) => {
  expect(() => zipEntries(bytes)).toThrow(ZipDamaged)
  const outcome = extractText('a.docx', bytes)
  await expect(outcome).rejects.toMatchObject({
    code: 'damaged',
    message: expect.stringMatching(/^a\.docx is damaged/),
  })
})
