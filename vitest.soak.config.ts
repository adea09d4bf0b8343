import { defineConfig, mergeConfig } from 'vitest/config'
import base from './vitest.config'

// The long proofs: every round, every kill. `npm test` runs a few of each.
export default mergeConfig(
  { ...base, test: { ...base.test, include: [] } },
  defineConfig({ test: { include: ['lib/**/*.soak.ts'], testTimeout: 1_800_000, fileParallelism: false } }),
)
