/** `holdpoint deliveries …`: what somebody needs who runs the endpoint that results are delivered to. */
import type { Command } from 'commander'
import { withDatabase } from '@/lib/cli/open-database.server'
import { ownDeliverySecret } from '@/lib/deliveries/signing.server'
import type { Env } from '@/lib/env.server'
import { StartError } from '@/lib/start/start-error'
import { listWorkflows } from '@/lib/workflows/catalogue.server'

/** @param readEnv gives the environment, when a command needs it. */
export function addDeliveryCommands(program: Command, readEnv: () => Env) {
  program
    .command('deliveries')
    .description('Where accepted results go.')
    .command('secret')
    .description('Prints the secret that signs the deliveries of a workflow that names none.')
    .argument('<workflow>')
    .action(async (key: string) => {
      const secret = await withDatabase(readEnv(), async ({ db }) => {
        const entry = (await listWorkflows(db)).find((workflow) => workflow.key === key)
        if (entry === undefined) throw new StartError(`There is no workflow “${key}”.`)
        const { delivery } = entry.definition
        if (delivery.kind !== 'http') throw new StartError(`“${key}” does not deliver by HTTP: nothing is signed.`)
        if (delivery.signingSecretEnv !== undefined) {
          throw new StartError(`Deliveries of “${key}” are signed with the secret in ${delivery.signingSecretEnv}.`)
        }
        return ownDeliverySecret(db, key)
      })
      console.log(secret)
    })
}
