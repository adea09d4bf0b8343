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
  const own = { name: 'sandbox', apiKey: 'sandbox', baseUrl: sandbox.baseUrl }
  return {
    provider: createProvider(own),
    impatient: createProvider({ ...own, timeouts: { create: 300, look: 300, cancel: 300 } }),
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
