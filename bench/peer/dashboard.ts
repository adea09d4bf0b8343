/** Its dashboard, as it is started by hand: one process. */
import path from 'node:path'
import { freePort } from '@/e2e/product'
import { type Running, startNode, until } from '../processes'
import { answers } from '../web'
import { PEER } from './install'

export type Dashboard = Running & { url: string }

export async function startDashboard(databaseUrl: string): Promise<Dashboard> {
  const port = await freePort()
  const running = startNode([path.join(PEER, 'node_modules', '@pg-boss', 'dashboard', 'bin', 'cli.js')], {
    PORT: String(port),
    HOST: '127.0.0.1',
    DATABASE_URL: databaseUrl,
  })
  const url = `http://127.0.0.1:${port}`
  await until('the dashboard of pg-boss', () => answers(`${url}/jobs`), 60, 100)
  return { ...running, url }
}
