/** `holdpoint workflows …`: workflows as files. */
import fs from 'node:fs'
import { type Command, InvalidArgumentError } from 'commander'
import { withDatabase } from '@/lib/cli/open-database.server'
import type { Env } from '@/lib/env.server'
import { readRunFile } from '@/lib/start/run-file.server'
import { StartError } from '@/lib/start/start-error'
import type { Db } from '@/lib/store/db.server'
import { exportWorkflow, listWorkflows, readHistory } from '@/lib/workflows/catalogue.server'
import { compareDefinitions } from '@/lib/workflows/compare'
import type { WorkflowDefinition } from '@/lib/workflows/definition'
import { problemLine, readWorkflowFile } from '@/lib/workflows/file'
import { importWorkflow } from '@/lib/workflows/store.server'

/** @param readEnv gives the environment, when a command needs it. */
export function addWorkflowCommands(program: Command, readEnv: () => Env) {
  const workflows = program.command('workflows').description('The workflows, as YAML files.')
  workflows
    .command('list')
    .description('Prints each workflow with its current version.')
    .action(async () => {
      const entries = await withDatabase(readEnv(), ({ db }) => listWorkflows(db))
      for (const { key, version, definition, retiredAt } of entries) {
        console.log(`${key.padEnd(20)} v${version}  ${definition.name}${retiredAt === null ? '' : ' (retired)'}`)
      }
    })
  workflows
    .command('export')
    .description('Prints a workflow as a YAML file.')
    .argument('<key>')
    .option('--version <number>', 'which version (else the current one)', wholeNumber)
    .action(async (key: string, options: { version?: number }) => {
      const env = readEnv()
      const port = readRunFile(env.HOLDPOINT_DATA_DIR)?.port ?? env.PORT
      const url = `http://localhost:${port}/workflow.schema.json`
      const file = await withDatabase(env, async ({ db }) => {
        return (await exportWorkflow(db, key, options.version ?? null, url)) ?? notThere(db, key)
      })
      process.stdout.write(file.text)
    })
  workflows
    .command('import')
    .description('Publishes a YAML file as the next version of its workflow, if anything changed.')
    .argument('<file>', 'the file, or - for standard input')
    .option('--note <text>', 'what changed, for people who look back')
    .option('--dry-run', 'says what would happen, and changes nothing')
    .action(async (file: string, options: { note?: string; dryRun?: boolean }) => {
      const source = readSource(file)
      const read = readWorkflowFile(source)
      if (!read.ok) {
        const count = read.problems.length === 1 ? 'One problem' : `${read.problems.length} problems`
        const lines = read.problems.map((problem) => `  ${problemLine(problem)}`)
        throw new StartError([`${count} in ${file}, by line and column. Nothing was changed.`, ...lines].join('\n'))
      }
      await withDatabase(readEnv(), async ({ db }) => {
        if (options.dryRun) return foretell(db, read.definition)
        const note = options.note?.trim() || 'Imported on the command line.'
        const { key, version, isNew, isRetired } = await importWorkflow(db, read.definition, {
          note,
          authorId: null,
          source,
        })
        console.log(isNew ? `${key}: version ${version} is published.` : unchanged(key, version))
        if (isRetired) console.log('The workflow is retired: no new jobs start until it is brought back.')
      })
    })
}

const unchanged = (key: string, version: number) => `${key}: nothing changed, version ${version} is this.`

async function foretell(db: Db, definition: WorkflowDefinition) {
  const { key } = definition
  const history = await readHistory(db, key)
  const current = history?.versions.find(({ version }) => version === history.currentVersion)
  if (history === null || current === undefined) {
    console.log(`${key}: would be a new workflow. Nothing was changed.`)
    return
  }
  const changes = compareDefinitions(current.definition, definition)
  if (changes.length === 0) {
    console.log(unchanged(key, current.version))
    return
  }
  const next = Math.max(...history.versions.map(({ version }) => version)) + 1
  console.log(`${key}: version ${next} would be published. Nothing was changed. What differs from ${current.version}:`)
  for (const { field, kind, lines } of changes) {
    console.log(`  ${field} (${kind})`)
    for (const line of lines) {
      if (line.kind === 'gap') console.log(`      … ${line.count} lines that are the same`)
      else console.log(`    ${MARKS[line.kind]} ${line.text}`)
    }
  }
}

const MARKS = { same: ' ', added: '+', removed: '-' }

async function notThere(db: Db, key: string): Promise<never> {
  const history = await readHistory(db, key)
  if (history !== null) {
    const versions = history.versions.map(({ version }) => version).toReversed()
    throw new StartError(`There is no such version of ${key}. It has ${versions.join(', ')}.`)
  }
  const keys = (await listWorkflows(db)).map((entry) => entry.key)
  throw new StartError(`There is no workflow "${key}". There are: ${keys.join(', ') || 'none'}.`)
}

function readSource(file: string): string {
  try {
    return fs.readFileSync(file === '-' ? 0 : file, 'utf8')
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    throw new StartError(isMissing ? `There is no file ${file}.` : `${file} cannot be read.`, { cause: error })
  }
}

function wholeNumber(value: string): number {
  if (!/^[1-9]\d{0,8}$/.test(value)) throw new InvalidArgumentError('Give the number of a version, such as 2.')
  return Number(value)
}
