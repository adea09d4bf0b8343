/** Looks into a ZIP before anything unpacks it: which files it has, and how large they really become. */
import { promisify } from 'node:util'
import { inflateRaw } from 'node:zlib'

export type ZipEntry = {
  name: string
  /** As it is written in the directory. */
  nameBytes: Uint8Array
  method: number
  /** In bytes. */
  compressedSize: number
  /** Where its own header stands, before its content. */
  localOffset: number
}

/** The ZIP's own directory cannot be read, or does not fit its content. */
export class ZipDamaged extends Error {
  override name = 'ZipDamaged'
}
/** The files in the ZIP become larger than allowed. */
export class ZipTooLarge extends Error {
  override name = 'ZipTooLarge'
}

const END_BYTES = 22
/** The comment after the end record is at most this long. */
const LONGEST_COMMENT = 65_535
/** A document has some dozens of parts. */
const MOST_ENTRIES = 10_000

/** Fields that are filled with these stand in a ZIP64 record, which files of at most 20 MB have no need of. */
const FULL_16 = 0xffff
const FULL_32 = 0xffffffff
const HEADER_BYTES = 46

/**
 * The files that the central directory names (APPNOTE.TXT 4.3.12 and 4.3.16). Refused is whatever another reader could
 * take otherwise than this one, or it would unpack what was not looked at: ZIP64, more parts, a directory that does not
 * lie right before its end record, files beyond the ones that are counted, a name twice.
 * @throws {ZipDamaged}
 */
export function zipEntries(bytes: Uint8Array): ZipEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  try {
    const end = endRecord(view)
    const { offset, count } = directoryAt(view, end)
    const entries: ZipEntry[] = []
    let at = offset
    while (at < end) {
      const { entry, next } = readEntry(bytes, view, at)
      entries.push(entry)
      at = next
    }
    if (at !== end || entries.length !== count) throw new ZipDamaged('It does not have the files that it counts.')
    if (new Set(entries.map(({ name }) => name)).size !== count) throw new ZipDamaged('It has a file twice.')
    return entries
  } catch (cause) {
    if (cause instanceof RangeError) throw new ZipDamaged('Its directory points outside it.', { cause })
    throw cause
  }
}

function directoryAt(view: DataView, end: number): { offset: number; count: number } {
  const [disk = 0, firstDisk = 0, countHere = 0, count = 0] = [4, 6, 8, 10].map((at) => view.getUint16(end + at, true))
  const [size, offset] = [view.getUint32(end + 12, true), view.getUint32(end + 16, true)]
  if (disk !== 0 || firstDisk !== 0 || countHere !== count) throw new ZipDamaged('It is one part of several.')
  if (count === FULL_16 || size === FULL_32 || offset === FULL_32) throw new ZipDamaged('It is a ZIP64.')
  if (count > MOST_ENTRIES) throw new ZipDamaged('It names too many files.')
  if (offset + size !== end) throw new ZipDamaged('Its directory is not where it says.')
  return { offset, count }
}

function readEntry(bytes: Uint8Array, view: DataView, at: number): { entry: ZipEntry; next: number } {
  if (view.getUint32(at, true) !== 0x02014b50) throw new ZipDamaged('Its directory is broken.')
  const [nameLength = 0, extraLength = 0, commentLength = 0, disk = 0] = [28, 30, 32, 34].map((field) =>
    view.getUint16(at + field, true),
  )
  const [compressedSize = 0, size = 0, localOffset = 0] = [20, 24, 42].map((field) => view.getUint32(at + field, true))
  if (disk !== 0) throw new ZipDamaged('It is one part of several.')
  if ([compressedSize, size, localOffset].includes(FULL_32)) throw new ZipDamaged('It is a ZIP64.')
  const nameAt = at + HEADER_BYTES
  const nameBytes = bytes.subarray(nameAt, nameAt + nameLength)
  const name = new TextDecoder().decode(nameBytes)
  const entry = { name, nameBytes, method: view.getUint16(at + 10, true), compressedSize, localOffset }
  return { entry, next: nameAt + nameLength + extraLength + commentLength }
}

function endRecord(view: DataView): number {
  const first = Math.max(0, view.byteLength - END_BYTES - LONGEST_COMMENT)
  for (let at = view.byteLength - END_BYTES; at >= first; at--) {
    if (view.getUint32(at, true) === 0x06054b50) return at
  }
  throw new ZipDamaged('It has no directory.')
}

const inflate = promisify(inflateRaw)

/**
 * Unpacks the entries, to nowhere, to see that together they stay within `maxBytes`: the sizes in the directory may lie.
 * @throws {ZipTooLarge}
 * @throws {ZipDamaged}
 */
export async function checkUnpackedSize(bytes: Uint8Array, entries: ZipEntry[], maxBytes: number): Promise<void> {
  let left = maxBytes
  for (const entry of entries) {
    const packed = packedBytes(bytes, entry)
    // 0: stored as it is. Anything else than 8 (deflate) no reader of DOCX unpacks.
    left -= entry.method === 8 ? await unpackedSize(packed, left) : packed.byteLength
    if (left < 0) throw new ZipTooLarge('It unpacks to more than is allowed.')
  }
}

function packedBytes(bytes: Uint8Array, { localOffset, compressedSize }: ZipEntry): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (localOffset + 30 > bytes.byteLength) throw new ZipDamaged('A file in it is missing.')
  if (view.getUint32(localOffset, true) !== 0x04034b50) throw new ZipDamaged('A file in it is broken.')
  const start = localOffset + 30 + view.getUint16(localOffset + 26, true) + view.getUint16(localOffset + 28, true)
  if (start + compressedSize > bytes.byteLength) throw new ZipDamaged('A file in it is cut off.')
  return bytes.subarray(start, start + compressedSize)
}

async function unpackedSize(packed: Uint8Array, maxBytes: number): Promise<number> {
  try {
    return (await inflate(packed, { maxOutputLength: Math.max(1, maxBytes) })).byteLength
  } catch (cause) {
    if (cause instanceof RangeError && 'code' in cause && cause.code === 'ERR_BUFFER_TOO_LARGE') {
      throw new ZipTooLarge('It unpacks to more than is allowed.', { cause })
    }
    throw new ZipDamaged('A file in it cannot be unpacked.', { cause })
  }
}
