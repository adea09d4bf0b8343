import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describeProviderContract } from '@/lib/provider/contract'
import { createProvider } from '@/lib/provider/openai.server'
import { startSandbox } from './http.server'

describeProviderContract('the sandbox', async (seconds) => {
  const dir = mkdtempSync(path.join(tmpdir(), 'holdpoint-sandbox-'))
  const sandbox = await startSandbox({ dir, seconds })
  return {
    provider: createProvider({ name: 'sandbox', apiKey: 'sandbox', baseUrl: sandbox.baseUrl }),
    close: async () => {
      await sandbox.close()
      rmSync(dir, { recursive: true, force: true })
    },
  }
})
