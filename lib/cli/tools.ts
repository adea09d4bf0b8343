/** `holdpoint tools …`: what somebody needs who runs the endpoint of a tool. */
import type { Command } from 'commander'
import { withDatabase } from '@/lib/cli/open-database.server'
import type { Env } from '@/lib/env.server'
import { StartError } from '@/lib/start/start-error'
import { functionNamed } from '@/lib/tools/offered'
import { ownSigningSecret } from '@/lib/tools/signing.server'
import { listWorkflows } from '@/lib/workflows/catalogue.server'

/** @param readEnv gives the environment, when a command needs it. */
export function addToolCommands(program: Command, readEnv: () => Env) {
  program
    .command('tools')
    .description('The function tools of workflows.')
    .command('secret')
    .description('Prints the secret that signs the calls of a tool whose workflow names none.')
    .argument('<workflow>')
    .argument('<tool>')
    .action(async (key: string, name: string) => {
      const secret = await withDatabase(readEnv(), async ({ db }) => {
        const entry = (await listWorkflows(db)).find((workflow) => workflow.key === key)
        const tool = entry === undefined ? null : functionNamed(entry.definition, name)
        if (tool === null) throw new StartError(`There is no function tool “${name}” in a workflow “${key}”.`)
        if (tool.signingSecretEnv !== undefined) {
          throw new StartError(`Calls of “${name}” are signed with the secret in ${tool.signingSecretEnv}.`)
        }
        return ownSigningSecret(db, key, name)
      })
      console.log(secret)
    })
}
