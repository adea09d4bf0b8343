/** Finds a browser, and starts the product once for all tests. */
import fs from 'node:fs'
import { findBrowser } from './browser'
import { prepareData } from './prepared'
import { launchOwn } from './product'

export default async function setup() {
  process.env.HOLDPOINT_E2E_BROWSER = findBrowser()
  const prepared = await prepareData()
  process.env.HOLDPOINT_E2E_PREPARED = prepared.folder
  const product = await launchOwn()
  process.env.HOLDPOINT_E2E_URL = product.url
  process.env.HOLDPOINT_E2E_DATABASE_URL = product.databaseUrl
  process.env.HOLDPOINT_E2E_SANDBOX_URL = product.sandboxUrl ?? ''

  return async () => {
    const code = await product.close()
    prepared.remove()
    fs.mkdirSync('test-results', { recursive: true })
    fs.writeFileSync('test-results/holdpoint.log', product.printed())
    if (code !== 0) throw new Error(`Holdpoint did not stop cleanly (code ${code}): see test-results/holdpoint.log.`)
  }
}
