/** Where a run of the tests writes what nobody needs afterwards: into memory, where the machine has enough of it. */
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

const GIB = 1024 ** 3
const PREFIX = 'holdpoint-tests-'

export type Scratch = { folder: string; remove(): void }

/**
 * Makes a folder in the file system in memory at `within`. Each of a thousand tests has a database of its own, of 800
 * files: on a disk that other tests write to, making one takes twenty times as long.
 * @param room Bytes that must be free there; of the machine's memory twice as much must be.
 * @returns null where there is no such file system, or too little room.
 */
export function scratchInMemory(within = '/dev/shm', room = 4 * GIB): Scratch | null {
  if (!fs.existsSync(within)) return null
  sweep(within)
  const { bavail, bsize } = fs.statfsSync(within)
  // What is left of the machine, and of a container in it.
  const free = Math.min(os.freemem(), process.availableMemory())
  if (bavail * bsize < room || free < 2 * room) return null
  const folder = path.join(within, `${prefix()}${process.pid}`)
  fs.rmSync(folder, { recursive: true, force: true })
  fs.mkdirSync(folder)
  // To be walked through by the user as whom PostgreSQL runs.
  fs.chmodSync(folder, 0o711)
  return { folder, remove: () => removeIfPossible(folder) }
}

/** Removes what runs left there that were killed: it would fill the memory until the machine is started anew. */
function sweep(within: string) {
  for (const name of fs.readdirSync(within)) {
    if (!name.startsWith(prefix())) continue
    const pid = Number(name.slice(prefix().length))
    if (Number.isInteger(pid) && !isAlive(pid)) removeIfPossible(path.join(within, name))
  }
}

/** Whoever sees other processes, as in another container, names and sweeps others. */
function prefix(): string {
  const namespace = fs.existsSync('/proc/self/ns/pid') ? fs.readlinkSync('/proc/self/ns/pid') : ''
  return `${PREFIX}${namespace.replaceAll(/\D/g, '')}-`
}

/** What is left of somebody else's, or is still written to, stays until the next run: no test fails for it. */
function removeIfPossible(folder: string) {
  try {
    fs.rmSync(folder, { recursive: true, force: true, maxRetries: 3, retryDelay: 200 })
  } catch (error) {
    console.warn(`${folder} could not be removed: ${(error as Error).message}`)
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
