/** Whether a ZIP is laid out so that every reader finds the same files in it. Pure. */

const LOCAL = 0x04034b50
const ENTRY = 0x02014b50
const END = 0x06054b50
const DESCRIPTOR = 0x08074b50
const END_SIZE = 22
const ENTRY_SIZE = 46
const LOCAL_SIZE = 30
/** Sizes follow the bytes of a file, because they were not known before. */
const HAS_DESCRIPTOR = 8

/**
 * Whether its directory, which stands at its end, lists everything that is in it: one file follows on the other without a
 * gap, from the first byte to the directory, each under one name. Else some programs would unpack other files than those
 * that are checked here.
 */
export function isPlainZip(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const end = bytes.byteLength - END_SIZE
  if (end < 0 || view.getUint32(end, true) !== END) return false
  const count = view.getUint16(end + 10, true)
  const directory = view.getUint32(end + 16, true)
  if (view.getUint16(end + 8, true) !== count || directory + view.getUint32(end + 12, true) !== end) return false
  let at = directory
  let next = 0
  for (let index = 0; index < count; index += 1) {
    const after = fileEnd(view, { at, next, directory })
    if (after === null) return false
    next = after
    at += ENTRY_SIZE + [28, 30, 32].reduce((sum, offset) => sum + view.getUint16(at + offset, true), 0)
  }
  return at === end && next === directory
}

/** Where the file ends that the directory lists at `at`; null where it is not the one that begins at `next`. */
function fileEnd(
  view: DataView,
  { at, next, directory }: { at: number; next: number; directory: number },
): number | null {
  if (at + ENTRY_SIZE > view.byteLength || view.getUint32(at, true) !== ENTRY) return null
  if (view.getUint32(at + 42, true) !== next || next + LOCAL_SIZE > directory) return null
  if (view.getUint32(next, true) !== LOCAL) return null
  const nameSize = view.getUint16(at + 28, true)
  const ownSize = view.getUint16(next + 26, true)
  if (nameSize !== ownSize || at + ENTRY_SIZE + nameSize > view.byteLength) return null
  for (let index = 0; index < nameSize; index += 1) {
    if (view.getUint8(at + ENTRY_SIZE + index) !== view.getUint8(next + LOCAL_SIZE + index)) return null
  }
  const extra = view.getUint16(next + 28, true)
  const end = next + LOCAL_SIZE + nameSize + extra + view.getUint32(at + 20, true)
  if ((view.getUint16(next + 6, true) & HAS_DESCRIPTOR) === 0) return end
  if (end + 4 > directory) return null
  return end + (view.getUint32(end, true) === DESCRIPTOR ? 16 : 12)
}
