import { spawn } from 'node:child_process'
import { expect, test, vi } from 'vitest'
import { testDatabase } from '@/lib/testing/database'

// Each command is a process of its own, on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 })

type Ended = { code: number | null; stdout: string; stderr: string }

/** `npm run -s holdpoint -- …args`, with `typed` on its standard input. */
function holdpoint(databaseUrl: string, args: readonly string[], typed = ''): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--import', 'tsx', 'lib/cli/main.ts', ...args], {
      env: { ...process.env, DATABASE_URL: databaseUrl, OPENAI_API_KEY: '', OPENAI_BASE_URL: '' },
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
    child.stdin.end(typed)
  })
}

const DANA = ['users', 'create', '--email', 'dana@example.org', '--role', 'owner', '--role', 'lead', '--password-stdin']

test('an administrator can add a person, sign them in by a link, and make them a key', async () => {
  await using database = await testDatabase()
  const created = await holdpoint(database.url, DANA, 'correct horse battery staple\n')
  expect(created).toEqual({ code: 0, stdout: 'dana@example.org can sign in.\n', stderr: '' })
  const user = await database.db.user.findUniqueOrThrow({ where: { email: 'dana@example.org' } })
  expect(user.hasPassword).toBe(true)
  expect(user.roles.toSorted()).toEqual(['lead', 'owner'])

  const again = await holdpoint(database.url, DANA, 'correct horse battery staple\n')
  expect(again).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(/^[^\n]+\.\n$/) })

  const link = await holdpoint(database.url, ['users', 'link', '--email', 'Dana@example.org'])
  expect(link.stdout).toMatch(/^http:\/\/localhost:\d+\/sign-in\/link\?token=\S+\n$/)

  const key = await holdpoint(database.url, ['keys', 'create', '--name', 'ci', '--role', 'reviewer'])
  expect(key.stdout).toMatch(/^hp_\S+\n$/)
  expect(await database.db.apiKey.findFirstOrThrow()).toMatchObject({ name: 'ci', roles: ['reviewer'], userId: null })
})

test('the doctor says what is fine and shows no secret', async () => {
  await using database = await testDatabase()
  const { code, stdout } = await holdpoint(database.url, ['doctor'])
  expect(code).toBe(0)
  expect(stdout).toMatch(/ok\s+migrations/)
  expect(stdout).toMatch(/note\s+workers\s+None running/)
  expect(stdout).not.toContain(new URL(database.url).password)
})

test('the doctor finds a database that is not migrated', async () => {
  await using database = await testDatabase({ migrated: false })
  const { code, stdout } = await holdpoint(database.url, ['doctor'])
  expect(code).toBe(1)
  expect(stdout).toMatch(/BROKEN\s+migrations/)
})
