/** Processes of the bench: started, told apart, and what they have used of the processor. */
import { type ChildProcess, spawn } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { atEnd, type Cleanup } from './cleanup'

/** Clock ticks a second on every Linux that Node runs on. */
const TICKS = 100

type Stat = { pid: number; parent: number; ticks: number; ticksOfEnded: number }

/** All processes, as Linux tells of them. @throws where the system does not. */
function allProcesses(): Stat[] {
  if (!fs.existsSync('/proc/self/stat')) throw new Error('what a process uses is only told by Linux (/proc)')
  return fs
    .readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => statOf(name) ?? [])
}

function statOf(pid: string): Stat | null {
  try {
    const text = fs.readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name, in brackets, may hold spaces: what follows the last bracket is in fixed places (proc(5)).
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    const at = (index: number) => Number(fields[index])
    return { pid: Number(pid), parent: at(1), ticks: at(11) + at(12), ticksOfEnded: at(13) + at(14) }
  } catch (error) {
    // It ended while the others were read.
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return null
    throw error
  }
}

/** Milliseconds of processor that the process `root` and all below it have used, those that ended included. */
export function cpuOf(root: number): number {
  const all = allProcesses()
  let ticks = 0
  const add = (stat: Stat) => {
    ticks += stat.ticks + stat.ticksOfEnded
    for (const child of all.filter(({ parent }) => parent === stat.pid)) add(child)
  }
  const found = all.find(({ pid }) => pid === root)
  if (found !== undefined) add(found)
  return (ticks * 1_000) / TICKS
}

/** The process of the PostgreSQL with its data in `folder`. */
export function postmasterOf(dataDir: string): number {
  const { folder } = JSON.parse(fs.readFileSync(path.join(dataDir, 'postgres.json'), 'utf8')) as { folder: string }
  return Number(fs.readFileSync(path.join(folder, 'postmaster.pid'), 'utf8').split('\n')[0])
}

export type Running = {
  pid: number
  stop: () => Promise<void>
  printed: () => string
  kill: (signal: NodeJS.Signals) => void
}

/** Starts `node` with `args`; whatever happens it ends with the bench. `env` is added to a clean environment. */
export function startNode(args: string[], env: Record<string, string>, cwd = process.cwd()): Running {
  const { DATABASE_URL, OPENAI_API_KEY, OPENAI_BASE_URL, OPENAI_WEBHOOK_SECRET, HOLDPOINT_SECRET, ...rest } =
    process.env
  const child = spawn(process.execPath, args, {
    cwd,
    env: { ...rest, NODE_ENV: 'production', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const log: string[] = []
  child.stdout?.on('data', (chunk) => log.push(String(chunk)))
  child.stderr?.on('data', (chunk) => log.push(String(chunk)))
  const cleanup: Cleanup = atEnd(() => endOf(child, 'SIGTERM'))
  return {
    pid: child.pid ?? 0,
    stop: () => cleanup.now(),
    printed: () => log.join(''),
    kill: (signal) => void child.kill(signal),
  }
}

/** More than a worker takes that waits for the answer to a paid call. */
const PATIENCE_MS = 45_000

function endOf(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve()
    const late = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS)
    child.on('exit', () => {
      clearTimeout(late)
      resolve()
    })
    child.kill(signal)
  })
}

/** Asks `check` until it says yes. @throws after `seconds`, with what was waited for. */
export async function until(
  what: string,
  check: () => Promise<boolean> | boolean,
  seconds = 60,
  everyMs = 50,
): Promise<void> {
  const end = performance.now() + seconds * 1_000
  for (;;) {
    if (await check()) return
    if (performance.now() > end) throw new Error(`waited ${seconds} s in vain for ${what}`)
    await new Promise((resolve) => setTimeout(resolve, everyMs))
  }
}
