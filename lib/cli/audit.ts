/** `holdpoint audit …`: whether the history is as it was, and what is needed to check it elsewhere. */
import fs from 'node:fs'
import path from 'node:path'
import { type Command, InvalidArgumentError } from 'commander'
import pg from 'pg'
import { rotateAnchorKey } from '@/lib/audit/anchor.server'
import { checkCaseFile } from '@/lib/audit/case-file-check'
import { type CopiedAnchor, parseCopies } from '@/lib/audit/check-anchors'
import { COPY_NAME, copyLine } from '@/lib/audit/copy.server'
import { type Finding, findingLine } from '@/lib/audit/findings'
import { publicKeys } from '@/lib/audit/keys.server'
import { type Query, queryOf } from '@/lib/audit/query.server'
import { nextAnchors } from '@/lib/audit/read-store.server'
import { type Progress, type Verified, verifyStore } from '@/lib/audit/verify-store.server'
import { withDatabase } from '@/lib/cli/open-database.server'
import type { Env } from '@/lib/env.server'
import { StartError } from '@/lib/start/start-error'
import { SESSION_OPTIONS } from '@/lib/store/db.server'

const HELP = `
Without FILE it walks the store: every anchor with its signature, every event and its chain, every row beside its events,
and all bytes beside their hashes. With FILE it checks a case file (ZIP), and needs no database.

Exit code: 0 where nothing is wrong, 1 where something was found, 2 where it could not be checked.
`

type VerifyOptions = { anchors?: string; job?: number; key?: string; json: boolean }

/** @param readEnv gives the environment, when a command needs it. */
export function addAuditCommands(program: Command, readEnv: () => Env) {
  const audit = program.command('audit').description('Whether the history is as it was.')
  audit
    .command('verify')
    .description('Says what was changed, removed or cut off.')
    .argument('[file]', 'a case file (ZIP) to check in place of the store')
    .option(
      '--anchors <file>',
      `anchors as they were written elsewhere (${COPY_NAME}; else that of HOLDPOINT_ANCHOR_DIR)`,
    )
    .option('--job <number>', 'only this job, and all anchors', jobNumber)
    .option('--key <file>', 'the public key, from elsewhere than what is checked')
    .option('--json', 'prints one JSON object', false)
    .addHelpText('after', HELP)
    .action(async (file: string | undefined, options: VerifyOptions) => {
      try {
        const found = file === undefined ? await verifyDatabase(readEnv(), options) : verifyFile(file, options)
        process.exitCode = found === 0 ? 0 : 1
      } catch (error) {
        process.stderr.write(`Not checked: ${error instanceof Error ? error.message : String(error)}\n`)
        process.exitCode = 2
      }
    })
  audit
    .command('key')
    .description('Prints the public keys that anchors are signed with, the newest last.')
    .action(async () => {
      const keys = await withStore(readEnv(), publicKeys)
      if (keys.length === 0) throw new StartError('There is no key yet: it is made with the first anchor.')
      for (const { id, publicKey, createdAt } of keys) {
        console.log(`# ${id}, since ${createdAt.toISOString()}\n${publicKey.trim()}`)
      }
    })
  audit
    .command('rotate-key')
    .description('Makes a new key, which signs from now on. The one before hands over to it.')
    .action(async () => {
      const key = await withDatabase(readEnv(), ({ db }) => rotateAnchorKey(db, new Date()))
      if (key === null) throw new StartError('An anchor is being made right now. Try again in a moment.')
      console.log(`# ${key.id}\n${key.publicKey.trim()}`)
    })
  audit
    .command('anchors')
    .description('Prints every anchor as a JSON line, to be kept elsewhere.')
    .action(async () => {
      await withStore(readEnv(), async (query) => {
        const keys = new Map((await publicKeys(query)).map(({ id, publicKey }) => [id, publicKey]))
        for (let after = 0; ; ) {
          const anchors = await nextAnchors(query, after, 500)
          const last = anchors.at(-1)
          if (last === undefined) return
          after = last.number
          process.stdout.write(anchors.map((anchor) => copyLine(anchor, keys.get(anchor.keyId) ?? '')).join(''))
        }
      })
    })
}

/** Runs `work` on one moment of the store, as the application's role, which cannot change it. */
function withStore<T>(env: Env, work: (query: Query) => Promise<T>): Promise<T> {
  return withDatabase(env, async ({ url }) => {
    const client = new pg.Client({
      connectionString: url,
      options: SESSION_OPTIONS,
      application_name: 'holdpoint audit',
    })
    await client.connect()
    try {
      await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
      return await work(queryOf(client))
    } finally {
      await client.end()
    }
  })
}

