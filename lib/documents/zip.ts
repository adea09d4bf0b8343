/** Looks into a ZIP before anything unpacks it: which files it has, and how large they really become. */
import { promisify } from 'node:util'
import { inflateRaw } from 'node:zlib'

export type ZipEntry = { name: string; method: number; compressedSize: number; localOffset: number }

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

/**
 * The files that the central directory names (APPNOTE.TXT 4.3.12 and 4.3.16, without ZIP64: files here are at most 20 MB).
 * @throws {ZipDamaged}
 */
export function zipEntries(bytes: Uint8Array): ZipEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  try {
    const end = endRecord(view)
    const count = view.getUint16(end + 10, true)
    let at = view.getUint32(end + 16, true)
    if (count > MOST_ENTRIES) throw new ZipDamaged('It names too many files.')
    const entries: ZipEntry[] = []
    for (let index = 0; index < count; index++) {
      if (view.getUint32(at, true) !== 0x02014b50) throw new ZipDamaged('Its directory is broken.')
      const nameLength = view.getUint16(at + 28, true)
      entries.push({
        name: new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength)),
        method: view.getUint16(at + 10, true),
        compressedSize: view.getUint32(at + 20, true),
        localOffset: view.getUint32(at + 42, true),
      })
      at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true)
    }
    return entries
  } catch (cause) {
    if (cause instanceof RangeError) throw new ZipDamaged('Its directory points outside it.', { cause })
    throw cause
  }
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
