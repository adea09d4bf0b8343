import { spawn } from 'node:child_process'
import { expect, test } from 'vitest'
import { testDatabase } from '@/lib/testing/database'
import { publishBuiltins } from '@/lib/workflows/store.server'

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

test('an administrator can take a workflow out as a file, change it, and bring it in as a new version', async () => {
  await using database = await testDatabase()
  await publishBuiltins(database.db)
  const { stdout: exported } = await holdpoint(database.url, ['workflows', 'export', 'report'])
  expect(exported).toMatch(
    /^# yaml-language-server: \$schema=http:\/\/localhost:\d+\/workflow\.schema\.json\nkey: report\n/,
  )
  const same = await holdpoint(database.url, ['workflows', 'import', '-'], exported)
  expect(same).toEqual({ code: 0, stdout: 'report: nothing changed, version 1 is this.\n', stderr: '' })

  const changed = exported.replace('name: Report', 'name: Audit report')
  const foretold = await holdpoint(database.url, ['workflows', 'import', '-', '--dry-run'], changed)
  expect(foretold.stdout).toContain('report: version 2 would be published. Nothing was changed.')
  expect(foretold.stdout).toContain('    - Report\n    + Audit report\n')
  expect(await database.db.workflowVersion.count({ where: { key: 'report' } })).toBe(1)
  const args = ['workflows', 'import', '-', '--note', 'As the auditors call it.']
  expect((await holdpoint(database.url, args, changed)).stdout).toBe('report: version 2 is published.\n')
  expect(await database.db.workflowVersion.findFirst({ where: { key: 'report', version: 2 } })).toMatchObject({
    name: 'Audit report',
    note: 'As the auditors call it.',
    authorId: null,
    source: changed,
  })
  const listed = await holdpoint(database.url, ['workflows', 'list'])
  expect(listed.stdout).toMatch(/^report +v2 {2}Audit report$/m)
  const first = await holdpoint(database.url, ['workflows', 'export', 'report', '--version', '1'])
  expect(first.stdout).toBe(exported)
})

test('a workflow file that cannot be used is refused with all that is wrong, and where', async () => {
  await using database = await testDatabase()
  const file = 'key: report\nname: 7\nzebra: yes\n'
  const { code, stdout, stderr } = await holdpoint(database.url, ['workflows', 'import', '-'], file)
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr).toMatch(/^\d+ problems in -, by line and column\. Nothing was changed\.\n/)
  expect(stderr).toContain('  2:7     "name" must be text, and is 7. Put it in quotes.\n')
  expect(stderr).toContain('  3:1     "zebra" is not a field of a workflow. Remove it.\n')
  expect(await database.db.workflowVersion.count()).toBe(0)
  expect((await holdpoint(database.url, ['workflows', 'import', 'none.yaml'])).stderr).toBe(
    'There is no file none.yaml.\n',
  )
  expect((await holdpoint(database.url, ['workflows', 'export', 'none'])).stderr).toBe(
    'There is no workflow "none". There are: none.\n',
  )
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
