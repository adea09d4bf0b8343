/** Imports nothing that an old Node could not load. */
import { StartError } from '@/lib/start/start-error'

const OLDEST = 24

/**
 * @param version as in process.versions.node
 * @throws {StartError} when it is too old.
 */
export function requireNode(version: string) {
  if (Number.parseInt(version, 10) >= OLDEST) return
  throw new StartError(
    `Holdpoint runs on Node ${OLDEST} or later, and this is ${version}: run "npm ci" (it brings Node ${OLDEST}), then "npm start".`,
  )
}
