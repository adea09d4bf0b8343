/** The commands, their options, and what they print. */
import { Command, InvalidArgumentError } from 'commander'
import { createKey } from '@/lib/access/keys.server'
import { createSignInLink, signInPath } from '@/lib/access/links.server'
import { createUser } from '@/lib/access/people.server'
import { addAlertCommands } from '@/lib/cli/alerts'
import { addAuditCommands } from '@/lib/cli/audit'
import { addDeliveryCommands } from '@/lib/cli/deliveries'
import { examine, printReport } from '@/lib/cli/doctor.server'
import { addFigureCommands } from '@/lib/cli/figures'
import { addGenerateCommand } from '@/lib/cli/generate'
import { withDatabase } from '@/lib/cli/open-database.server'
import { addToolCommands } from '@/lib/cli/tools'
import { addWorkflowCommands } from '@/lib/cli/workflows'
import type { Env } from '@/lib/env.server'
import { type Role, roles } from '@/lib/lifecycle/table'
import { readRunFile } from '@/lib/start/run-file.server'
import { StartError } from '@/lib/start/start-error'
import type { Db } from '@/lib/store/db.server'

function addRole(value: string, before: Role[] = []): Role[] {
  const role = roles.find((known) => known === value)
  if (!role) throw new InvalidArgumentError(`Give one of: ${roles.join(', ')}.`)
  return [...before, role]
}

/** @param readEnv gives the environment, when a command needs it. */
export function createProgram(readEnv: () => Env): Command {
  const program = new Command('holdpoint').description('Administration of Holdpoint.').showHelpAfterError()

  const users = program.command('users').description('The people.')
  users
    .command('create')
    .description('Adds a person, who signs in with e-mail and password.')
    .requiredOption('--email <address>')
    .requiredOption('--role <role>', 'may be given several times', addRole)
    .option('--name <name>', 'as others see it (else the part of the address before the @)')
    .requiredOption('--password-stdin', 'reads the password from standard input')
    .action(async (options: { email: string; role: Role[]; name?: string }) => {
      const password = await readPassword()
      const name = options.name ?? options.email.replace(/@.*$/, '')
      await withDatabase(readEnv(), ({ db }) =>
        createUser(db, { email: options.email, name, password, roles: options.role }),
      )
      console.log(`${options.email} can sign in.`)
    })
  users
    .command('link')
    .description('Prints a link that signs a person in, once.')
    .requiredOption('--email <address>')
    .action(async (options: { email: string }) => {
      const env = readEnv()
      const token = await withDatabase(env, async ({ db }) => createSignInLink(db, await idOf(db, options.email)))
      const port = readRunFile(env.HOLDPOINT_DATA_DIR)?.port ?? env.PORT
      console.log(`http://localhost:${port}${signInPath(token)}`)
    })

  const keys = program.command('keys').description('The API keys.')
  keys
    .command('create')
    .description('Makes an API key and prints it. It is kept nowhere else.')
    .requiredOption('--name <name>')
    .requiredOption('--role <role>', 'may be given several times', addRole)
    .option('--for <address>', 'whose key it is; without it the key is a service’s, and counts for no person')
    .action(async (options: { name: string; role: Role[]; for?: string }) => {
      const { key } = await withDatabase(readEnv(), async ({ db }) => {
        const userId = options.for ? await idOf(db, options.for) : null
        return createKey(db, { name: options.name, roles: options.role, userId, createdBy: null })
      })
      console.log(key)
    })

  addWorkflowCommands(program, readEnv)
  addToolCommands(program, readEnv)
  addDeliveryCommands(program, readEnv)
  addAlertCommands(program, readEnv)
  addFigureCommands(program, readEnv)
  addGenerateCommand(program, readEnv)
  addAuditCommands(program, readEnv)

  program
    .command('doctor')
    .description('Says what is configured, reachable and out of date.')
    .action(async () => {
      const findings = await examine(readEnv())
      printReport(findings)
      if (findings.some((finding) => finding.verdict === 'broken')) process.exit(1)
    })

  return program
}

async function idOf(db: Db, email: string): Promise<string> {
  const user = await db.user.findUnique({ where: { email: email.trim().toLowerCase() }, select: { id: true } })
  if (!user) throw new StartError(`There is nobody with the address ${email}.`)
  return user.id
}

// The first line of standard input: passwords on a command line end up in the shell's history.
async function readPassword(): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks).toString('utf8').split(/\r?\n/)[0] ?? ''
}