async function verifyDatabase(env: Env, options: VerifyOptions): Promise<number> {
  const { anchors, json } = options
  const trustedKey = options.key === undefined ? undefined : readText(options.key)
  const elsewhere = anchors ?? ownCopy(env)
  const copies = elsewhere === undefined ? undefined : readCopies(elsewhere)
  const findings: Finding[] = (copies?.problems ?? []).map((sentence) => ({
    code: 'copy_differs',
    job: null,
    sentence: `${elsewhere}: ${sentence}`,
  }))
  if (!json) for (const finding of findings) console.log(findingLine(finding))
  const showProgress = progressLine()
  const done = await withStore(env, (query) =>
    verifyStore(query, {
      ...(options.job === undefined ? {} : { job: options.job }),
      ...(copies === undefined ? {} : { copies: copies.copies }),
      ...(trustedKey === undefined ? {} : { trustedKey }),
      onFinding: (finding) => {
        // A store that is wrong throughout is not kept in memory: what JSON has is cut, its count is not.
        if (json && findings.length < MOST_FINDINGS) findings.push(finding)
        if (!json) console.log(findingLine(finding))
      },
      onProgress: showProgress.show,
    }),
  )
  showProgress.end()
  if (done.jobs === 0 && options.job !== undefined)
    throw new StartError(`There is no job ${options.job}, and no anchor has it.`)
  const count = done.findings + (copies?.problems.length ?? 0)
  if (json) console.log(JSON.stringify({ ...done, findings: count, found: findings }, null, 2))
  else for (const line of summary(done, { count, elsewhere, copied: copies?.copies.size ?? 0 })) console.log(line)
  return count
}

const MOST_FINDINGS = 10_000

function summary(
  done: Verified,
  { count, elsewhere, copied }: { count: number; elsewhere: string | undefined; copied: number },
): string[] {
  const number = (value: number) => value.toLocaleString('en')
  const { lastAnchor, waiting } = done
  return [
    `${number(done.jobs)} jobs with ${number(done.events)} events, ${number(done.blobs)} pieces of content and ${number(done.anchors)} anchors were read.`,
    lastAnchor === null
      ? 'There is no anchor yet: a history that was written anew as a whole, or whose end was cut off, would not show.'
      : `The last anchor is ${number(lastAnchor.number)}, of ${lastAnchor.at.toISOString()}, signed with ${done.keys.at(-1)?.id}.`,
    ...(waiting > 0
      ? [
          `${number(waiting)} jobs changed since; until they are anchored, the end of their history may be cut off unseen.`,
        ]
      : []),
    elsewhere === undefined
      ? 'Anchors were compared with nothing outside the database: whoever owns it could have made all of them anew. Give --anchors.'
      : `They were compared with the ${number(copied)} anchors in ${elsewhere}.`,
    count === 0 ? 'Nothing is wrong.' : `${number(count)} ${count === 1 ? 'thing is' : 'things are'} wrong.`,
  ]
}

function verifyFile(given: string, { key, json }: VerifyOptions): number {
  const bytes = readBytes(given)
  const checked = checkCaseFile(bytes, key === undefined ? null : readText(key))
  if (json) console.log(JSON.stringify(checked, null, 2))
  else {
    for (const finding of checked.found) console.log(findingLine(finding))
    for (const line of checked.summary) console.log(line)
  }
  return checked.found.length
}

function ownCopy({ HOLDPOINT_ANCHOR_DIR: folder }: Env): string | undefined {
  if (folder === undefined) return undefined
  const file = path.resolve(folder, COPY_NAME)
  return fs.existsSync(file) ? file : undefined
}

function readCopies(file: string): { copies: Map<number, CopiedAnchor>; problems: string[] } {
  const read = parseCopies(readText(file))
  if (read.copies.size === 0) throw new StartError(`${file} has no anchors.`)
  return read
}

// npm runs scripts in the folder of the project: names are meant from where the person stands.
function readBytes(given: string): Buffer {
  const file = path.resolve(process.env.INIT_CWD ?? '.', given)
  try {
    return fs.readFileSync(file)
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    throw new StartError(isMissing ? `There is no file ${given}.` : `${given} cannot be read.`, { cause: error })
  }
}

const readText = (given: string) => readBytes(given).toString('utf8')

function jobNumber(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('Give the number of a job.')
}

/** On the terminal's other stream, so that what is found can be kept by itself. Nothing where nobody looks. */
function progressLine(): { show: (progress: Progress) => void; end: () => void } {
  let last = 0
  const { stderr } = process
  return {
    show: ({ anchors, blobs, jobs }) => {
      if (!stderr.isTTY || Date.now() - last < 250) return
      last = Date.now()
      const number = (value: number) => value.toLocaleString('en')
      stderr.write(`\r${number(anchors)} anchors, ${number(blobs)} pieces of content, ${number(jobs)} jobs …`)
    },
    end: () => {
      if (last > 0) stderr.write('\r\u001b[K')
    },
  }
}
