import os from 'node:os'
import path from 'node:path'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: { alias: { '@': path.resolve(import.meta.dirname) } },
  test: {
    include: ['lib/**/*.test.ts', 'components/**/*.test.{ts,tsx}', 'app/**/*.test.ts'],
    globalSetup: ['lib/testing/global-setup.ts'],
    setupFiles: ['lib/testing/strict-console.ts'],
    environment: 'node',
    // Tests wait for PostgreSQL about as long as they compute, so two cores carry three files at once (vitest would run
    // one). Each worker may hold some thirty of the 300 connections.
    maxWorkers: Math.min(os.availableParallelism() + 1, 8),
    // Generous, because the machine may have other work: a test that passes takes seconds. No test has a smaller one.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    expect: { poll: { timeout: 120_000 } },
    restoreMocks: true,
    unstubEnvs: true,
  },
})
