/** What a running Holdpoint writes into its data folder, for the commands that join it. */
import fs from 'node:fs'
import path from 'node:path'
import { isHoldpoint, takeFile } from '@/lib/start/hold-file.server'
import { StartError } from '@/lib/start/start-error'

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

/**
 * Makes this process the one supervisor of the data folder.
 * @throws {StartError} when another one runs there.
 */
export function claimDataDir(dataDir: string, port: number) {
  const holder = takeFile(path.join(dataDir, 'supervisor.pid'))
  if (holder !== null) throw alreadyRuns(dataDir)
  writeRunFile(dataDir, { pid: process.pid, port, provider: {} })
}

/** What runs from the data folder now; null when nothing does. */
export function findRunning(dataDir: string): RunFile | null {
  const run = readRunFile(dataDir)
  return run && isHoldpoint(run.pid) ? run : null
}

/** The refusal to start a second Holdpoint over the same data. */
export function alreadyRuns(dataDir: string): StartError {
  const run = readRunFile(dataDir)
  const where = run ? ` (process ${run.pid}, http://localhost:${run.port})` : ''
  return new StartError(
    `Holdpoint already runs from ${dataDir}${where}: stop that one first, or choose another folder with HOLDPOINT_DATA_DIR=/a/folder.`,
  )
}
