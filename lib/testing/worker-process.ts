/** A worker as a process of its own, as `npm run worker` runs it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'

/** Starts one over a database and a sandbox. `extra` is added to its environment. */
export function spawnWorker(databaseUrl: string, sandboxUrl: string, extra: Record<string, string> = {}): ChildProcess {
  return spawn(process.execPath, ['--import', 'tsx', 'lib/engine/worker-main.ts'], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      ...process.env,
      DATABASE_URL: databaseUrl,
      HOLDPOINT_PROVIDER: 'sandbox',
      OPENAI_API_KEY: 'sandbox',
      OPENAI_BASE_URL: sandboxUrl,
      HOLDPOINT_POLL_MS: '100',
      HOLDPOINT_RETRY_MS: '100',
      HOLDPOINT_ALLOW_PRIVATE: '127.0.0.1',
      NODE_OPTIONS: '',
      ...extra,
    },
  })
}

/** Ends those that are still there. */
export async function killAll(workers: readonly ChildProcess[]): Promise<void> {
  for (const worker of workers) {
    if (worker.exitCode !== null || worker.signalCode !== null) continue
    worker.kill('SIGKILL')
    await once(worker, 'exit')
  }
}
