import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describeProviderContract } from '@/lib/provider/contract'
import { createProvider } from '@/lib/provider/openai.server'
import { startSandbox } from './http.server'
import type { Counters } from './store.server'

describeProviderContract('the sandbox', async (seconds) => {
  const dir = mkdtempSync(path.join(tmpdir(), 'holdpoint-sandbox-'))
  const sandbox = await startSandbox({ dir, seconds })
  return {
    provider: createProvider({
      name: 'sandbox',
      apiKey: 'sandbox',
      baseUrl: sandbox.baseUrl,
      timeouts: { create: 500, look: 500, cancel: 500 },
    }),
    // Each rehearsal tells it.
    prepare: () => {},
    creates: async () => {
      const response = await fetch(`http://127.0.0.1:${sandbox.port}/sandbox/counters`)
      return ((await response.json()) as Counters).creates.total
    },
    close: async () => {
      await sandbox.close()
      rmSync(dir, { recursive: true, force: true })
    },
  }
})
