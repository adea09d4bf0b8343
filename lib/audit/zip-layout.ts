/** Whether a ZIP is laid out so that every reader finds the same files in it. Pure. */
import { ZipDamaged, type ZipEntry, zipEntries } from '@/lib/documents/zip'

const LOCAL = 0x04034b50
const END = 0x06054b50
const DESCRIPTOR = 0x08074b50
const END_BYTES = 22
const LOCAL_BYTES = 30
/** Sizes follow the bytes of a file, because they were not known before. */
const HAS_DESCRIPTOR = 8

/**
 * Whether its directory, which stands at its end, lists everything that is in it: one file follows on the other without a
 * gap, from the first byte to the directory, each under one name. Else some programs would unpack other files than those
 * that are checked here.
 */
export function isPlainZip(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const end = bytes.byteLength - END_BYTES
  if (end < 0 || view.getUint32(end, true) !== END) return false
  const entries = entriesOf(bytes)
  if (entries === null) return false
  const directory = view.getUint32(end + 16, true)
  let next: number | null = 0
  for (const entry of entries) {
    next = entry.localOffset === next ? fileEnd(bytes, view, { entry, directory }) : null
    if (next === null) return false
  }
  return next === directory
}

function entriesOf(bytes: Uint8Array): ZipEntry[] | null {
  try {
    return zipEntries(bytes)
  } catch (error) {
    if (error instanceof ZipDamaged) return null
    throw error
  }
}

/** Where the file ends that the directory lists; null where none of its name stands there. */
function fileEnd(
  bytes: Uint8Array,
  view: DataView,
  { entry, directory }: { entry: ZipEntry; directory: number },
): number | null {
  const { nameBytes, localOffset, compressedSize } = entry
  const nameAt = localOffset + LOCAL_BYTES
  if (nameAt > directory || view.getUint32(localOffset, true) !== LOCAL) return null
  const name = bytes.subarray(nameAt, nameAt + view.getUint16(localOffset + 26, true))
  if (Buffer.compare(name, nameBytes) !== 0) return null
  const end = nameAt + name.length + view.getUint16(localOffset + 28, true) + compressedSize
  if ((view.getUint16(localOffset + 6, true) & HAS_DESCRIPTOR) === 0) return end
  if (end + 4 > directory) return null
  return end + (view.getUint32(end, true) === DESCRIPTOR ? 16 : 12)
}
