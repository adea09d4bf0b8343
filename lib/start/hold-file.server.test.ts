import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { inTurn, takeFile } from '@/lib/start/hold-file.server'

let folder: string
let file: string
const started: ChildProcess[] = []

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'holdpoint-hold-'))
  file = path.join(folder, 'held.pid')
})
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL')
  fs.rmSync(folder, { recursive: true, force: true })
})

/** A process whose command line reads as `npm start`'s does, and which holds the file. */
async function otherHolder(): Promise<ChildProcess> {
  const script = 'process.stdout.write("up"); setInterval(() => {}, 1000)'
  const child = spawn(process.execPath, ['-e', script, 'lib/start/main.ts'], { stdio: ['ignore', 'pipe', 'ignore'] })
  started.push(child)
  await once(child.stdout as NodeJS.ReadableStream, 'data')
  fs.writeFileSync(file, String(child.pid))
  return child
}

test('a file that nobody holds is taken', () => {
  expect(takeFile(file)).toBeNull()
  expect(fs.readFileSync(file, 'utf8')).toBe(String(process.pid))
})

test('a file whose holder lives is not taken, and the holder is named', async () => {
  const holder = await otherHolder()
  expect(takeFile(file)).toBe(holder.pid)
})

test('a file whose holder died is taken over', () => {
  fs.writeFileSync(file, String(spawnSync('true').pid))
  expect(takeFile(file)).toBeNull()
})

test('a file whose holder died is taken over when another program was given its number', () => {
  fs.writeFileSync(file, String(process.ppid))
  expect(takeFile(file)).toBeNull()
})

test('who must wait is told so, and has its turn when the holder has gone', async () => {
  const holder = await otherHolder()
  const done: string[] = []
  await inTurn(
    file,
    () => {
      done.push('waits')
      holder.kill('SIGKILL')
    },
    async () => void done.push('works'),
  )
  expect(done).toEqual(['waits', 'works'])
  expect(fs.existsSync(file)).toBe(false)
})
