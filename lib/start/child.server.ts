/** A process that is kept running: started again when it dies, stopped when asked. */
import { type ChildProcess, spawn } from 'node:child_process'
import path from 'node:path'
import readline from 'node:readline'
import { pathToFileURL } from 'node:url'
import { ROOT } from '@/lib/start/migrations.server'

const FIRST_PAUSE_MS = 500
const LONGEST_PAUSE_MS = 30_000
/** A child that lived this long had started well: its next end is a new story. */
const LIVED_MS = 30_000

export type ChildOptions = {
  /** What people call it: "the worker". */
  name: string
  /** Arguments of node. Asked before every start. */
  args: () => string[]
  env: () => Record<string, string | undefined>
  /** How long it may take to stop after SIGTERM, or after its parent is gone, before it is killed, in milliseconds. */
  patienceMs: number
  say: (line: string) => void
  /** Told what the child sends by process.send. */
  onMessage?: (message: unknown) => void
  /** It may leave by itself, with code 0, because somebody asked it to: then another takes its place at once. */
  mayLeave?: boolean
  /** Lines of its standard output that are not worth showing. */
  isNoise?: (line: string) => boolean
}

export type KeptChild = {
  pid(): number | undefined
  stop(): Promise<void>
}

/** Starts a child and keeps it running until `stop`. */
export function keepRunning(options: ChildOptions): KeptChild {
  let child: ChildProcess | undefined
  let again: NodeJS.Timeout | undefined
  let isStopping = false
  let failures = 0

  const start = () => {
    const startedAt = Date.now()
    child = launch(options)
    child.on('exit', (code, signal) => {
      child = undefined
      if (isStopping) return
      if (options.mayLeave && code === 0) {
        failures = 0
        options.say(`${capital(options.name)} left. Starting another in its place.`)
        again = setTimeout(start, FIRST_PAUSE_MS)
        return
      }
      failures = Date.now() - startedAt > LIVED_MS ? 1 : failures + 1
      const pause = Math.min(FIRST_PAUSE_MS * 2 ** (failures - 1), LONGEST_PAUSE_MS)
      const how = signal ? `by ${signal}` : `with code ${code}`
      options.say(`${capital(options.name)} ended ${how}. Starting it again in ${pause / 1_000} s.`)
      again = setTimeout(start, pause)
    })
  }
  start()

  return {
    pid: () => child?.pid,
    async stop() {
      isStopping = true
      clearTimeout(again)
      if (child) await end(child, options.patienceMs)
    },
  }
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

function launch(options: ChildOptions): ChildProcess {
  const leash = pathToFileURL(path.join(ROOT, 'lib', 'start', 'leash.ts')).href
  const child = spawn(process.execPath, ['--import', leash, ...options.args()], {
    cwd: ROOT,
    env: { ...process.env, ...options.env(), HOLDPOINT_LEASH: String(options.patienceMs) } as NodeJS.ProcessEnv,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // A group of its own: Ctrl-C in the terminal reaches the supervisor alone, which stops the parts in order.
    detached: true,
  })
  child.on('error', (error) => options.say(`${capital(options.name)} could not be started: ${error.message}`))
  if (options.onMessage) child.on('message', options.onMessage)
  for (const stream of [child.stdout, child.stderr]) {
    if (!stream) continue
    readline.createInterface({ input: stream }).on('line', (line) => {
      if (line.trim() !== '' && !options.isNoise?.(line)) options.say(line)
    })
  }
  return child
}

function end(child: ChildProcess, patienceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const lost = setTimeout(() => signalGroup(child, 'SIGKILL'), patienceMs)
    child.on('exit', () => {
      clearTimeout(lost)
      // What it started itself goes with it.
      signalGroup(child, 'SIGKILL')
      resolve()
    })
    child.kill('SIGTERM')
  })
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals) {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
