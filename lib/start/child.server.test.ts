import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { WORKER_STOPS_WITHIN_MS } from '@/lib/engine/context'
import { defaultTimeouts } from '@/lib/provider/openai.server'
import { type ChildOptions, type KeptChild, keepRunning } from '@/lib/start/child.server'
import { WORKER_PATIENCE_MS } from '@/lib/start/supervise.server'

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'holdpoint-child-'))
const kept: KeptChild[] = []
afterEach(async () => {
  for (const child of kept.splice(0)) await child.stop()
  fs.rmSync(folder, { recursive: true, force: true })
})

function keep(name: string, script: string, options: Partial<ChildOptions>): KeptChild {
  const file = path.join(folder, `${name}.cjs`)
  fs.mkdirSync(folder, { recursive: true })
  fs.writeFileSync(file, script)
  const child = keepRunning({ name, args: () => [file], env: () => ({}), patienceMs: 5_000, say: () => {}, ...options })
  kept.push(child)
  return child
}

test('a child that dies is started again', async () => {
  const heard: unknown[] = []
  const said: string[] = []
  const script = 'process.send(process.pid, () => process.exit(3))'
  keep('the child', script, { onMessage: (message) => heard.push(message), say: (line) => said.push(line) })
  await vi.waitFor(() => expect(new Set(heard).size).toBeGreaterThan(1), 120_000)
  expect(said[0]).toBe('The child ended with code 3. Starting it again in 0.5 s.')
})

test.each([
  [30_000, 'The child ended with code 5.'],
  [300, 'The child ended by SIGKILL.'],
])('a child whose parent is gone has as long to end as when it is told to: %i ms', async (patienceMs, says) => {
  const said: string[] = []
  const script = `
    process.on('SIGTERM', () => setTimeout(() => process.exit(5), 4_000))
    setTimeout(() => process.disconnect(), 100)
  `
  keep('the child', script, { patienceMs, say: (line) => said.push(line) })
  await vi.waitFor(() => expect(said[0]).toContain(says), 120_000)
})

test('the worker is waited for longer than the answer to a paid call may take', () => {
  expect(WORKER_PATIENCE_MS).toBeGreaterThan(WORKER_STOPS_WITHIN_MS)
  expect(WORKER_STOPS_WITHIN_MS).toBeGreaterThan(defaultTimeouts.create)
})

// `next dev` does this: the server that it forks has nothing but the channel to keep it alive at first.
test('what a child forks lives on its own channel, and is not let go by the leash', async () => {
  const script = `
    const { fork } = require('node:child_process')
    if (process.argv[2] !== 'fork') {
      const forked = fork(__filename, ['fork'])
      forked.on('message', (message) => process.send(message))
      forked.on('exit', () => process.send('it ended'))
      forked.send('are you there?')
    } else process.on('message', () => process.send('yes'))
  `
  const heard: unknown[] = []
  keep('the child', script, { onMessage: (message) => heard.push(message) })
  await vi.waitFor(() => expect(heard).not.toEqual([]), 120_000)
  expect(heard).toEqual(['yes'])
})
