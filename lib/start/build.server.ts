/** What must be made from the sources before anything runs: the Prisma client, and the pages. */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { inTurn } from '@/lib/start/hold-file.server'
import { ROOT } from '@/lib/start/migrations.server'
import { StartError } from '@/lib/start/start-error'

type Say = (line: string) => void

const CLIENT_STAMP = path.join(ROOT, 'lib', 'generated', '.stamp')
const BUILD_STAMP = path.join(ROOT, '.next', 'holdpoint-stamp')
/** Two web servers of one folder may start at once: one of them builds. */
const BUILDING = path.join(ROOT, 'lib', 'generated', '.building')
const CONFIGURATION = ['package-lock.json', 'next.config.ts', 'postcss.config.mjs', 'tsconfig.json']
const SOURCES = ['app', 'components', 'lib', 'public', 'prisma']

/** Generates the Prisma client when it is missing or older than the schema. Aborting `signal` ends that. */
export async function ensureClient(say: Say, signal?: AbortSignal) {
  const stamp = hashFiles([path.join('prisma', 'schema.prisma'), path.join('node_modules', 'prisma', 'package.json')])
  if (readStamp(CLIENT_STAMP) === stamp) return
  say('Generating the database client …')
  // `generate` needs no schema engine, but looks for one and would download it: any file that exists will do.
  const env = { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, PRISMA_HIDE_UPDATE_MESSAGE: '1' }
  await runQuietly(
    ['node_modules/prisma/build/index.js', 'generate'],
    env,
    'The database client could not be generated',
    signal,
  )
  fs.writeFileSync(CLIENT_STAMP, stamp)
}

/** Builds the pages when a source changed since the last build. Aborting `signal` ends that. */
export function ensureBuild(say: Say, signal?: AbortSignal) {
  const mustWait = () => say('Another process builds the pages: waiting for it …')
  return inTurn(BUILDING, mustWait, () => build(say, signal), signal)
}

async function build(say: Say, signal?: AbortSignal) {
  signal?.throwIfAborted()
  const stamp = sha256(`${hashFiles([...CONFIGURATION, ...SOURCES.flatMap(filesIn)])}\0${actionsKey()}`)
  const isBuilt = fs.existsSync(path.join(ROOT, '.next', 'BUILD_ID'))
  if (isBuilt && readStamp(BUILD_STAMP) === stamp) return
  say('Building the pages (once, and again after a change) …')
  fs.rmSync(BUILD_STAMP, { force: true })
  const env: NodeJS.ProcessEnv = { ...process.env, NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'production' }
  await runQuietly(['node_modules/next/dist/bin/next', 'build'], env, 'The pages could not be built', signal)
  fs.writeFileSync(BUILD_STAMP, stamp)
}

// Next bakes it into the pages, so another key asks for another build: hosts with different keys refuse each other's
// forms. Only its hash reaches the disk from here.
const actionsKey = () => process.env.NEXT_SERVER_ACTIONS_ENCRYPTION_KEY ?? ''

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

function readStamp(file: string): string | null {
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : null
}

// Tests and what is generated change nothing in the pages.
const isSource = (name: string) => !/\.(test|soak)\.tsx?$/.test(name)

function filesIn(folder: string): string[] {
  const absolute = path.join(ROOT, folder)
  if (!fs.existsSync(absolute)) return []
  return fs
    .readdirSync(absolute, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && isSource(entry.name))
    .map((entry) => path.relative(ROOT, path.join(entry.parentPath, entry.name)))
    .filter((file) => !file.startsWith(path.join('lib', 'generated')))
    .sort()
}

/** SHA-256 over the names and contents of `files`, which are relative to the root. */
export function hashFiles(files: readonly string[]): string {
  const hash = createHash('sha256')
  for (const file of files) {
    const content = fs.readFileSync(path.join(ROOT, file))
    hash.update(`${file}\0${content.length}\0`).update(content)
  }
  return hash.digest('hex')
}

// Says nothing unless it fails; then everything that it printed.
function runQuietly(args: string[], env: NodeJS.ProcessEnv, failure: string, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: ROOT, env, signal, stdio: ['ignore', 'pipe', 'pipe'] })
    let printed = ''
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => {
        printed += chunk
      })
    child.on('error', reject)
    child.on('close', (code) => (code === 0 ? resolve() : reject(new StartError(`${failure}:\n${printed.trim()}`))))
  })
}
