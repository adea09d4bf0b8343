/** What a running Holdpoint writes into its data folder, for the commands that join it. */
import fs from 'node:fs'
import path from 'node:path'

export type RunFile = {
  /** The supervisor. */
  pid: number
  port: number
  /** The environment that points at the sandbox provider; empty where a real one is used. */
  provider: Record<string, string>
}

const fileIn = (dataDir: string) => path.join(dataDir, 'run.json')

/** What the last start wrote; null when there was none. It may have ended since. */
export function readRunFile(dataDir: string): RunFile | null {
  try {
    return JSON.parse(fs.readFileSync(fileIn(dataDir), 'utf8')) as RunFile
  } catch {
    return null
  }
}

export function writeRunFile(dataDir: string, run: RunFile) {
  fs.writeFileSync(fileIn(dataDir), `${JSON.stringify(run, null, 2)}\n`, { mode: 0o600 })
}

/** Whether there is a process of this number. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
