/** Where the embedded PostgreSQL keeps its data, and the file that remembers that place, its port and its passwords. */
import { createHash, randomBytes } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { canEnter, type OsUser, osUser, SHARED_FOLDER } from '@/lib/start/postgres-binaries.server'
import { StartError } from '@/lib/start/start-error'

export type Cluster = {
  /** PostgreSQL's data folder. */
  folder: string
  superuserPassword: string
  ownerPassword: string
  /** The port of the last start, which the next one prefers. */
  port(): number | null
  rememberPort(port: number): void
}

type Remembered = { folder: string; superuserPassword: string; ownerPassword: string }

/** What `dataDir` remembers of its PostgreSQL; null when there is none yet. */
export function readCluster(dataDir: string): Cluster | null {
  const file = path.join(dataDir, 'postgres.json')
  if (!fs.existsSync(file)) return null
  const remembered = JSON.parse(fs.readFileSync(file, 'utf8')) as Remembered
  const portFile = path.join(dataDir, 'postgres.port')
  return {
    ...remembered,
    folder: whereItIs(dataDir, remembered.folder),
    port() {
      const port = Number.parseInt(readText(portFile), 10)
      return Number.isInteger(port) ? port : null
    },
    rememberPort: (port) => fs.writeFileSync(portFile, `${port}\n`),
  }
}

/** Where the data is: a data folder that was moved has taken it along, away from the place that was written down. */
function whereItIs(dataDir: string, remembered: string): string {
  const within = path.join(dataDir, 'postgres')
  const isData = (folder: string) => fs.existsSync(path.join(folder, 'PG_VERSION'))
  return !isData(remembered) && isData(within) ? within : remembered
}

/** As `readCluster`, choosing a place and passwords the first time. Makes `dataDir` where it is missing. */
export function placeCluster(dataDir: string, say: (line: string) => void): Cluster {
  ensureDataDir(dataDir)
  const known = readCluster(dataDir)
  if (known) return known
  const user = osUser()
  const remembered: Remembered = {
    folder: chooseFolder(dataDir, user, say),
    superuserPassword: newPassword(),
    ownerPassword: newPassword(),
  }
  // Linked into place, so that of two that start at once one wins and both use its passwords.
  const file = path.join(dataDir, 'postgres.json')
  const draft = `${file}.${randomBytes(4).toString('hex')}`
  fs.writeFileSync(draft, `${JSON.stringify(remembered, null, 2)}\n`, { mode: 0o600 })
  try {
    fs.linkSync(draft, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    fs.rmSync(draft, { force: true })
  }
  return readCluster(dataDir) as Cluster
}

/**
 * Makes the data folder, closed to others.
 * @throws {StartError} when it cannot be made or written.
 */
export function ensureDataDir(dataDir: string) {
  try {
    fs.mkdirSync(dataDir, { recursive: true, mode: 0o700 })
    fs.accessSync(dataDir, fs.constants.R_OK | fs.constants.W_OK | fs.constants.X_OK)
    const probe = path.join(dataDir, `.probe-${process.pid}`)
    fs.writeFileSync(probe, '')
    fs.rmSync(probe)
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    throw new StartError(
      `The data folder ${dataDir} cannot be written (${code}): make it writable, or choose another with HOLDPOINT_DATA_DIR=/a/folder.`,
      { cause },
    )
  }
}

// PostgreSQL's user must be able to walk to its data. A data folder that is closed, and ours, is opened for walking
// through (not for reading); a closed folder above it is not ours to open.
function chooseFolder(dataDir: string, user: OsUser | null, say: (line: string) => void): string {
  const folder = path.join(dataDir, 'postgres')
  if (!user || canEnter(dataDir, user)) return folder
  if (canEnter(path.dirname(dataDir), user)) {
    fs.chmodSync(dataDir, fs.statSync(dataDir).mode | 0o011)
    if (canEnter(dataDir, user)) return folder
  }
  const hash = createHash('sha256').update(fs.realpathSync(dataDir)).digest('hex').slice(0, 16)
  const elsewhere = path.join(SHARED_FOLDER, hash)
  fs.mkdirSync(elsewhere, { recursive: true, mode: 0o711 })
  say(`${dataDir} is closed to the user "${user.name}", as whom PostgreSQL runs: its data is in ${elsewhere}.`)
  return path.join(elsewhere, 'postgres')
}

function readText(file: string): string {
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : ''
}

/** A password of 192 random bits, safe in a URL and in SQL. */
const newPassword = () => randomBytes(24).toString('base64url')
