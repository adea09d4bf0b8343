/** Finds a browser, and starts the product once for all tests. */
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { findBrowser } from './browser'
import { freePort, launch } from './product'

export default async function setup() {
  process.env.HOLDPOINT_E2E_BROWSER = findBrowser()
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'holdpoint-e2e-'))
  const remove = () => fs.rmSync(folder, { recursive: true, force: true })
  const product = await launch(folder, await freePort()).catch((error: unknown) => {
    remove()
    throw error
  })
  process.env.HOLDPOINT_E2E_URL = product.url
  process.env.HOLDPOINT_E2E_DATABASE_URL = product.databaseUrl
  process.env.HOLDPOINT_E2E_OWNER_LINK = product.ownerLink ?? ''

  return async () => {
    const code = await product.end('SIGTERM')
    fs.mkdirSync('test-results', { recursive: true })
    fs.writeFileSync('test-results/holdpoint.log', product.printed())
    remove()
    if (code !== 0) throw new Error(`Holdpoint did not stop cleanly (code ${code}): see test-results/holdpoint.log.`)
  }
}
