import { expect, test, vi } from 'vitest'
import { ownDeliverySecret } from '@/lib/deliveries/signing.server'
import { parseEnv } from '@/lib/env.server'
import { testDatabase } from '@/lib/testing/database'
import { publishWithTools } from '@/lib/testing/engine'
import { ownSigningSecret } from '@/lib/tools/signing.server'
import { publishBuiltins } from '@/lib/workflows/store.server'
import { createProgram } from './program'

test('an administrator can read the secret that signs the deliveries of a workflow, to set up their receiver', async () => {
  await using database = await testDatabase()
  await publishBuiltins(database.db)
  const url = 'https://example.com/hook'
  await publishWithTools(database.db, { key: 'ours', delivery: { kind: 'http', url } })
  await publishWithTools(database.db, { key: 'theirs', delivery: { kind: 'http', url, signingSecretEnv: 'HOOK' } })
  await publishWithTools(database.db, { key: 'nowhere', delivery: { kind: 'none' } })
  const env = parseEnv({ DATABASE_URL: database.url })
  const printed = vi.spyOn(console, 'log').mockImplementation(() => {})
  const run = (key: string) => createProgram(() => env).parseAsync(['deliveries', 'secret', key], { from: 'user' })
  await run('ours')
  expect(printed.mock.calls).toEqual([[await ownDeliverySecret(database.db, 'ours')]])
  expect(printed.mock.calls).not.toEqual([[await ownSigningSecret(database.db, 'ours', 'pay')]])
  await expect(run('theirs')).rejects.toThrow('signed with the secret in HOOK')
  await expect(run('nowhere')).rejects.toThrow('does not deliver by HTTP')
  await expect(run('nope')).rejects.toThrow('There is no workflow “nope”')
  printed.mockRestore()
})
