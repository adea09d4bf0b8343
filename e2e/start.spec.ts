import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, test } from '@playwright/test'
import { freePort, launch } from './product'

test('a start after the supervisor was killed outright takes over, and one signal stops everything', async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'holdpoint-start-'))
  const port = await freePort()

  const first = await launch(folder, port)
  expect(first.ownerLink).toContain('/sign-in/link?token=')
  await first.end('SIGKILL')

  const second = await launch(folder, port)
  expect(second.printed()).toContain('Found PostgreSQL running from an earlier start.')
  expect(second.databaseUrl).toBe(first.databaseUrl)
  expect((await fetch(`${second.url}/api/health/ready`)).status).toBe(200)

  expect(await second.end('SIGINT')).toBe(0)
  const { folder: cluster } = JSON.parse(fs.readFileSync(path.join(folder, 'postgres.json'), 'utf8'))
  expect(fs.existsSync(path.join(cluster, 'postmaster.pid')), 'PostgreSQL is stopped').toBe(false)
  await expect(fetch(`${second.url}/api/health/live`)).rejects.toThrow()
  fs.rmSync(folder, { recursive: true, force: true })
})
