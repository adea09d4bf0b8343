/** Runs reader.mjs in a thread with limits on time and memory. */
import path from 'node:path'
import { Worker } from 'node:worker_threads'

export type ReadOutcome =
  | { kind: 'read'; texts: string[] }
  /** `name` is the name of the reader's error, such as PasswordException. */
  | { kind: 'failed'; name: string }
  | { kind: 'too_slow' }

/** A 1,000-page book takes some seconds. */
export const READ_LIMIT_MS = 30_000
const MEMORY_LIMIT_MB = 512
/** As many at once as a small host has cores: fifty files dropped together must not take its memory. */
const AT_ONCE = 2

let running = 0
const waiting: (() => void)[] = []

/** The text of a PDF by page, or of a DOCX as one. Waits its turn; the time limit counts from its start. */
export async function readInThread(
  kind: 'pdf' | 'docx',
  bytes: Uint8Array,
  limitMs: number = READ_LIMIT_MS,
): Promise<ReadOutcome> {
  if (running >= AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve))
  else running += 1
  try {
    return await runThread(kind, bytes, limitMs)
  } finally {
    // The place goes to whoever waits longest.
    const next = waiting.shift()
    if (next === undefined) running -= 1
    else next()
  }
}

async function runThread(kind: 'pdf' | 'docx', bytes: Uint8Array, limitMs: number): Promise<ReadOutcome> {
  // By the working folder, which is the project's: inside Next, import.meta.url is that of a bundle.
  const file = path.join(/* turbopackIgnore: true */ process.cwd(), 'lib', 'documents', 'reader.mjs')
  const worker = new Worker(file, {
    workerData: { kind, bytes: Uint8Array.from(bytes) },
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_LIMIT_MB },
    // A warning of the parser is no line of our log.
    stdout: true,
    stderr: true,
    execArgv: [],
  })
  let timer: NodeJS.Timeout | undefined
  try {
    return await new Promise<ReadOutcome>((resolve) => {
      timer = setTimeout(() => resolve({ kind: 'too_slow' }), limitMs)
      worker.once('message', (message: { texts: string[] } | { failed: string }) =>
        resolve('texts' in message ? { kind: 'read', ...message } : { kind: 'failed', name: message.failed }),
      )
      worker.once('error', (error: Error) => resolve({ kind: 'failed', name: error.name }))
      worker.once('exit', () => resolve({ kind: 'failed', name: 'Exited' }))
    })
  } finally {
    clearTimeout(timer)
    await worker.terminate()
  }
}
