import { spawn } from 'node:child_process'
import fs from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { requireNode } from '@/lib/start/node-version'
import { freePort } from '@/lib/start/postgres.server'

const cleanups: (() => void)[] = []
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup()
})

function dataFolder(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'holdpoint-start-'))
  cleanups.push(() => fs.rmSync(folder, { recursive: true, force: true }))
  return folder
}

type Ended = { code: number | null; stdout: string; stderr: string }

/** `npm start` with this environment, to its end. */
function start(env: Record<string, string>): Promise<Ended> {
  const { DATABASE_URL, OPENAI_API_KEY, OPENAI_BASE_URL, ...rest } = process.env
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--import', 'tsx', 'lib/start/main.ts'], {
      env: { ...rest, HOLDPOINT_DATA_DIR: dataFolder(), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (chunk) => {
      stdout += chunk
    })
    child.stderr.on('data', (chunk) => {
      stderr += chunk
    })
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, stdout, stderr }))
  })
}

test('a value that makes no sense is one sentence', async () => {
  const { code, stderr } = await start({ PORT: 'abc' })
  expect(stderr).toBe('PORT must be a port number.\n')
  expect(code).toBe(1)
})

test('a port that is taken is one sentence, which names another', async () => {
  const server = net.createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  cleanups.push(() => server.close())
  const { port } = server.address() as net.AddressInfo
  const { code, stderr } = await start({ PORT: String(port) })
  expect(stderr).toMatch(new RegExp(`^Port ${port} is taken by another program: .*PORT=\\d+ npm start\\.\\n$`))
  expect(code).toBe(1)
})

test('a data folder that cannot be written is one sentence', async () => {
  const file = path.join(dataFolder(), 'a-file')
  fs.writeFileSync(file, '')
  const { code, stderr } = await start({ HOLDPOINT_DATA_DIR: file, PORT: String(await freePort(null)) })
  expect(stderr).toMatch(
    /^The data folder .*a-file cannot be written \(EEXIST\): .*HOLDPOINT_DATA_DIR=\/a\/folder\.\n$/,
  )
  expect(code).toBe(1)
})

test('a Node that is too old is one sentence', () => {
  expect(() => requireNode('20.20.2')).toThrow(/^Holdpoint runs on Node 24 or later, and this is 20\.20\.2: /)
  expect(() => requireNode('24.0.0')).not.toThrow()
})
