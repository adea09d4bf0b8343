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
  if (bavail * bsize < room || os.freemem() < 2 * room) return null
  const folder = path.join(within, `${PREFIX}${process.pid}`)
  // To be walked through by the user as whom PostgreSQL runs.
  fs.mkdirSync(folder, { mode: 0o711 })
  return { folder, remove: () => fs.rmSync(folder, { recursive: true, force: true }) }
}

/** Removes what runs left there that were killed: it would fill the memory until the machine is started anew. */
function sweep(within: string) {
  for (const name of fs.readdirSync(within)) {
    const [, pid] = new RegExp(`^${PREFIX}(\\d+)$`).exec(name) ?? []
    // In a container every run may have the same number.
    const isInUse = Number(pid) !== process.pid && isAlive(Number(pid))
    if (pid !== undefined && !isInUse) fs.rmSync(path.join(within, name), { recursive: true, force: true })
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
