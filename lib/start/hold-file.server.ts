/** A file that one process of Holdpoint holds at a time, by writing its number into it. */
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'

const SOON_MS = 100

/**
 * Takes `file` for this process, also from a holder that has died.
 * @returns null when it is ours now, else the number of the process that holds it.
 */
export function takeFile(file: string): number | null {
  for (;;) {
    try {
      fs.writeFileSync(file, String(process.pid), { flag: 'wx' })
      return null
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    const holder = holderOf(file)
    if (holder === process.pid) return null
    if (holder !== null) return holder
    fs.rmSync(file, { force: true })
  }
}

/** Does `work` while this process holds `file`, after whoever holds it now; `mustWait` is told when somebody does. */
export async function inTurn<T>(
  file: string,
  mustWait: () => void,
  work: () => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  if (takeFile(file) !== null) {
    mustWait()
    while (takeFile(file) !== null) {
      signal?.throwIfAborted()
      await new Promise((resolve) => setTimeout(resolve, SOON_MS))
    }
  }
  try {
    return await work()
  } finally {
    fs.rmSync(file, { force: true })
  }
}

function holderOf(file: string): number | null {
  try {
    const pid = Number.parseInt(fs.readFileSync(file, 'utf8'), 10)
    if (Number.isInteger(pid)) return isHoldpoint(pid) ? pid : null
    // Made a moment ago and not yet written, or left empty by a machine that went down.
    return Date.now() - fs.statSync(file).mtimeMs < 1_000 ? 0 : null
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

/** Whether process `pid` is one of Holdpoint's commands, and not another process that was given its number. */
export function isHoldpoint(pid: number): boolean {
  if (process.platform !== 'linux') {
    const found = spawnSync('ps', ['-p', String(pid), '-o', 'args='], { encoding: 'utf8' })
    return found.status === 0 && isCommand(found.stdout)
  }
  try {
    return isCommand(fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8'))
  } catch {
    return false
  }
}

const isCommand = (args: string) => /lib\/start\/(main|part|build)\.ts/.test(args)
