import { defineConfig } from '@playwright/test'

export default defineConfig({
  testDir: 'e2e',
  testMatch: '**/*.spec.ts',
  globalSetup: './e2e/global-setup.ts',
  outputDir: 'test-results/browser',
  fullyParallel: true,
  // The product under test, its database and two browsers share the machine.
  workers: 2,
  retries: 0,
  // Generous, because the machine may have other work: what never comes is found by the limits of each step.
  timeout: 1_800_000,
  expect: { timeout: 45_000 },
  reporter: process.env.CI ? [['line']] : [['list']],
  use: {
    // Set by the global setup, which starts the product and finds the browser.
    baseURL: process.env.HOLDPOINT_E2E_URL,
    viewport: { width: 1440, height: 900 },
    colorScheme: 'light',
    // Shorter than the whole test, so that a failure names what it waited for.
    actionTimeout: 60_000,
    // A trace films each page all the time, which takes a third of the whole: kept of what fails where it is asked for.
    trace: process.env.HOLDPOINT_E2E_TRACE ? 'retain-on-failure' : 'off',
    screenshot: 'only-on-failure',
    launchOptions: {
      ...(process.env.HOLDPOINT_E2E_BROWSER ? { executablePath: process.env.HOLDPOINT_E2E_BROWSER } : {}),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  projects: [{ name: 'desktop' }],
})
