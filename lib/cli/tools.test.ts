import { expect, test, vi } from 'vitest'
import { parseEnv } from '@/lib/env.server'
import { testDatabase } from '@/lib/testing/database'
import { publishWithTools } from '@/lib/testing/engine'
import { ownSigningSecret } from '@/lib/tools/signing.server'
import { publishBuiltins } from '@/lib/workflows/store.server'
import { createProgram } from './program'

test('an administrator can read the secret that signs the calls of a tool, to set up its endpoint', async () => {
  await using database = await testDatabase()
  await publishBuiltins(database.db)
  await publishWithTools(database.db)
  const env = parseEnv({ DATABASE_URL: database.url })
  const printed = vi.spyOn(console, 'log').mockImplementation(() => {})
  const run = (...args: string[]) => createProgram(() => env).parseAsync(['tools', 'secret', ...args], { from: 'user' })
  await run('with-tools', 'pay')
  expect(printed.mock.calls).toEqual([[await ownSigningSecret(database.db, 'with-tools', 'pay')]])
  await expect(run('with-tools', 'nope')).rejects.toThrow('There is no function tool “nope”')
  await expect(run('nope', 'pay')).rejects.toThrow('in a workflow “nope”')
  printed.mockRestore()
})
