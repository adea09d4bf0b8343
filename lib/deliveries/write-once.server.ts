/** Writing a file whole, once, below a folder that it cannot leave. */
import { randomUUID } from 'node:crypto'
import { constants, promises as fs } from 'node:fs'
import path from 'node:path'
import { again, delivered, refused, type SendEnd } from './send-end'

/**
 * Writes `bytes` to the absolute path `file`, which must lie below `root`: to a temporary name beside it first, so that
 * nobody ever reads half of it. The same bytes under that name count as written; others are left alone, and refused.
 */
export async function writeOnce(root: string, file: string, bytes: Uint8Array): Promise<SendEnd> {
  const steps = path.relative(root, file).split(path.sep)
  const name = steps.pop() ?? ''
  const isBelow =
    path.isAbsolute(file) && [...steps, name].every((step) => step !== '' && step !== '..' && step !== '.')
  if (!isBelow || path.resolve(file) !== file) return refused('outside_folder')
  try {
    await fs.mkdir(root, { recursive: true })
    const folder = await folderBelow(root, steps)
    if (folder === null) return refused('outside_folder')
    return await place(path.join(folder, name), bytes)
  } catch (error) {
    return again(codeOf(error))
  }
}

/** The folder below `root`, made where it is missing; null where a step of the way is no folder but leads elsewhere. */
async function folderBelow(root: string, steps: readonly string[]): Promise<string | null> {
  // The operator's own folder may be a link: what lies below it may not.
  let folder = root
  for (const step of steps) {
    folder = path.join(folder, step)
    await fs.mkdir(folder).catch(unlessThere)
    if (!(await fs.lstat(folder)).isDirectory()) return null
  }
  return folder
}

async function place(file: string, bytes: Uint8Array): Promise<SendEnd> {
  const before = await compared(file, bytes)
  if (before !== null) return before
  const temporary = path.join(path.dirname(file), `.${path.basename(file)}.${randomUUID()}`)
  try {
    const handle = await fs.open(temporary, 'wx')
    try {
      await handle.writeFile(bytes)
      await handle.sync()
    } finally {
      await handle.close()
    }
    const taken = await nameIt(temporary, file)
    if (taken) return (await compared(file, bytes)) ?? again('EEXIST')
  } finally {
    await fs.rm(temporary, { force: true })
  }
  await syncFolder(path.dirname(file))
  return delivered()
}

/** Gives the written file its name; true where somebody else took that meanwhile. A rename alone would replace theirs. */
async function nameIt(temporary: string, file: string): Promise<boolean> {
  try {
    await fs.link(temporary, file)
    return false
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return true
    // Not every file system knows links.
    await fs.rename(temporary, file)
    return false
  }
}

/** What stands at `file` already; null: nothing. */
async function compared(file: string, bytes: Uint8Array): Promise<SendEnd | null> {
  try {
    const handle = await fs.open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
    try {
      const { size } = await handle.stat()
      const isSame = size === bytes.byteLength && (await handle.readFile()).equals(bytes)
      return isSame ? delivered() : refused('other_file')
    } finally {
      await handle.close()
    }
  } catch (error) {
    const code = codeOf(error)
    if (code === 'ENOENT') return null
    // A link, a folder, a socket: what it is, is not ours.
    if (code === 'ELOOP' || code === 'EISDIR' || code === 'ENXIO') return refused('other_file')
    throw error
  }
}

/** So that the name survives a loss of power as well. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await fs.open(folder, constants.O_RDONLY)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

function unlessThere(error: unknown): void {
  if (codeOf(error) !== 'EEXIST') throw error
}

function codeOf(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : null
  return typeof code === 'string' ? code.slice(0, 100) : 'write_failed'
}
